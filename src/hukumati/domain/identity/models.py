"""Accounts. One table for signing in, because sessions and second factors hang on it; citizens and staff are told apart by `kind`."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q


class AccountManager(BaseUserManager["Account"]):
    """What Django's authentication asks of a user table."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(login=username)


class Account(AbstractBaseUser, PermissionsMixin):
    """Somebody who can sign in. `login` is the identity number of a citizen, the staff code of an employee."""

    CITIZEN, STAFF = "citizen", "staff"

    reference = models.TextField(unique=True)
    kind = models.TextField()
    login = models.TextField(unique=True)
    email = models.EmailField(blank=True, default="")
    mobile = models.TextField(blank=True, default="")
    mobile_verified = models.BooleanField(default=False)
    language = models.TextField(default="ar")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["citizen", "staff"]), name="account_kind_is_known"),
            models.CheckConstraint(condition=Q(language__in=["ar", "en"]), name="account_language_is_known"),
            models.CheckConstraint(condition=~Q(kind="citizen") | Q(login__regex=r"^\d{9}$"), name="account_citizen_signs_in_by_id_number"),
        ]
