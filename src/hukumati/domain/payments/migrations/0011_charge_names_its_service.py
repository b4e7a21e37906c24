import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0010_capture_is_named'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='charge',
            name='charge_owes_what_it_owed',
        ),
        migrations.AddField(
            model_name='charge',
            name='service',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddIndex(
            model_name='charge',
            index=models.Index(condition=models.Q(('state', 'paid')), fields=['paid_at'], name='charge_paid_by_time'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='charge',
            trigger=pgtrigger.compiler.Trigger(name='charge_owes_what_it_owed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."about" IS DISTINCT FROM (NEW."about") OR OLD."payer_id" IS DISTINCT FROM (NEW."payer_id") OR OLD."total_minor" IS DISTINCT FROM (NEW."total_minor") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."ways" IS DISTINCT FROM (NEW."ways") OR OLD."raised_at" IS DISTINCT FROM (NEW."raised_at") OR OLD."service" IS DISTINCT FROM (NEW."service"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='9582567950cceb7c99087af7fdf73a481cc73472', operation='UPDATE', pgid='pgtrigger_charge_owes_what_it_owed_0e985', table='payments_charge', when='BEFORE')),
        ),
    ]
