"""Citizens and staff sign in apart: the portal and the desk keep their sessions in different cookies of the same browser."""

from __future__ import annotations

from django.contrib.sessions.middleware import SessionMiddleware


class FaceSessionMiddleware(SessionMiddleware):
    """Django's sessions, with a cookie of their own for the desk."""
