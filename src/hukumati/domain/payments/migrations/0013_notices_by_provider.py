from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0012_slips_of_terminals'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['provider', '-received_at'], name='notice_by_provider'),
        ),
    ]
