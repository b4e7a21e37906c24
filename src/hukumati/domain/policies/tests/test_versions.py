"""Versions: two people, one order, no past; and what the database itself refuses."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from hukumati.domain.policies import api as policies
from hukumati.domain.policies.models import PolicyVersion
from hukumati.domain.policies.tests.builders import (
    NOON,
    OFFERED,
    WAYS,
    a_policy,
    a_rule,
    a_test,
    a_way,
    an_owner,
    later,
    load,
    propose,
    release,
)
from hukumati.infra.audit import api as audit
from hukumati.kernel.actor import Actor, ActorKind
from hukumati.kernel.money import Money

pytestmark = pytest.mark.django_db
CARD_FIRST, CASH_FIRST = a_policy("card", "cash"), a_policy("cash", "card")


def test_one_proposes_and_another_releases():
    load()
    first, second = an_owner(), an_owner()
    version = propose(CARD_FIRST, base=1, by=first)
    assert (version.number, version.standing) == (2, policies.Standing.WAITING)
    assert policies.find_policy(at=NOON) == a_policy()
    with pytest.raises(policies.PolicyTakesTwo):
        release(2, by=first)
    with pytest.raises(policies.PolicyTakesTwo):
        policies.reject(2, words="no", by=first, at=NOON)
    release(2, by=second, at=later(minutes=1))
    assert policies.find_policy(at=later(minutes=1)) == CARD_FIRST
    assert policies.find_policy(at=NOON) == a_policy()
    assert policies.get_version(1, at=later(minutes=1)).standing == policies.Standing.PAST
    kept = policies.get_version(2, at=later(minutes=1))
    assert (kept.standing, kept.back_test.payments) == (policies.Standing.IN_FORCE, 0)
    codes = [entry.code for entry in audit.list_entries("payment-policy:2")]
    assert codes == ["policies.proposed", "policies.released"]


def test_it_begins_when_it_says_and_may_be_withdrawn_until_then():
    load()
    propose(CARD_FIRST, base=1, by=an_owner(), asked_from=later(days=3))
    assert release(2, by=an_owner(), at=later(hours=1)).effective_at == later(days=3)
    assert policies.get_version(2, at=later(days=2)).standing == policies.Standing.COMING
    assert policies.find_policy(at=later(days=3)) == CARD_FIRST
    with pytest.raises(policies.PolicyInForce):
        policies.withdraw(2, by=an_owner(), at=later(days=3))
    policies.withdraw(2, by=an_owner(), at=later(days=1))
    assert policies.find_policy(at=later(days=3)) == a_policy()
    assert policies.get_version(2, at=later(days=3)).standing == policies.Standing.WITHDRAWN
    with pytest.raises(policies.PolicyDecided):
        policies.withdraw(2, by=an_owner(), at=later(days=1))
    propose(CASH_FIRST, base=1, by=an_owner())
    assert release(3, by=an_owner(), at=later(days=2)).standing is not None


def test_one_that_was_asked_for_too_early_begins_at_its_release():
    load()
    propose(CARD_FIRST, base=1, by=an_owner(), asked_from=later(hours=1))
    assert release(2, by=an_owner(), at=later(days=1)).effective_at == later(days=1)


def test_nothing_is_undone_unseen():
    """Two proposals from one base: whichever is released first, the other would take it back."""
    load()
    propose(CARD_FIRST, base=1, by=an_owner())
    propose(CASH_FIRST, base=1, by=an_owner())
    release(2, by=an_owner(), at=later(minutes=1))
    with pytest.raises(policies.PolicyMovedOn):
        release(3, by=an_owner(), at=later(minutes=2))
    with pytest.raises(policies.PolicyMovedOn):
        propose(CASH_FIRST, base=1, by=an_owner(), at=later(minutes=2))
    policies.reject(3, words="overtaken", by=an_owner(), at=later(minutes=2))
    assert policies.get_version(3, at=later(days=1)).standing == policies.Standing.REJECTED


def test_no_policy_leaves_a_fee_without_a_way():
    load()
    propose(a_policy(a_way("cash", at_most={"ILS": 100_00})), base=1, by=an_owner())
    with pytest.raises(policies.PolicyLeavesNoWay) as refused:
        release(2, by=an_owner())
    assert (refused.value.service, refused.value.amount) == ("interior.birth_certificate_copy", Money(100_01))
    assert policies.find_policy(at=NOON) == a_policy()


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"instrument": " "}, policies.PolicyUnfounded),
        ({"article": ""}, policies.PolicyUnfounded),
        ({"reason": "\n"}, policies.PolicyUnfounded),
        ({"reason": "x" * 3_000}, policies.PolicyUnfounded),
        ({"asked_from": later(days=-1)}, policies.PolicyTooEarly),
        ({"base": 7}, policies.PolicyMovedOn),
        ({"by": Actor(ActorKind.STAFF, "W-2026-TREASUR9", roles=frozenset({"treasurer"}))}, policies.PolicyOwnerOnly),
        ({"by": Actor(ActorKind.CITIZEN, "P-2026-NOBODY22", roles=frozenset({"policy_owner"}))}, policies.PolicyOwnerOnly),
    ],
)  # fmt: skip
def test_what_cannot_be_proposed(facts, refusal):
    load()
    with pytest.raises(refusal):
        propose(CARD_FIRST, **({"base": 1, "by": an_owner()} | facts))
    assert policies.count_waiting() == 0


def test_the_same_again_is_no_version():
    load()
    with pytest.raises(policies.PolicyChangesNothing):
        propose(a_policy(), base=1, by=an_owner())


@pytest.mark.parametrize("number", [0, -1, 99, 2**31, 2**70])
def test_what_is_not_there_is_not_found(number):
    for verb in (
        lambda: policies.get_version(number, at=NOON),
        lambda: release(number, by=an_owner()),
        lambda: policies.withdraw(number, by=an_owner(), at=NOON),
    ):
        with pytest.raises(policies.PolicyNotFound):
            verb()


def test_a_file_is_loaded_once():
    load()
    again = {"rules": [], "instrument": "", "article": "", "reason": ""}
    assert policies.load_first(again, offered=OFFERED, known_ways=WAYS, at=NOON) is False


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM policies_policyversion",
        "UPDATE policies_policyversion SET content = '{}' WHERE number = 1",
        "UPDATE policies_policyversion SET effective_at = effective_at + interval '1 day' WHERE number = 1",
        "UPDATE policies_policyversion SET decided_by = 'x' WHERE number = 1",
        "UPDATE policies_policyversion SET withdrawn_by = 'x', withdrawn_at = effective_at + interval '1 s' WHERE number = 1",
        "UPDATE policies_policyversion SET decision = 'released', decided_by = proposed_by, decided_at = now(), effective_at = now() WHERE number = 2",
        "UPDATE policies_policyversion SET decision = 'released', decided_by = 'x', decided_at = now(), effective_at = now() - interval '1 day' WHERE number = 2",
        """INSERT INTO policies_policyversion (number, content, instrument, article, reason, proposed_by, proposed_at, decision, decided_by, decided_at, decision_words, withdrawn_by, effective_at)
        VALUES (9, '{}', 'i', 'a', 'r', 'x', now(), 'released', 'y', now(), '', '', now())""",
    ],
)
def test_the_database_refuses_what_the_verbs_would_not_do(statement):
    load()
    propose(CARD_FIRST, base=1, by=an_owner())
    with (
        pytest.raises((IntegrityError, ProgrammingError), match="policy"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_of_two_releases_at_once_one_rules():
    load()
    propose(CARD_FIRST, base=1, by=an_owner())
    propose(CASH_FIRST, base=1, by=an_owner())
    people, start, ended = (an_owner(), an_owner()), threading.Barrier(2), []

    def decide(number, person):
        start.wait()
        try:
            policies.release(number, back_test=a_test(), offered=OFFERED, by=person, at=later(minutes=1))
            ended.append("released")
        except policies.PolicyMovedOn:
            ended.append("moved on")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=one) for one in zip((2, 3), people, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["moved on", "released"]
    assert PolicyVersion.objects.filter(decision="released").count() == 2


def test_rules_for_one_service_stand_beside_the_one_for_all():
    load(more=(a_rule("interior", "cash"),))
    assert policies.rule_for(policies.find_policy(at=NOON), "interior.x").ways[0].way == "cash"
