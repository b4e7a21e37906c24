# Who stands behind a payment is written beside the way it takes: until now every card was asked of the provider named "card".

import django.contrib.postgres.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0005_refunds_take_two'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='attempt',
            name='attempt_asks_what_it_asked',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='charge',
            name='charge_owes_what_it_owed',
        ),
        migrations.RemoveConstraint(
            model_name='attempt',
            name='attempt_has_code_iff_cash',
        ),
        migrations.RemoveConstraint(
            model_name='attempt',
            name='attempt_cash_code_is_unique',
        ),
        migrations.RemoveIndex(
            model_name='attempt',
            name='attempt_by_cash_code',
        ),
        migrations.RemoveIndex(
            model_name='attempt',
            name='attempt_paid_by_time',
        ),
        migrations.RenameField(
            model_name='attempt',
            old_name='cash_code',
            new_name='pay_code',
        ),
        migrations.AddField(
            model_name='attempt',
            name='provider',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddField(
            model_name='charge',
            name='ways',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=['card', 'cash']),
            preserve_default=False,
        ),
        migrations.RunSQL("UPDATE payments_attempt SET provider = way WHERE way = 'card'", migrations.RunSQL.noop),
        # What was written waits to be checked until the transaction ends, and a table with checks that wait takes no change.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(condition=models.Q(('pay_code', ''), _negated=True), fields=['pay_code'], name='attempt_by_pay_code'),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(condition=models.Q(('state', 'paid')), fields=['provider', 'settled_at'], name='attempt_paid_by_time'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attempt',
            trigger=pgtrigger.compiler.Trigger(name='attempt_asks_what_it_asked', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."charge_id" IS DISTINCT FROM (NEW."charge_id") OR OLD."way" IS DISTINCT FROM (NEW."way") OR OLD."provider" IS DISTINCT FROM (NEW."provider") OR OLD."amount_minor" IS DISTINCT FROM (NEW."amount_minor") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."pay_code" IS DISTINCT FROM (NEW."pay_code"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='925d00277e35cb297fbfaebbfe096d2f3ea55cca', operation='UPDATE', pgid='pgtrigger_attempt_asks_what_it_asked_d70e4', table='payments_attempt', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='charge',
            trigger=pgtrigger.compiler.Trigger(name='charge_owes_what_it_owed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."about" IS DISTINCT FROM (NEW."about") OR OLD."payer_id" IS DISTINCT FROM (NEW."payer_id") OR OLD."total_minor" IS DISTINCT FROM (NEW."total_minor") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."ways" IS DISTINCT FROM (NEW."ways") OR OLD."raised_at" IS DISTINCT FROM (NEW."raised_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='212cc240097dea37ce00db4ecbb370caf5678b7a', operation='UPDATE', pgid='pgtrigger_charge_owes_what_it_owed_0e985', table='payments_charge', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('way__in', ['cash']), ('pay_code', ''), _connector='XOR'), name='attempt_has_code_iff_taken_elsewhere'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('way__in', ['card']), ('provider', ''), _connector='XOR'), name='attempt_has_provider_iff_asked_there'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open'), models.Q(('pay_code', ''), _negated=True)), fields=('pay_code',), name='attempt_pay_code_is_unique'),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.CheckConstraint(condition=models.Q(('ways__contained_by', ['card', 'cash']), ('ways__len__gt', 0)), name='charge_can_be_paid_somehow'),
        ),
    ]
