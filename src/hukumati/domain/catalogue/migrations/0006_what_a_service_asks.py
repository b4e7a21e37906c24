# A card says whether the registers that its service needs answer. What is listed already gets it from its next publication,
# or at once from `hukumati services relist`; until then the card says nothing.

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0005_what_can_be_done_stands_first'),
    ]

    operations = [
        migrations.AddField(
            model_name='servicelisting',
            name='asks',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
        ),
    ]
