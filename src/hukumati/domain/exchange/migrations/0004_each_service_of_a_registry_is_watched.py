# Each service of a registry is watched by itself. What was seen lives seconds: nothing is carried over.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0003_reads_name_what_the_registry_is_told'),
    ]

    operations = [
        migrations.DeleteModel(name='RegistryWatch'),
        migrations.CreateModel(
            name='RegistryWatch',
            fields=[
                ('pk', models.CompositePrimaryKey('registry', 'service', blank=True, editable=False, primary_key=True, serialize=False)),
                ('registry', models.TextField()),
                ('service', models.TextField()),
                ('up', models.BooleanField()),
                ('checked_at', models.DateTimeField()),
            ],
        ),
    ]
