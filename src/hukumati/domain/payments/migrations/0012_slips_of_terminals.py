import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0011_charge_names_its_service'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Slip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('terminal', models.TextField()),
                ('number', models.TextField()),
                ('authorisation', models.TextField()),
                ('amount_minor', models.BigIntegerField()),
                ('drawer_reference', models.TextField(db_index=True)),
                ('entered_by', models.TextField()),
                ('entered_at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='attempt',
            name='attempt_way_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='charge',
            name='charge_can_be_paid_somehow',
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('way__in', ['card', 'wallet', 'transfer', 'cash', 'terminal'])), name='attempt_way_is_known'),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.CheckConstraint(condition=models.Q(('ways__contained_by', ['card', 'wallet', 'transfer', 'cash', 'terminal']), ('ways__len__gt', 0)), name='charge_can_be_paid_somehow'),
        ),
        migrations.AddField(
            model_name='slip',
            name='attempt',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.attempt'),
        ),
        migrations.AddField(
            model_name='slip',
            name='refund',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.refund'),
        ),
        migrations.AddConstraint(
            model_name='slip',
            constraint=models.UniqueConstraint(fields=('terminal', 'number'), name='slip_stands_for_one'),
        ),
        migrations.AddConstraint(
            model_name='slip',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('attempt__isnull', False), ('refund__isnull', True)), models.Q(('attempt__isnull', True), ('refund__isnull', False)), _connector='OR'), name='slip_pays_or_gives_back'),
        ),
        migrations.AddConstraint(
            model_name='slip',
            constraint=models.CheckConstraint(condition=models.Q(('number__regex', '^\\d{12}$')), name='slip_number_has_twelve_digits'),
        ),
        migrations.AddConstraint(
            model_name='slip',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='slip_amount_is_positive'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='slip',
            trigger=pgtrigger.compiler.Trigger(name='slip_is_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='324f8dbc0fc78362b3e0b84b48e2298b90c7adf9', operation='UPDATE OR DELETE', pgid='pgtrigger_slip_is_frozen_64224', table='payments_slip', when='BEFORE')),
        ),
    ]
