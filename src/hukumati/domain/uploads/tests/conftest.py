import pytest

from hukumati.infra import ports


@pytest.fixture(autouse=True)
def shelf(tmp_path, settings):
    """A place for files of this test's own."""
    settings.PORTS = {
        **settings.PORTS,
        "uploads.storage": {
            "adapter": "hukumati.adapters.storage_local.LocalStorage",
            "options": {"directory": str(tmp_path / "uploads")},
        },
    }
    ports.adapter.cache_clear()
    yield tmp_path / "uploads"
    ports.adapter.cache_clear()
