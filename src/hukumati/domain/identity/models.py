"""Accounts and what hangs on them. One table for signing in, because sessions and second factors hang on it."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from hukumati.domain.identity.facts import CitizenFacts, PersonName, Role, RoleScope, StaffFacts
from hukumati.kernel.national_id import NationalId
from hukumati.kernel.text import Text


class AccountManager(BaseUserManager["Account"]):
    """What Django's authentication asks of a user table."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(login=username)


class Account(AbstractBaseUser):
    """Somebody who can sign in. `login` is the identity number of a citizen, the staff code of an employee."""

    CITIZEN, STAFF = "citizen", "staff"

    reference = models.TextField(unique=True)
    kind = models.TextField()
    login = models.TextField(unique=True)
    email = models.EmailField(blank=True, default="")
    mobile = models.TextField(blank=True, default="")
    language = models.TextField(default="ar")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()
    password_changed_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=["citizen", "staff"]), name="account_kind_is_known"),
            models.CheckConstraint(condition=Q(language__in=["ar", "en"]), name="account_language_is_known"),
            models.CheckConstraint(
                condition=~Q(kind="citizen") | Q(login__regex=r"^\d{9}$"), name="account_citizen_signs_in_by_id_number"
            ),
            models.CheckConstraint(
                condition=~Q(kind="staff") | ~Q(login__regex=r"^\d{9}$"), name="account_staff_code_is_no_id_number"
            ),
        ]


class CitizenQuerySet(models.QuerySet["Citizen"]):
    def with_account(self) -> CitizenQuerySet:
        return self.select_related("account").filter(account__is_active=True)


class Citizen(models.Model):
    """The person behind a citizen's account, as the civil registry named them when the account was opened."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, primary_key=True, related_name="citizen")
    first_ar = models.TextField()
    father_ar = models.TextField(blank=True, default="")
    grandfather_ar = models.TextField(blank=True, default="")
    family_ar = models.TextField()
    first_la = models.TextField(blank=True, default="")
    father_la = models.TextField(blank=True, default="")
    grandfather_la = models.TextField(blank=True, default="")
    family_la = models.TextField(blank=True, default="")
    birth_date = models.DateField()
    public_employee = models.BooleanField(default=False)

    objects = CitizenQuerySet.as_manager()

    def name(self) -> PersonName:
        return PersonName(
            self.first_ar,
            self.father_ar,
            self.grandfather_ar,
            self.family_ar,
            self.first_la,
            self.father_la,
            self.grandfather_la,
            self.family_la,
        )

    def facts(self) -> CitizenFacts:
        account = self.account
        return CitizenFacts(
            account_id=account.pk,
            reference=account.reference,
            national_id=NationalId(account.login),
            name=self.name(),
            birth_date=self.birth_date,
            mobile=account.mobile,
            email=account.email,
            language=account.language,
            public_employee=self.public_employee,
        )


class StaffQuerySet(models.QuerySet["StaffMember"]):
    def with_account(self) -> StaffQuerySet:
        return self.select_related("account").filter(account__is_active=True)


class StaffMember(models.Model):
    """An employee and the office where they sit."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, primary_key=True, related_name="staff_member")
    name_ar = models.TextField()
    name_en = models.TextField()
    institution = models.TextField()
    office = models.TextField(blank=True, default="")
    person_key = models.TextField(
        blank=True, default=""
    )  # who the employee is as a citizen: rules.person_key, never the number

    objects = StaffQuerySet.as_manager()

    def facts(self) -> StaffFacts:
        scopes = frozenset(held.scope() for held in self.account.roles_held.all() if held.revoked_at is None)
        own = (scope for scope in scopes if scope.institution == self.institution and scope.office in ("", self.office))
        return StaffFacts(
            account_id=self.account_id,
            reference=self.account.reference,
            name=Text(self.name_ar, self.name_en),
            institution=self.institution,
            office=self.office,
            roles=frozenset(scope.role for scope in own),
            scopes=scopes,
            login=self.account.login,
            language=self.account.language,
        )


class RoleHeld(models.Model):
    """A role given to an employee, from when to when. Rows end, they are not removed."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="roles_held")
    role = models.TextField()
    institution = models.TextField()
    office = models.TextField(blank=True, default="")
    granted_at = models.DateTimeField()
    granted_by = models.TextField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=[role.value for role in Role]), name="role_held_is_known"),
            models.UniqueConstraint(
                fields=["account", "role", "institution", "office"],
                condition=Q(revoked_at__isnull=True),
                name="role_held_once",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("granted_at")),
                name="role_held_ends_after_it_began",
            ),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="role_held_is_never_removed", operation=pgtrigger.Delete)]

    def scope(self) -> RoleScope:
        return RoleScope(Role(self.role), self.institution, self.office)


class OneTimeCode(models.Model):
    """A code that was sent. Bound to what it is for (`purpose`) and to the one request that asked for it (`bound_to`).

    Only a keyed hash is kept. Tries are counted by the database, so that parallel guesses cannot share a try.
    """

    purpose = models.TextField()
    bound_to = models.TextField()
    code_hash = models.TextField()
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["purpose", "bound_to"], name="one_time_code_lookup")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("sent_at")), name="one_time_code_expires_after_sending")
        ]


class Spending(models.Model):
    """How much of an allowance was used in the present window. One row a key, updated by one statement."""

    key = models.TextField(primary_key=True)
    window_started_at = models.DateTimeField()
    spent = models.PositiveIntegerField()
    forget_at = models.DateTimeField(db_index=True)
