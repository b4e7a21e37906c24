"""A comparison asks whether somebody has answered for what it found."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treasury", "0002_suspense_is_cleared_by_two")]
    operations = [
        migrations.AddIndex("difference", models.Index(fields=["about"], name="difference_by_about")),
    ]
