
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('treasury', '0004_unasked_payments'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='bankentry',
            name='bank_entry_match_is_known',
        ),
        migrations.AddConstraint(
            model_name='bankentry',
            constraint=models.CheckConstraint(condition=models.Q(('match_kind__in', ['settlement', 'deposit', 'transfer', 'suspense'])), name='bank_entry_match_is_known'),
        ),
    ]
