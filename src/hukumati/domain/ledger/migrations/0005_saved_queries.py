from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0004_days_are_closed'),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedQuery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner', models.TextField()),
                ('name', models.TextField()),
                ('question', models.JSONField()),
                ('shared', models.BooleanField(default=False)),
                ('saved_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('shared', True)), fields=['name'], name='saved_query_shared')],
                'constraints': [models.UniqueConstraint(fields=('owner', 'name'), name='saved_query_one_by_name'), models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('owner', ''), _negated=True)), name='saved_query_is_named')],
            },
        ),
    ]
