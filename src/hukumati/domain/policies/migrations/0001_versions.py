import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='PolicyVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField(unique=True)),
                ('base', models.IntegerField(null=True)),
                ('content', models.JSONField()),
                ('instrument', models.TextField()),
                ('article', models.TextField()),
                ('reason', models.TextField()),
                ('asked_from', models.DateTimeField(null=True)),
                ('proposed_by', models.TextField()),
                ('proposed_at', models.DateTimeField()),
                ('decision', models.TextField(blank=True, default='')),
                ('decided_by', models.TextField(blank=True, default='')),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision_words', models.TextField(blank=True, default='')),
                ('back_test', models.JSONField(null=True)),
                ('effective_at', models.DateTimeField(null=True)),
                ('withdrawn_by', models.TextField(blank=True, default='')),
                ('withdrawn_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('number__gt', 0)), name='policy_number_is_positive'), models.CheckConstraint(condition=models.Q(models.Q(('instrument', ''), _negated=True), models.Q(('article', ''), _negated=True), models.Q(('reason', ''), _negated=True)), name='policy_rests_on_an_article'), models.CheckConstraint(condition=models.Q(models.Q(('proposed_by', ''), _negated=True), models.Q(('decided_by', models.F('proposed_by')), _negated=True)), name='policy_takes_two'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by', ''), ('decision', '')), models.Q(('decided_at__isnull', False), ('decision__in', ['released', 'rejected']), models.Q(('decided_by', ''), _negated=True)), _connector='OR'), name='policy_decided_whole'), models.CheckConstraint(condition=models.Q(models.Q(('decision', 'released'), ('effective_at__gte', models.F('decided_at'))), models.Q(models.Q(('decision', 'released'), _negated=True), ('effective_at__isnull', True)), _connector='OR'), name='policy_rules_nothing_past'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by', '')), models.Q(models.Q(('withdrawn_by', ''), _negated=True), ('withdrawn_at__lt', models.F('effective_at'))), _connector='OR'), name='policy_withdrawn_before_it_ruled'), models.UniqueConstraint(condition=models.Q(('effective_at__isnull', False), ('withdrawn_at__isnull', True)), fields=('effective_at',), name='policy_one_from_each_moment'), models.UniqueConstraint(condition=models.Q(('decision', 'released'), ('withdrawn_at__isnull', True)), fields=('base',), name='policy_follows_each_once', nulls_distinct=False)],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policyversion',
            trigger=pgtrigger.compiler.Trigger(name='policy_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='d6e502250365877e80276bfdfec5fe1db58b9533', operation='DELETE', pgid='pgtrigger_policy_never_deleted_d17ae', table='policies_policyversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policyversion',
            trigger=pgtrigger.compiler.Trigger(name='policy_proposed_first', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (NEW."decision" = \'\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;", hash='2ae3708e48b1a800f6ccea7e73f4d46739c225e0', operation='INSERT', pgid='pgtrigger_policy_proposed_first_22479', table='policies_policyversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policyversion',
            trigger=pgtrigger.compiler.Trigger(name='policy_says_what_it_said', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."base" IS DISTINCT FROM (NEW."base") OR OLD."content" IS DISTINCT FROM (NEW."content") OR OLD."instrument" IS DISTINCT FROM (NEW."instrument") OR OLD."article" IS DISTINCT FROM (NEW."article") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."asked_from" IS DISTINCT FROM (NEW."asked_from") OR OLD."proposed_by" IS DISTINCT FROM (NEW."proposed_by") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='a3294e8d80ec83d48ba0ec6c5299385b66d3ad27', operation='UPDATE', pgid='pgtrigger_policy_says_what_it_said_ac818', table='policies_policyversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policyversion',
            trigger=pgtrigger.compiler.Trigger(name='policy_decided_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."decision" = \'\') AND (OLD."decision" IS DISTINCT FROM (NEW."decision") OR OLD."decided_by" IS DISTINCT FROM (NEW."decided_by") OR OLD."effective_at" IS DISTINCT FROM (NEW."effective_at") OR OLD."back_test" IS DISTINCT FROM (NEW."back_test")))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='2a94ddcb19e12d76bf17b0610f222f56d8236714', operation='UPDATE', pgid='pgtrigger_policy_decided_once_4da35', table='policies_policyversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policyversion',
            trigger=pgtrigger.compiler.Trigger(name='policy_withdrawn_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."withdrawn_at" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='d51f13760544e70836ac3c2a572673af58bdcd51', operation='UPDATE', pgid='pgtrigger_policy_withdrawn_is_final_4283d', table='policies_policyversion', when='BEFORE')),
        ),
    ]
