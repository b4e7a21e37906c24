"""The log of events."""

from __future__ import annotations

import pgtrigger
from django.db import models


class Event(models.Model):
    """Something that happened, told in the past tense. Never changed: its delivery is a job's state, not the event's."""

    name = models.TextField()
    about = models.TextField(db_index=True)
    facts = models.JSONField(default=dict)
    happened_at = models.DateTimeField()

    class Meta:
        triggers = [pgtrigger.Protect(name="event_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
