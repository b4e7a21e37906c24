"""Treasury asks for what was paid, and for drawers that were closed, by their time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_refund_code")]
    operations = [
        migrations.AddIndex(
            "attempt",
            models.Index(
                fields=["way", "settled_at"], condition=models.Q(state="paid"), name="attempt_paid_by_time"
            ),
        ),
        migrations.AddIndex(
            "drawer",
            models.Index(fields=["closed_at"], condition=models.Q(state="closed"), name="drawer_closed_by_time"),
        ),
    ]
