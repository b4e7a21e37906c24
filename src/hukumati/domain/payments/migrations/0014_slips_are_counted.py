from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0013_notices_by_provider'),
    ]

    operations = [
        migrations.AddField(
            model_name='drawer',
            name='slips_counted_minor',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='drawer',
            name='slips_minor',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name='drawer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('slips_counted_minor__isnull', True), ('slips_minor__isnull', True)), models.Q(('slips_counted_minor__isnull', False), ('slips_minor__isnull', False), ('state', 'closed')), _connector='OR'), name='drawer_slips_counted_whole'),
        ),
        migrations.AddConstraint(
            model_name='slip',
            constraint=models.CheckConstraint(condition=models.Q(('authorisation__regex', '^[0-9A-Z]{6}$')), name='slip_authorisation_has_six_signs'),
        ),
    ]
