from django.db import migrations

# Until a service is published again, its row tells the name and stage of the snapshot that it shows.
FILL = r"""
UPDATE catalogue_servicelisting AS listing SET
  stage = snapshot.stage,
  name_ar = coalesce(substring(snapshot.content ->> 'texts/ar.toml' FROM '(?n)^name *= *"([^"]*)"'), listing.service_id),
  name_en = coalesce(substring(snapshot.content ->> 'texts/en.toml' FROM '(?n)^name *= *"([^"]*)"'), listing.service_id)
FROM catalogue_servicesnapshot AS snapshot WHERE snapshot.id = listing.snapshot_id
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_listing_of_every_service")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
