"""Signing in: django-allauth's settings. Reasons stand beside the values that differ from its defaults."""
