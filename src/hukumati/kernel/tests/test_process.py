"""The table proves itself: each fault it must find, and the paths it must open."""

import pytest

from hukumati.kernel.process import By, Process, ProcessError, ReasonMissing, Step, StepNotOpen

GOOD = (
    Step("draft", "submit", "to_pay", By.CITIZEN),
    Step("draft", "withdraw", "withdrawn", By.CITIZEN),
    Step("to_pay", "pay", "in_review", By.LEDGER, when="incomplete"),
    Step("to_pay", "pay", "to_issue", By.LEDGER),
    Step("to_pay", "expire", "withdrawn", By.CLOCK, within_days=7),
    Step("in_review", "accept", "to_issue", By.CLERK, within_days=2),
    Step("in_review", "refuse", "refused", By.CLERK, needs_reason=True, refunds=True),
    Step("to_issue", "issue", "ready", By.SYSTEM),
    Step("ready", "download", "delivered", By.CITIZEN, within_days=30),
)
END = frozenset({"delivered", "refused", "withdrawn"})


def a_process(*more: Step, without: str = "", end: frozenset[str] = END) -> Process:
    return Process("draft", end, (*(step for step in GOOD if step.verb != without), *more))


def codes(process: Process) -> set[str]:
    return {fault.code for fault in process.faults()}


def test_a_sound_table_proves_itself():
    assert a_process().proved().states >= {"draft", "ready", "delivered"}


def test_a_state_that_nothing_leads_to_is_found():
    assert codes(a_process(Step("limbo", "wake", "ready", By.SYSTEM))) == {"unreachable_state"}


def test_a_dead_end_is_found():
    assert "dead_end" in codes(a_process(Step("in_review", "park", "parked", By.CLERK)))


def test_an_end_that_goes_on_is_found():
    assert "end_goes_on" in codes(a_process(Step("refused", "reopen", "in_review", By.SYSTEM)))


def test_a_document_past_a_due_fee_is_found():
    assert "document_past_fee" in codes(a_process(Step("draft", "hurry", "to_issue", By.CITIZEN)))


def test_two_answers_to_one_verb_are_found():
    assert "unclear_choice" in codes(a_process(Step("in_review", "accept", "ready", By.CLERK)))


def test_a_choice_without_otherwise_is_found():
    process = a_process(Step("in_review", "ask", "draft", By.CLERK, when="odd"))
    assert "unclear_choice" in codes(process)


def test_a_state_that_waits_for_ever_is_found():
    bad = Process(
        "draft", END, (*(s for s in GOOD if s.verb != "download"), Step("ready", "download", "delivered", By.CITIZEN))
    )
    assert codes(bad) == {"waits_for_ever"}


def test_proving_tells_every_fault_at_once():
    with pytest.raises(ProcessError) as error:
        a_process(Step("limbo", "wake", "ready", By.SYSTEM), Step("refused", "reopen", "in_review", By.SYSTEM)).proved()
    assert len(error.value.faults) == 2


@pytest.mark.parametrize(("incomplete", "to"), [(True, "in_review"), (False, "to_issue")])
def test_a_condition_chooses_the_step(incomplete, to):
    assert a_process().take("to_pay", "pay", by=By.LEDGER, conditions={"incomplete": incomplete}).to == to


def test_a_verb_of_another_is_not_open():
    with pytest.raises(StepNotOpen):
        a_process().take("in_review", "accept", by=By.CITIZEN, conditions={})


def test_a_refusal_says_why():
    with pytest.raises(ReasonMissing):
        a_process().take("in_review", "refuse", by=By.CLERK, conditions={}, reason="  ")


def asking(*steps: Step) -> Process:
    """A table in which another person is asked before the fee is paid."""
    return Process(
        "draft",
        END,
        (
            Step("draft", "submit", "to_confirm", By.CITIZEN),
            Step("to_pay", "pay", "to_issue", By.LEDGER),
            Step("to_pay", "expire", "withdrawn", By.CLOCK, within_days=7),
            Step("to_issue", "issue", "delivered", By.SYSTEM),
            Step("to_pay", "refuse", "refused", By.CLERK),
            *steps,
        ),
    )


CONFIRM = Step("to_confirm", "confirm", "to_pay", By.PARTY)
DECLINE = Step("to_confirm", "decline", "refused", By.PARTY, needs_reason=True)
LAPSE = Step("to_confirm", "expire", "withdrawn", By.CLOCK, within_days=7)


def test_a_table_may_ask_another_person():
    table = asking(CONFIRM, DECLINE, LAPSE).proved()
    assert table.take("to_confirm", "confirm", by=By.PARTY, conditions={}).to == "to_pay"
    with pytest.raises(StepNotOpen):
        table.take("to_confirm", "confirm", by=By.CITIZEN, conditions={})
    with pytest.raises(ReasonMissing):
        table.take("to_confirm", "decline", by=By.PARTY, conditions={})


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ((CONFIRM, LAPSE), "party_half_asked"),
        ((CONFIRM, DECLINE), "party_without_term"),
        ((CONFIRM, LAPSE, Step("to_confirm", "decline", "refused", By.PARTY)), "decline_without_reason"),
    ],
)
def test_asking_another_person_halfway_is_found(steps, fault):
    assert fault in codes(asking(*steps))


RECORD = Step("to_record", "record", "to_issue", By.SYSTEM)
NOT_RECORDED = Step("to_record", "record_refused", "in_review", By.SYSTEM)
TO_RECORD = Step("in_review", "confirm_entry", "to_record", By.CLERK)


def test_a_register_that_says_no_has_a_way_out():
    assert codes(a_process(TO_RECORD, RECORD, NOT_RECORDED)) == set()
    assert codes(a_process(TO_RECORD, RECORD)) == {"record_one_way"}
    unseen = Step("to_record", "record_refused", "ready", By.SYSTEM)
    assert "refusal_unseen" in codes(a_process(TO_RECORD, RECORD, unseen))


def test_nothing_is_entered_in_a_register_past_a_due_fee():
    early = Step("draft", "skip", "to_record", By.CITIZEN)
    assert "record_past_fee" in codes(a_process(early, RECORD, NOT_RECORDED))
