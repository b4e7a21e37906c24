"""Every address says who may open it."""

from __future__ import annotations

from django.urls import URLPattern, get_resolver


def list_views(resolver=None, prefix=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{prefix}{entry.pattern}", entry.callback
        else:
            yield from list_views(entry, f"{prefix}{entry.pattern}")


def test_every_address_has_an_access_rule():
    without = [
        f"{address}: {view.__module__}.{view.__qualname__}"
        for address, view in list_views()
        if not hasattr(view, "access_rule")
    ]
    assert without == []


def test_the_desk_is_for_staff():
    """All but the way in, which says so itself."""
    open_to_all = {
        address
        for address, view in list_views()
        if address.startswith("desk/") and view.access_rule.who != "staff" and "sign-" not in address
    }
    assert open_to_all == set()


def test_addresses_are_kebab_case_and_named():
    import re

    odd = [address for address, _ in list_views() if re.search(r"[A-Z_]", re.sub(r"<[^>]*>|\^|\$|\\", "", address))]
    assert odd == []
