
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0006_ways_have_traits'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='refund',
            name='refund_cause_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='refund',
            name='refund_automatic_once_per_attempt',
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(condition=models.Q(('suspended_at__isnull', False)), fields=['suspended_at'], name='attempt_suspended_by_time'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('cause__in', ['paid_twice', 'charge_void', 'charge_expired', 'by_staff', 'case_refused', 'unasked'])), name='refund_cause_is_known'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.UniqueConstraint(condition=models.Q(('cause__in', ['paid_twice', 'charge_void', 'charge_expired', 'unasked'])), fields=('attempt',), name='refund_automatic_once_per_attempt'),
        ),
    ]
