"""Which key sealed a checkpoint, so that keys may change; when a line reached the table, so that the sealer's lag can be told."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_record")]
    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE audit_checkpoint ADD COLUMN sealed_by text NOT NULL;
            ALTER TABLE audit_entry ADD COLUMN written_at timestamptz NOT NULL DEFAULT clock_timestamp();
            """,
            """
            ALTER TABLE audit_checkpoint DROP COLUMN sealed_by;
            ALTER TABLE audit_entry DROP COLUMN written_at;
            """,
            state_operations=[
                migrations.AddField("checkpoint", "sealed_by", models.TextField()),
                migrations.AddField("entry", "written_at", models.DateTimeField()),
            ],
        ),
    ]
