import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections, transaction

from hukumati.domain.delivery import api as delivery
from hukumati.domain.delivery import rules
from hukumati.domain.delivery.models import PickUp
from hukumati.domain.identity.tests.builders import NOON, a_citizen, a_staff, actor_of
from hukumati.infra.audit import api as audit
from hukumati.infra.outbox.models import Event


@pytest.fixture(autouse=True)
def nobody_listens(settings):
    settings.SUBSCRIBERS = {}


@pytest.fixture
def holder(db):
    return a_citizen()


@pytest.fixture
def clerk(db):
    return actor_of(a_staff(role="clerk", office="ramallah"))


def offer(holder, *, about="A-2026-AAAA2222", office="ramallah", at=NOON):
    return delivery.offer_pick_up(about, holder=holder.account_id, office=office, document="D-2026-AAAA2222", at=at)


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def give(pick_up, *, by, code=None, at=NOON):
    return delivery.hand_over(pick_up.reference, code=pick_up.code if code is None else code, by=by, at=at)


def audited(about):
    return [entry.code for entry in audit.list_entries(about)]


def test_offer_gives_the_code_once_and_stores_only_its_hash(holder):
    pick_up = offer(holder)
    row = PickUp.objects.get()
    assert len(pick_up.code) == 6
    assert pick_up.code not in row.code_hash
    assert offer(holder).code == ""
    assert offer(holder).reference == pick_up.reference
    assert audited(pick_up.reference) == ["delivery.pick_up_offered"]


def test_hand_over_with_the_right_code(holder, clerk):
    pick_up = offer(holder)
    assert delivery.check_code(pick_up.reference, code=pick_up.code, by=clerk, at=NOON).state == "waiting"
    assert give(pick_up, by=clerk).state == "handed_over"
    assert audited(pick_up.reference) == ["delivery.pick_up_offered", "delivery.handed_over"]
    event = Event.objects.get(name="delivery.handed_over")
    assert (event.about, event.facts) == ("A-2026-AAAA2222", {"pick_up": pick_up.reference})
    assert delivery.list_waiting("ramallah") == []


def test_a_code_typed_with_arabic_digits_and_spaces_is_the_code(holder, clerk):
    pick_up = offer(holder)
    typed = f"{pick_up.code[:3]} {pick_up.code[3:]}".translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert give(pick_up, code=typed, by=clerk).state == "handed_over"


def test_a_second_hand_over_is_refused(holder, clerk):
    pick_up = offer(holder)
    give(pick_up, by=clerk)
    with pytest.raises(delivery.PickUpClosed):
        give(pick_up, by=clerk)
    assert Event.objects.filter(name="delivery.handed_over").count() == 1


def test_five_wrong_codes_kill_the_code_even_the_right_one(holder, clerk):
    pick_up = offer(holder)
    for left in (4, 3, 2, 1):
        with pytest.raises(delivery.CodeWrong) as refusal:
            give(pick_up, code=wrong(pick_up.code), by=clerk)
        assert refusal.value.tries_left == left
    with pytest.raises(delivery.TooManyTries):
        give(pick_up, code=wrong(pick_up.code), by=clerk)
    with pytest.raises(delivery.TooManyTries):
        give(pick_up, by=clerk)
    assert PickUp.objects.get().state == "waiting"
    assert audited(pick_up.reference).count("delivery.code_wrong") == 5


def test_looking_with_a_wrong_code_counts_too(holder, clerk):
    pick_up = offer(holder)
    with pytest.raises(delivery.CodeWrong):
        delivery.check_code(pick_up.reference, code="", by=clerk, at=NOON)
    assert PickUp.objects.get().tries == 1


def test_a_new_code_opens_again_and_the_old_one_is_dead(holder, clerk):
    pick_up = offer(holder)
    for _ in range(4):
        with pytest.raises(delivery.CodeWrong):
            give(pick_up, code=wrong(pick_up.code), by=clerk)
    renewed = delivery.renew_code(pick_up.reference, holder=holder.account_id, by=actor_of(holder), at=NOON)
    assert renewed.tries_left == 5
    if renewed.code != pick_up.code:
        with pytest.raises(delivery.CodeWrong):
            give(pick_up, by=clerk)
    assert give(renewed, by=clerk).state == "handed_over"


def test_renewing_cannot_be_used_to_guess_on(holder):
    pick_up = offer(holder)

    def renew(at):
        return delivery.renew_code(pick_up.reference, holder=holder.account_id, by=actor_of(holder), at=at)

    for _ in range(rules.CODES_A_DAY_MAX - 1):
        renew(NOON)
    with pytest.raises(delivery.TooManyCodes):
        renew(NOON)
    assert renew(NOON + timedelta(days=1)).code


def test_only_the_holder_renews(holder):
    pick_up = offer(holder)
    stranger = a_citizen()
    with pytest.raises(delivery.PickUpNotFound):
        delivery.renew_code(pick_up.reference, holder=stranger.account_id, by=actor_of(stranger), at=NOON)
    with pytest.raises(delivery.PickUpNotFound):
        delivery.get_own(pick_up.reference, holder=stranger.account_id)


def test_another_office_neither_sees_nor_hands_over_nor_counts(holder):
    pick_up = offer(holder)
    elsewhere = actor_of(a_staff(role="clerk", office="nablus"))
    with pytest.raises(delivery.OtherOffice):
        give(pick_up, by=elsewhere)
    with pytest.raises(delivery.OtherOffice):
        give(pick_up, by=actor_of(holder))
    assert delivery.list_waiting("nablus") == []
    with pytest.raises(delivery.PickUpNotFound):
        delivery.get_at_office(pick_up.reference, office="nablus")
    with pytest.raises(delivery.PickUpNotFound):
        delivery.get_at_office(pick_up.reference, office="")
    assert PickUp.objects.get().tries == 0


def test_a_copy_that_nobody_fetched_expires(holder, clerk):
    pick_up = offer(holder)
    late = NOON + rules.WAITS
    with pytest.raises(delivery.PickUpClosed):
        give(pick_up, by=clerk, at=late)
    assert delivery.expire_pick_ups(at=late - timedelta(seconds=1)) == 0
    assert delivery.expire_pick_ups(at=late) == 1
    assert delivery.expire_pick_ups(at=late) == 0
    assert Event.objects.get(name="delivery.pick_up_expired").about == "A-2026-AAAA2222"


def test_the_table_refuses_a_hand_over_by_nobody(holder):
    offer(holder)
    with pytest.raises(IntegrityError, match="pick_up_handed_over_at_and_by"), transaction.atomic():
        PickUp.objects.update(state="handed_over")


def at_once(count, work):
    """Run `work` in threads that start together; answers what each returned or raised."""
    outcomes, start = [], threading.Barrier(count)

    def run():
        try:
            start.wait()
            outcomes.append(work())
        except Exception as raised:  # noqa: BLE001
            outcomes.append(raised)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_two_counters_at_once_hand_over_one_copy():
    pick_up, clerk = offer(a_citizen()), actor_of(a_staff(role="clerk"))
    outcomes = at_once(4, lambda: give(pick_up, by=clerk))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["PickUpClosed"] * 3 + ["PickUpFacts"]
    assert Event.objects.filter(name="delivery.handed_over").count() == 1


@pytest.mark.django_db(transaction=True)
def test_guessing_side_by_side_gets_no_more_tries():
    pick_up, clerk = offer(a_citizen()), actor_of(a_staff(role="clerk"))
    outcomes = at_once(8, lambda: give(pick_up, code=wrong(pick_up.code), by=clerk))
    assert sum(isinstance(outcome, delivery.CodeWrong) for outcome in outcomes) == 4
    assert sum(isinstance(outcome, delivery.TooManyTries) for outcome in outcomes) == 4
    assert PickUp.objects.get().tries == 5
