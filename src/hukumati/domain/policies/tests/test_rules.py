"""What a policy says of a fee, over every policy there may be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hukumati.domain.policies import api as policies
from hukumati.domain.policies import rules, shapes
from hukumati.domain.policies.tests.builders import NOON, WAYS, a_policy, a_rule, a_way
from hukumati.kernel.money import Money

SERVICE = "interior.birth_certificate_copy"
SCOPES = ("*", "interior", SERVICE, "health", "health.insurance_renewal")
sums = st.dictionaries(st.sampled_from(["ILS", "JOD"]), st.integers(1, 60), max_size=2)


@st.composite
def some_terms(draw, way):
    least, most = draw(sums), draw(sums)
    return a_way(way, at_least=least, at_most={one: max(minor, least.get(one, 0)) for one, minor in most.items()})


@st.composite
def some_ways(draw):
    names = draw(st.lists(st.sampled_from(WAYS), min_size=1, unique=True))
    return tuple(draw(some_terms(name)) for name in names)


@st.composite
def some_policy(draw):
    scopes = ["*", *draw(st.lists(st.sampled_from(SCOPES[1:]), unique=True))]
    return policies.Policy(tuple(policies.Rule(scope, draw(some_ways())) for scope in scopes))


fees = st.builds(Money, st.integers(1, 70), st.sampled_from(["ILS", "JOD", "USD"]))
offers = st.lists(st.sampled_from([*WAYS, "voucher"]), unique=True)


@given(some_policy(), st.sampled_from(SCOPES[2:]), offers, fees)
def test_every_way_of_a_service_is_open_or_closed_for_a_reason(policy, service, offered, fee):
    said = policies.terms(policy, service, offered=offered, amount=fee)
    assert sorted([*said.open, *(one.way for one in said.closed)]) == sorted(offered)
    order = [one.way for one in policies.rule_for(policy, service).ways]
    assert list(said.open) == sorted(said.open, key=order.index)
    for one in said.closed:
        assert (one.limit is None) is (one.bar == policies.Bar.NOT_NAMED)
        if one.limit is not None:
            assert (one.limit < fee) is (one.bar == policies.Bar.TOO_MUCH)


@given(some_policy(), fees)
def test_the_narrowest_rule_alone_decides(policy, fee):
    named = {rule.scope for rule in policy.rules}
    narrowest = next(scope for scope in (SERVICE, "interior", "*") if scope in named)
    others = tuple(rule for rule in policy.rules if rule.scope in (narrowest, "*"))
    alone = policies.Policy(others)
    assert policies.terms(policy, SERVICE, offered=WAYS, amount=fee) == policies.terms(
        alone, SERVICE, offered=WAYS, amount=fee
    )


@given(some_policy(), offers)
def test_a_gap_is_found_exactly_where_there_is_one(policy, offered):
    """Against trying every fee, one by one."""
    tried = (
        Money(minor, currency)
        for currency in ("ILS", "JOD", "USD")
        for minor in range(1, 65)
        if not policies.terms(policy, SERVICE, offered=offered, amount=Money(minor, currency)).open
    )
    found = rules.find_gap(policy, SERVICE, offered=offered)
    assert (found is None) is (next(tried, None) is None)
    if found is not None:
        assert not policies.terms(policy, SERVICE, offered=offered, amount=found).open


@given(some_policy())
def test_what_is_written_is_read_again(policy):
    assert shapes.read(shapes.write(policy)) == policy


@given(some_policy(), some_policy())
def test_two_policies_differ_exactly_when_they_say_something_else(old, new):
    same = {rule.scope: rule for rule in old.rules} == {rule.scope: rule for rule in new.rules}
    assert (policies.differences(old, new) == []) is same


@given(some_policy(), st.sampled_from(SCOPES), some_ways())
def test_one_rule_is_replaced_and_no_other(policy, scope, ways):
    new = policies.replaced(policy, scope, ways)
    assert {rule.scope: rule.ways for rule in new.rules} == {rule.scope: rule.ways for rule in policy.rules} | {
        scope: ways
    }
    if scope != "*":
        assert scope not in {rule.scope for rule in policies.replaced(policy, scope, ()).rules}


volumes = st.lists(
    st.builds(policies.Volume, st.sampled_from(SCOPES[2:]), st.sampled_from(WAYS), fees, st.integers(1, 9)), max_size=20
)


@given(some_policy(), volumes)
def test_a_back_test_counts_what_the_policy_turns_away(policy, paid):
    offered = {SERVICE: WAYS}
    test = policies.back_test(policy, paid, offered=offered, since=NOON - timedelta(days=90), until=NOON)
    assert test.payments == sum(one.count for one in paid)
    away = [
        one for one in paid if one.way not in policies.terms(policy, one.service, offered=WAYS, amount=one.amount).open
    ]
    assert test.turned_away == sum(one.count for one in away)
    assert sum(one.amount_minor for one in test.lost) == sum(one.count * one.amount.amount_minor for one in away)
    assert 0 <= test.stranded <= test.turned_away
    assert shapes.read_back_test(shapes.write_back_test(test)) == test


def test_a_flat_rule_is_not_enough_for_a_fee_above_every_limit():
    policy = a_policy(a_way("cash", at_most={"ILS": 100}), a_way("card", at_least={"ILS": 102}))
    assert rules.find_gap(policy, SERVICE, offered=WAYS) == Money(101)
    assert rules.find_gap(policy, SERVICE, offered=("cash",)) == Money(101)
    assert rules.find_gap(a_policy("card"), SERVICE, offered=("cash",)) == Money(1)


def test_an_order_that_changed_is_told():
    changed = policies.differences(a_policy("card", "cash"), a_policy("cash", "card"))
    assert [(one.scope, one.turn) for one in changed] == [("*", policies.Turn.MOVED)]


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"rules": []},
        {"rules": [{"scope": "interior", "ways": [{"way": "card"}]}]},
        {"rules": [{"scope": "*", "ways": []}]},
        {"rules": [{"scope": "*", "ways": [{"way": "card"}, {"way": "card"}]}]},
        {"rules": [{"scope": "*", "ways": [{"way": "card"}]}] * 2},
        {"rules": [{"scope": "*", "ways": [{"way": "barter"}]}]},
        {"rules": [{"scope": "*", "ways": [{"way": "card", "at_most": {"EUR": 5}}]}]},
        {"rules": [{"scope": "*", "ways": [{"way": "card", "at_most": {"ILS": 0}}]}]},
        {"rules": [{"scope": "*", "ways": [{"way": "card", "at_most": {"ILS": True}}]}]},
        {"rules": [{"scope": "*", "ways": [{"way": "card", "at_most": {"ILS": 1.5}}]}]},
        {"rules": [{"scope": "*", "ways": [{"way": "card", "at_most": {"ILS": 5}, "at_least": {"ILS": 6}}]}]},
        {"rules": [{"scope": "*", "ways": [{"way": "card", "free": True}]}]},
        {"rules": [{"scope": "*;drop", "ways": [{"way": "card"}]}]},
        {"rules": [{"scope": "*", "ways": [{"way": "card"}]}], "more": 1},
        {"rules": [{"scope": f"i{n}", "ways": [{"way": "card"}]} for n in range(3_000)]},
    ],
)
def test_what_is_no_policy_is_refused(document):
    with pytest.raises(policies.PolicyMalformed):
        policies.read(document, known_ways=WAYS)


def test_rules_of_a_test_read_as_they_are_written():
    policy = a_policy("card", more=(a_rule("interior", "cash", "card"),))
    assert policies.terms(policy, SERVICE, offered=("card", "cash"), amount=Money(5)).open == ("cash", "card")
    assert policies.terms(policy, "health.x", offered=("card", "cash"), amount=Money(5)).open == ("card",)
