from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0002_staff_person_key'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='roleheld',
            name='role_held_is_known',
        ),
        migrations.AddConstraint(
            model_name='roleheld',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['clerk', 'supervisor', 'cashier', 'postal_clerk', 'call_centre_agent', 'service_owner', 'treasurer', 'policy_owner', 'secretariat', 'auditor', 'operator'])), name='role_held_is_known'),
        ),
    ]
