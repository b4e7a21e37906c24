"""Every address. Portal pages stand unprefixed in Arabic and under /en/ in English; callbacks speak no language."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = [
    path("", include("hukumati.web.api.urls")),
    path("", include("hukumati.web.portal.open_data_urls")),
    *i18n_patterns(
        path("desk/", include("hukumati.web.desk.urls")),
        path("", include("hukumati.web.portal.urls")),
        path("", include("hukumati.web.ui.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "hukumati.web.ui.answers.bad_request"
handler403 = "hukumati.web.ui.answers.permission_denied"
handler404 = "hukumati.web.ui.answers.page_not_found"
handler500 = "hukumati.web.ui.answers.server_error"
