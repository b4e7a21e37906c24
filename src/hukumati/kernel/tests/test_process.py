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
