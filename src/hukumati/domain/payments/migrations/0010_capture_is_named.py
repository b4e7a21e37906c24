from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0009_wallets'),
    ]

    operations = [
        migrations.AddField(
            model_name='attempt',
            name='provider_capture_id',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(condition=models.Q(('provider_capture_id', ''), _negated=True), fields=('provider', 'provider_capture_id'), name='attempt_capture_pays_one'),
        ),
    ]
