from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('treasury', '0006_mail_of_the_bank'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='difference',
            name='difference_kind_is_known',
        ),
        migrations.AddConstraint(
            model_name='difference',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['missing_settlement', 'unknown_settlement', 'duplicate_settlement', 'settled_amount', 'provider_fee', 'missing_in_bank', 'banked_amount', 'unknown_entry', 'unasked_payment', 'undecided_payment', 'undecided_refund', 'statement_gap'])), name='difference_kind_is_known'),
        ),
    ]
