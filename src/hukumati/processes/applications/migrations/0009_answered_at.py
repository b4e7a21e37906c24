# When each case was answered. Of cases that were answered before, the timeline tells it.

from django.db import migrations, models

FROM_THE_TIMELINE = """
UPDATE applications_application AS a SET answered_at = told.at FROM (
  SELECT application_id, min(at) AS at FROM applications_timelineentry
  WHERE verb = 'issue' OR (verb = 'refuse' AND by_kind = 'staff') GROUP BY 1
) AS told WHERE told.application_id = a.id AND a.submitted_at IS NOT NULL;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0008_queued_inquiries'),
    ]

    operations = [
        migrations.AddField(
            model_name='application',
            name='answered_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(FROM_THE_TIMELINE, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(('answered_at__isnull', False)), fields=['institution', 'answered_at'], name='application_answered'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(('answered_at__isnull', True), ('closed_at__isnull', True), ('promised_at__isnull', False)), fields=['institution', 'promised_at'], name='application_owed_an_answer'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(('answered_at__isnull', True), ('submitted_at__isnull', False), _connector='OR'), name='application_answered_was_asked'),
        ),
    ]
