import pytest
from django.db import connection

from hukumati.infra import ports

EMPTY = "".join(f"DELETE FROM {t};" for t in ("audit_entry", "audit_position", "audit_checkpoint", "audit_tile"))


def as_superuser(sql, params=None):
    """What a ruler of the database can do: nothing stops it, no trigger fires."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, params)
        cursor.execute("SET session_replication_role = DEFAULT")


@pytest.fixture
def keys(tmp_path, settings):
    """A seal and a witness of this test's own."""
    settings.PORTS = {
        **settings.PORTS,
        "audit.signer": {
            "adapter": "hukumati.adapters.signer_file.FileSigner",
            "options": {"directory": str(tmp_path / "keys"), "name": "audit"},
        },
        "audit.witness": {
            "adapter": "hukumati.adapters.witness_file.FileWitness",
            "options": {"directory": str(tmp_path / "witness")},
        },
    }
    ports.adapter.cache_clear()
    yield tmp_path
    ports.adapter.cache_clear()


@pytest.fixture
def record(db, keys):
    """An empty record."""
    as_superuser(EMPTY)
    return keys
