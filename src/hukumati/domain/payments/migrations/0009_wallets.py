from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0008_transfers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='attempt',
            name='attempt_has_provider_iff_asked_there',
        ),
        migrations.RemoveConstraint(
            model_name='attempt',
            name='attempt_way_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='charge',
            name='charge_can_be_paid_somehow',
        ),
        migrations.AddField(
            model_name='attempt',
            name='payer_mobile',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('way__in', ['card', 'wallet', 'transfer', 'cash'])), name='attempt_way_is_known'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('way__in', ['wallet']), ('payer_mobile', ''), _connector='XOR'), name='attempt_has_mobile_iff_pushed'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('way__in', ['card', 'wallet']), ('provider', ''), _connector='XOR'), name='attempt_has_provider_iff_asked_there'),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.CheckConstraint(condition=models.Q(('ways__contained_by', ['card', 'wallet', 'transfer', 'cash']), ('ways__len__gt', 0)), name='charge_can_be_paid_somehow'),
        ),
    ]
