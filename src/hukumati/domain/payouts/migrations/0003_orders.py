import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payouts', '0002_approval_keeps_its_time'),
    ]

    operations = [
        migrations.CreateModel(
            name='PayoutLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.TextField(unique=True)),
                ('institution', models.TextField()),
                ('amount_minor', models.BigIntegerField()),
                ('state', models.TextField(default='ordered')),
                ('reason', models.TextField(blank=True, default='')),
                ('decided_at', models.DateTimeField(null=True)),
                ('paid_on', models.DateField(null=True)),
                ('entry', models.TextField(blank=True, default='')),
            ],
        ),
        migrations.CreateModel(
            name='Payout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.TextField(unique=True)),
                ('account', models.TextField()),
                ('iban', models.TextField()),
                ('currency', models.TextField()),
                ('earned_until', models.DateField()),
                ('pays_on', models.DateField()),
                ('total_minor', models.BigIntegerField()),
                ('proposed_by', models.TextField()),
                ('proposed_at', models.DateTimeField()),
                ('decision', models.TextField(blank=True, default='')),
                ('decided_by', models.TextField(blank=True, default='')),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision_words', models.TextField(blank=True, default='')),
                ('order', models.BinaryField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('accepted_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('decision', 'approved'), ('sent_at__isnull', True)), fields=['decided_at'], name='payout_to_send')],
                'constraints': [models.CheckConstraint(condition=models.Q(('currency__in', ['ILS', 'JOD', 'USD'])), name='payout_currency_is_known'), models.CheckConstraint(condition=models.Q(('total_minor__gt', 0)), name='payout_total_is_positive'), models.CheckConstraint(condition=models.Q(models.Q(('proposed_by', ''), _negated=True), models.Q(('decided_by', models.F('proposed_by')), _negated=True)), name='payout_takes_two'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by', ''), ('decision', ''), ('order__isnull', True)), models.Q(('decided_at__isnull', False), ('decision', 'approved'), ('order__isnull', False), models.Q(('decided_by', ''), _negated=True)), models.Q(('decided_at__isnull', False), ('decision', 'rejected'), ('order__isnull', True), models.Q(('decided_by', ''), _negated=True)), _connector='OR'), name='payout_decided_whole'), models.CheckConstraint(condition=models.Q(('sent_at__isnull', True), ('decision', 'approved'), _connector='OR'), name='payout_sent_once_approved'), models.UniqueConstraint(condition=models.Q(('decision', '')), fields=('currency',), name='payout_one_waits_per_currency')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payout',
            trigger=pgtrigger.compiler.Trigger(name='payout_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='7ec4d16a39faf37341e324fc1582e4db2dd9afa3', operation='DELETE', pgid='pgtrigger_payout_never_deleted_46c6b', table='payouts_payout', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payout',
            trigger=pgtrigger.compiler.Trigger(name='payout_proposed_first', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (NEW."decision" = \'\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;", hash='26f082b5237fde4fcbdd5de260e886daa47017dc', operation='INSERT', pgid='pgtrigger_payout_proposed_first_38939', table='payouts_payout', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payout',
            trigger=pgtrigger.compiler.Trigger(name='payout_orders_what_it_ordered', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."account" IS DISTINCT FROM (NEW."account") OR OLD."iban" IS DISTINCT FROM (NEW."iban") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."earned_until" IS DISTINCT FROM (NEW."earned_until") OR OLD."pays_on" IS DISTINCT FROM (NEW."pays_on") OR OLD."total_minor" IS DISTINCT FROM (NEW."total_minor") OR OLD."proposed_by" IS DISTINCT FROM (NEW."proposed_by") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='3fae03a8165b6d4e6f5a8d5e7f206f34068e2928', operation='UPDATE', pgid='pgtrigger_payout_orders_what_it_ordered_f6d7f', table='payouts_payout', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payout',
            trigger=pgtrigger.compiler.Trigger(name='payout_decided_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."decision" = \'\') AND (OLD."decision" IS DISTINCT FROM (NEW."decision") OR OLD."decided_by" IS DISTINCT FROM (NEW."decided_by") OR OLD."order" IS DISTINCT FROM (NEW."order")))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='5505d60657527f96b0ac0bffd80ea2d8ce33c8e5', operation='UPDATE', pgid='pgtrigger_payout_decided_once_cfd87', table='payouts_payout', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='payoutline',
            name='beneficiary',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payouts.beneficiaryaccount'),
        ),
        migrations.AddField(
            model_name='payoutline',
            name='payout',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='payouts.payout'),
        ),
        migrations.AddIndex(
            model_name='payoutline',
            index=models.Index(fields=['institution', 'state'], name='payout_line_by_institution'),
        ),
        migrations.AddConstraint(
            model_name='payoutline',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='payout_line_is_positive'),
        ),
        migrations.AddConstraint(
            model_name='payoutline',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['ordered', 'paid', 'refused', 'returned'])), name='payout_line_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='payoutline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paid_on__isnull', False), ('state__in', ['paid', 'returned']), models.Q(('entry', ''), _negated=True)), models.Q(('entry', ''), ('paid_on__isnull', True), ('state__in', ['ordered', 'refused'])), _connector='OR'), name='payout_line_paid_by_an_entry'),
        ),
        migrations.AddConstraint(
            model_name='payoutline',
            constraint=models.UniqueConstraint(fields=('payout', 'institution'), name='payout_line_one_per_institution'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payoutline',
            trigger=pgtrigger.compiler.Trigger(name='payout_line_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='e46d8c73e46a7a2d75006fd6bd15fb6552fa3ac5', operation='DELETE', pgid='pgtrigger_payout_line_never_deleted_77e28', table='payouts_payoutline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payoutline',
            trigger=pgtrigger.compiler.Trigger(name='payout_line_says_what_it_said', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."payout_id" IS DISTINCT FROM (NEW."payout_id") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."institution" IS DISTINCT FROM (NEW."institution") OR OLD."beneficiary_id" IS DISTINCT FROM (NEW."beneficiary_id") OR OLD."amount_minor" IS DISTINCT FROM (NEW."amount_minor"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='707ae59af5e2c60f21e8afc47964765a4712c5b7', operation='UPDATE', pgid='pgtrigger_payout_line_says_what_it_said_76927', table='payouts_payoutline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payoutline',
            trigger=pgtrigger.compiler.Trigger(name='payout_line_to_a_registered_account', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NOT EXISTS (\n        SELECT 1 FROM payouts_beneficiaryaccount b JOIN payouts_payout p ON p.id = NEW.payout_id\n         WHERE b.id = NEW.beneficiary_id AND b.approved_by <> '' AND b.institution = NEW.institution AND b.currency = p.currency\n           AND b.valid_from <= p.pays_on AND (b.ended_on IS NULL OR b.ended_on > p.pays_on))\n    THEN\n        RAISE EXCEPTION 'payout_line_to_a_registered_account: % is not registered for %', NEW.beneficiary_id, NEW.institution\n              USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='2a1b7766b00c68028bf28ba3f7876312d4d4e10d', operation='INSERT', pgid='pgtrigger_payout_line_to_a_registered_account_6b9e5', table='payouts_payoutline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payoutline',
            trigger=pgtrigger.compiler.Trigger(name='payout_line_ends_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IN (\'refused\', \'returned\') OR (OLD."state" = \'paid\' AND NOT (NEW."state" = \'returned\')))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='76d6a1bbe29064bddd8ee3a4c014ec1787b29262', operation='UPDATE', pgid='pgtrigger_payout_line_ends_once_17dd8', table='payouts_payoutline', when='BEFORE')),
        ),
    ]
