import pytest

from hukumati.domain.identity.tests.builders import a_citizen
from hukumati.infra import ports


@pytest.fixture(autouse=True)
def places(tmp_path, settings):
    """A seal and a store of this test's own."""
    settings.PORTS = {
        **settings.PORTS,
        "documents.signer": {
            "adapter": "hukumati.adapters.signer_file.FileSigner",
            "options": {"directory": str(tmp_path / "keys"), "name": "documents"},
        },
        "documents.storage": {
            "adapter": "hukumati.adapters.storage_local.LocalStorage",
            "options": {"directory": str(tmp_path / "blobs")},
        },
    }
    settings.SUBSCRIBERS = {}
    ports.adapter.cache_clear()
    yield tmp_path
    ports.adapter.cache_clear()


@pytest.fixture
def holder(db):
    return a_citizen()
