import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('treasury', '0005_transfers'),
    ]

    operations = [
        migrations.CreateModel(
            name='MailPlace',
            fields=[
                ('bank', models.TextField(primary_key=True, serialize=False)),
                ('place', models.BigIntegerField()),
                ('read_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='RefusedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('digest', models.TextField(unique=True)),
                ('body', models.BinaryField()),
                ('why', models.TextField()),
                ('where', models.TextField(blank=True)),
                ('found', models.TextField(blank=True)),
                ('received_at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='bankentry',
            name='bank_entry_match_is_known',
        ),
        migrations.AddConstraint(
            model_name='bankentry',
            constraint=models.CheckConstraint(condition=models.Q(('match_kind__in', ['settlement', 'deposit', 'transfer', 'payout', 'suspense'])), name='bank_entry_match_is_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mailplace',
            trigger=pgtrigger.compiler.Trigger(name='mail_place_grows', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."place" < (OLD."place"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='e577f6ebd9573a214720a0c68d114e532b53833c', operation='UPDATE', pgid='pgtrigger_mail_place_grows_36b49', table='treasury_mailplace', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='refusedfile',
            trigger=pgtrigger.compiler.Trigger(name='refused_file_is_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d8debab76703f1e4abdf6366d5e07548edacf5e4', operation='UPDATE OR DELETE', pgid='pgtrigger_refused_file_is_frozen_16f60', table='treasury_refusedfile', when='BEFORE')),
        ),
    ]
