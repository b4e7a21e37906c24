"""When each room's next turn is due."""

from __future__ import annotations

from django.db import models


class Room(models.Model):
    """One counter. Its queue is no list: the distance between now and `due_at` is its length."""

    name = models.TextField(primary_key=True)
    due_at = models.DateTimeField()
