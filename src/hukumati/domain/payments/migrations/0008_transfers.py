
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0007_unasked_money_goes_back'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='attempt',
            name='attempt_way_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='attempt',
            name='attempt_has_code_iff_taken_elsewhere',
        ),
        migrations.RemoveConstraint(
            model_name='charge',
            name='charge_can_be_paid_somehow',
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('way__in', ['card', 'transfer', 'cash'])), name='attempt_way_is_known'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('way__in', ['transfer', 'cash']), ('pay_code', ''), _connector='XOR'), name='attempt_has_code_iff_taken_elsewhere'),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.CheckConstraint(condition=models.Q(('ways__contained_by', ['card', 'transfer', 'cash']), ('ways__len__gt', 0)), name='charge_can_be_paid_somehow'),
        ),
    ]
