"""Nobody fills the disk: what is too large is refused unread, at every address."""

import pytest

from hukumati.config.settings.base import REQUEST_BYTES_MAX


class Unread:
    """A body that fails the test when anybody reads it."""

    def read(self, *_args):
        raise AssertionError("a body that is too large was read")

    readline = read


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/verify/", "/sign-in/", "/en/desk/sign-in/", "/nowhere/", "/callbacks/payments/card"]
)
@pytest.mark.parametrize("announced", [str(REQUEST_BYTES_MAX + 1), "9" * 30, "-1", "many"])
def test_a_body_that_is_too_large_is_refused_before_it_is_read(client, address, announced):
    form = "multipart/form-data; boundary=x"
    response = client.generic("POST", address, content_type=form, CONTENT_LENGTH=announced, **{"wsgi.input": Unread()})
    assert response.status_code == 413


@pytest.mark.django_db
def test_what_fits_goes_on(client):
    assert client.post("/verify/", {"code": "x" * 500_000}).status_code == 422
