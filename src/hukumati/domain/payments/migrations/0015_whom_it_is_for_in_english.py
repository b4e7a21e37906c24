from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0014_slips_are_counted'),
    ]

    operations = [
        migrations.AddField(
            model_name='charge',
            name='beneficiary_en',
            field=models.TextField(blank=True, default=''),
        ),
    ]
