"""Foreign keys stay inside a module or point to what is lower, and leave no trace there."""

from __future__ import annotations

from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField

RANKS = {
    "infra": 0,
    "identity": 1,
    "uploads": 1,
    "ledger": 2,
    "exchange": 2,
    "catalogue": 2,
    "policies": 3,
    "payments": 3,
    "documents": 3,
    "delivery": 3,
    "notifications": 3,
    "payouts": 4,
    "treasury": 5,
    "processes": 5,
}


def rank(model) -> int:
    _, layer, module, *_ = model.__module__.split(".")
    return RANKS.get(layer, RANKS.get(module, 6))


def our_models():
    return [model for model in apps.get_models() if model.__module__.startswith("hukumati.")]


def crossing_keys():
    for model in our_models():
        for field in model._meta.get_fields():
            if (
                isinstance(field, (ForeignKey, ManyToManyField))
                and field.related_model._meta.app_label != model._meta.app_label
            ):
                yield model, field


def test_the_ranks_name_every_module_that_has_tables():
    assert {model.__name__: rank(model) for model in our_models() if rank(model) == 6} == {}


def test_foreign_keys_point_downward():
    upward = [
        f"{model.__name__}.{field.name} → {field.related_model.__name__}"
        for model, field in crossing_keys()
        if field.related_model.__module__.startswith("hukumati.") and rank(field.related_model) >= rank(model)
    ]
    assert upward == []


def test_crossing_foreign_keys_have_no_reverse_name():
    named = [f"{model.__name__}.{field.name}" for model, field in crossing_keys() if not field.remote_field.hidden]
    assert named == []


def test_only_accounts_are_known_by_key_from_outside():
    """Whatever else is known between modules is known by its reference."""
    targets = {
        field.related_model.__name__
        for _, field in crossing_keys()
        if field.related_model.__module__.startswith("hukumati.")
    }
    assert targets <= {"Account"}
