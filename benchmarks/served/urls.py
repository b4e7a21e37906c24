"""Every address of the installation, and one that does nothing."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import path

from hukumati.config.urls import *  # noqa: F403
from hukumati.config.urls import urlpatterns as all_of_ours
from hukumati.web.ui.access import public


@public
def bare(_request):
    """What the server and the middleware cost, and nothing else."""
    return HttpResponse("بسيط")


urlpatterns = [path("bare/", bare, name="bare"), *all_of_ours]
