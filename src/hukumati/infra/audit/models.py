"""Tables of the record, made by hand-written SQL: Django manages none of them, so its `flush` can never empty them."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One line: written in the transaction of the change it tells of, never updated, deleted or truncated."""

    key = models.UUIDField(unique=True)
    at = models.DateTimeField()
    code = models.TextField()
    about = models.TextField()
    actor = models.TextField()
    roles = models.TextField()
    institution = models.TextField()
    office = models.TextField()
    authenticated_by = models.TextField()
    facts = models.TextField()
    leaf = models.BinaryField()
    written_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "audit_entry"


class Position(models.Model):
    """Where the sealer put an entry in the tree.

    `entry_id` is no foreign key: a deleted entry must be found missing, not take its place along.
    """

    position = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    leaf = models.BinaryField()

    class Meta:
        managed = False
        db_table = "audit_position"


class Checkpoint(models.Model):
    """A signed statement: the first `size` entries have this Merkle root."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    previous = models.BinaryField()
    sealed_at = models.DateTimeField()
    signature = models.BinaryField()
    frontier = models.BinaryField()
    entry_id_max = models.BigIntegerField()
    sealed_by = models.TextField()

    class Meta:
        managed = False
        db_table = "audit_checkpoint"


class Tile(models.Model):
    """The root of a full subtree of 256 children: what an inclusion proof needs besides 256 leaves."""

    id = models.BigAutoField(primary_key=True)
    level = models.IntegerField()
    index = models.BigIntegerField()
    root = models.BinaryField()

    class Meta:
        managed = False
        db_table = "audit_tile"
