"""Processes die and the outside falls silent, on the whole as it runs. Afterwards everything has happened, once."""

from __future__ import annotations

import threading
import time

import httpx
import pytest

from tests.faults.walker import HIDDEN

SOON = 40.0


def paid_case(walker):
    charge = walker.apply()
    handoff = walker.choose_card(charge)
    assert handoff.status_code == 303
    return charge, handoff.headers["location"]


def test_a_worker_killed_again_and_again_issues_one_document_and_says_so_once(state, a_walker):
    walker = a_walker()
    charge, hosted = paid_case(walker)
    state.kill(state.worker)
    walker.pay_at_bank(hosted)
    state.wait_for(lambda: walker.client.get(f"/pay/{charge}/return/").status_code == 302, "the receipt")
    assert walker.case_state() == "to_pay"
    for seconds in (1.5, 2.5, 3.2):  # from starting up to the middle of its work
        state.worker.start()
        time.sleep(seconds)
        state.kill(state.worker)
    state.worker.start()
    state.wait_for(lambda: walker.case_state() == "ready", "the document", seconds=60)
    assert walker.count("documents_documentnumber") == 1
    assert state.query(
        "SELECT count(*) FROM documents_document d JOIN documents_documentnumber n ON n.id = d.number_id WHERE n.about = %s",
        walker.case,
    ) == [(1,)]
    assert walker.count("payments_charge") == 1

    def told():
        return [message["text"] for message in state.list_sms(walker.person.mobile) if walker.case in message["text"]]

    expected = state.query("SELECT count(*) FROM notifications_message WHERE about = %s", walker.case)[0][0]
    state.wait_for(lambda: len(told()) >= expected, "the messages", seconds=60)
    time.sleep(1)
    assert len(told()) == len(set(told())) == expected


def test_a_web_process_that_dies_while_the_payer_is_at_the_bank_loses_nothing(state, a_walker):
    walker = a_walker()
    charge, hosted = paid_case(walker)
    state.kill(state.web)
    walker.pay_at_bank(hosted)
    with pytest.raises(httpx.TransportError):
        walker.client.get(f"/pay/{charge}/return/")
    state.start(state.web)
    back = walker.client.get(f"/pay/{charge}/return/")
    assert "/receipts/" in back.headers["location"]
    state.wait_for(lambda: walker.case_state() == "ready", "the document", seconds=SOON)
    assert state.query(
        "SELECT count(*) FROM payments_receipt r JOIN payments_charge c ON c.id = r.charge_id WHERE c.reference = %s",
        charge,
    ) == [(1,)]


def test_a_registry_that_hangs_is_said_soon_the_draft_is_kept_and_goes_on(state, a_walker):
    walker = a_walker()
    case = walker.begin()
    state.control("registries", hang=True)
    began = time.monotonic()
    page = walker.client.get(f"/applications/{case}/whom/")
    assert time.monotonic() - began < 10
    assert page.status_code == 503
    assert "No answer now from" in page.text
    assert page.headers["retry-after"]
    quick = time.monotonic()
    assert walker.client.get("/").status_code == 200
    assert time.monotonic() - quick < 5
    assert walker.case_state() == "draft"
    state.control("registries", hang=False, down=True)
    for _ in range(6):  # who fails at once opens the breaker as well as who hangs, and sooner
        assert walker.client.get(f"/applications/{case}/whom/").status_code == 503
    state.control("registries", hang=True)
    began = time.monotonic()
    assert walker.client.get(f"/applications/{case}/whom/").status_code == 503
    assert time.monotonic() - began < 3, "the breaker did not open"
    state.control("registries", reset=True)
    state.wait_for(
        lambda: walker.client.get(f"/applications/{case}/whom/").status_code == 200, "the registry back", seconds=SOON
    )
    walker.answer()
    assert walker.file().status_code == 302


def test_a_message_waits_while_the_telephones_are_down(state, a_walker):
    walker = a_walker()
    state.control("phones", down=True)
    walker.apply()
    time.sleep(3)
    failures = "SELECT count(*) FROM notifications_delivery d JOIN notifications_message m ON m.id = d.message_id WHERE m.about = %s AND d.channel = 'sms' AND d.state <> 'sent'"
    assert state.query(failures, walker.case)[0][0] >= 1
    state.control("phones", reset=True)

    def told():
        return [message for message in state.list_sms(walker.person.mobile) if walker.case in message["text"]]

    state.wait_for(told, "the message", seconds=75)
    assert len(told()) == 1


def test_a_card_gateway_that_is_down_is_said_and_the_same_attempt_goes_on(state, a_walker):
    walker = a_walker()
    charge = walker.apply()
    state.control("gateway", down=True)
    page = walker.choose_card(charge)
    assert page.status_code == 503
    assert "<h1" in page.text
    state.control("gateway", reset=True)
    state.wait_for(lambda: walker.choose_card(charge).status_code == 303, "the gateway back", seconds=SOON)
    attempts = (
        "SELECT count(*) FROM payments_attempt a JOIN payments_charge c ON c.id = a.charge_id WHERE c.reference = %s"
    )
    assert state.query(attempts, charge) == [(1,)]


def test_two_devices_that_send_at_once_file_once(state, a_walker):
    walker = a_walker()
    walker.begin()
    walker.answer()
    path, statuses = f"/applications/{walker.case}/send/", []
    page = walker.client.get(f"/applications/{walker.case}/check/").text
    hidden, barrier = dict(HIDDEN.findall(page)), threading.Barrier(2)

    def send(device):
        barrier.wait()
        statuses.append(device.post(path, data=hidden).status_code)

    threads = [threading.Thread(target=send, args=(walker.another_device(),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 302 in statuses
    assert set(statuses) <= {302, 422}
    assert walker.count("payments_charge") == 1
    assert walker.case_state() == "to_pay"
