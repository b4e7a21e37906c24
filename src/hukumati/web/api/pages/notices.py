"""Where payment providers tell us that something happened. They get a status and nothing to learn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from hukumati.domain.payments import api as payments
from hukumati.web.ui.access import provider_callback

if TYPE_CHECKING:
    from django.http import HttpRequest


@provider_callback
@require_POST
def take(request: HttpRequest, provider: str) -> HttpResponse:
    """200 once the notice and all it led to are committed, so that whatever is answered otherwise is sent again."""
    if not payments.is_provider(provider):
        return HttpResponse(status=404)
    body = request.read(payments.BODY_BYTES_MAX + 1)
    try:
        payments.take_notice(provider, body=body, headers=request.headers, at=timezone.now())
    except payments.NoticeTooLarge:
        return HttpResponse(status=413)
    except payments.NoticeForged:
        return HttpResponse(status=401)
    except payments.NoticeMalformed:
        return HttpResponse(status=400)
    return HttpResponse(status=200)
