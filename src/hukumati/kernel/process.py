"""A process is a table of steps that proves itself when it is loaded."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from hukumati.kernel.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping


class By(StrEnum):
    """Who may take a step."""

    CITIZEN = "citizen"
    PARTY = "party"
    """Another person whose word the case needs: never the applicant."""
    CLERK = "clerk"
    COUNTER = "counter"
    LEDGER = "ledger"
    SYSTEM = "system"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Step:
    """From a state, by a verb, to a state. `when` names a condition; the step without one is taken when no other holds."""

    from_: str
    verb: str
    to: str
    by: By
    when: str = ""
    needs_reason: bool = False
    refunds: bool = False
    within_days: int = 0
    keeps_lines: tuple[str, ...] = ()
    """Of what goes back: the codes of lines that do not, because what they paid for is done."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a table, by a stable code, and where."""

    code: str
    where: str
    hint: str


class ProcessError(ValueError):
    """A table that does not prove itself. Carries every fault found, not only the first."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{fault.code} at {fault.where}: {fault.hint}" for fault in faults))
        self.faults = faults


@dataclass(eq=False)
class StepNotOpen(Refused):
    """The verb does not lead out of this state for this actor."""

    state: str
    verb: str
    code: ClassVar[str] = "kernel.step_not_open"


@dataclass(eq=False)
class ReasonMissing(Refused):
    """This step must say why."""

    verb: str
    code: ClassVar[str] = "kernel.reason_missing"


@dataclass(frozen=True)
class Process:
    """The table. Build it with `prove`d=True semantics by calling `proved()`; an unproved table is only for showing faults."""

    start: str
    end: frozenset[str]
    steps: tuple[Step, ...]

    @property
    def states(self) -> frozenset[str]:
        return frozenset({self.start, *self.end, *(s.from_ for s in self.steps), *(s.to for s in self.steps)})

    def from_state(self, state: str) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.from_ == state)

    def take(self, state: str, verb: str, *, by: By, conditions: Mapping[str, bool], reason: str = "") -> Step:
        """The step that `verb` takes from `state`. Refuses with StepNotOpen or ReasonMissing."""
        open_ = [step for step in self.from_state(state) if step.verb == verb and step.by == by]
        chosen = next((s for s in open_ if s.when and conditions[s.when]), next((s for s in open_ if not s.when), None))
        if chosen is None:
            raise StepNotOpen(state=state, verb=verb)
        if chosen.needs_reason and not reason.strip():
            raise ReasonMissing(verb=verb)
        return chosen

    def faults(self) -> list[Fault]:
        return [
            *self._reachability_faults(),
            *self._choice_faults(),
            *self._waiting_faults(),
            *self._fee_faults(),
            *self._party_faults(),
            *self._record_faults(),
        ]

    def proved(self) -> Process:
        if faults := self.faults():
            raise ProcessError(faults)
        return self

    def reachable(self, start: str, *, without_verb: str = "") -> frozenset[str]:
        seen, todo = {start}, [start]
        while todo:
            for step in self.from_state(todo.pop()):
                if step.verb != without_verb and step.to not in seen:
                    seen.add(step.to)
                    todo.append(step.to)
        return frozenset(seen)

    def _reachability_faults(self) -> list[Fault]:
        reached = self.reachable(self.start)
        faults = [
            Fault("unreachable_state", s, "no step leads here from the start") for s in sorted(self.states - reached)
        ]
        for state in sorted(reached):
            if state in self.end and self.from_state(state):
                faults.append(Fault("end_goes_on", state, "an end state has no steps out of it"))
            if not self.reachable(state) & self.end:
                faults.append(Fault("dead_end", state, "no path from here reaches an end state"))
        return faults

    def _choice_faults(self) -> list[Fault]:
        groups: dict[tuple[str, str, str], list[Step]] = defaultdict(list)
        for step in self.steps:
            groups[step.from_, step.verb, step.by].append(step)
        faults = []
        for (state, verb, by), steps in groups.items():
            if sum(not step.when for step in steps) != 1:
                hint = f"exactly one of the steps of {by} must have no condition: it is taken when no other holds"
                faults.append(Fault("unclear_choice", f"{state}.{verb}", hint))
        return faults

    def _waiting_faults(self) -> list[Fault]:
        """A state that waits for a person must end by itself some day."""
        faults = []
        for state in sorted(self.states - self.end):
            steps = self.from_state(state)
            if state == self.start or not steps or any(step.by in (By.SYSTEM, By.CLOCK) for step in steps):
                continue
            if not any(step.within_days for step in steps):
                faults.append(Fault("waits_for_ever", state, "give a step within_days, or a step by the clock"))
        return faults

    def _fee_faults(self) -> list[Fault]:
        """No way to a document, or to an entry in a register, past a due fee: without `pay`, neither is reached from a table that has `pay`."""
        if not any(step.verb == "pay" for step in self.steps):
            return []
        unpaid = self.reachable(self.start, without_verb="pay")
        past = {
            "issue": ("document_past_fee", "this state issues a document and is reached without `pay`"),
            "record": ("record_past_fee", "this state has a register enter something and is reached without `pay`"),
        }
        return [
            Fault(past[step.verb][0], step.from_, past[step.verb][1])
            for step in self.steps
            if step.verb in past and step.from_ in unpaid
        ]

    def _party_faults(self) -> list[Fault]:
        """Who is asked for his word may give it or not, says why not, and is not waited for without end."""
        faults = []
        for state in sorted({step.from_ for step in self.steps if step.by == By.PARTY}):
            steps = self.from_state(state)
            verbs = {step.verb for step in steps if step.by == By.PARTY}
            if verbs != {"confirm", "decline"}:
                faults.append(Fault("party_half_asked", state, "who may `confirm` may also `decline`, and the reverse"))
            if not any(step.by == By.CLOCK and step.within_days for step in steps):
                faults.append(Fault("party_without_term", state, "give it a step by the clock with within_days"))
            if any(step.verb == "decline" and not step.needs_reason for step in steps):
                faults.append(Fault("decline_without_reason", state, "`decline` has needs_reason = true"))
        return faults

    def _record_faults(self) -> list[Fault]:
        """A register may say no: a refusal has its own way out, to a clerk who looks into it or to an end."""
        faults = []
        for state in sorted({step.from_ for step in self.steps if step.verb in ("record", "record_refused")}):
            steps = self.from_state(state)
            if {step.verb for step in steps if step.by == By.SYSTEM} != {"record", "record_refused"}:
                hint = "a state with `record` has `record_refused` too, and nothing else by the system"
                faults.append(Fault("record_one_way", state, hint))
            for step in steps:
                is_seen = any(onward.by == By.CLERK for onward in self.from_state(step.to))
                if step.verb == "record_refused" and not (is_seen or step.to in self.end):
                    hint = "a refusal leads to a state that waits for a clerk, or to an end"
                    faults.append(Fault("refusal_unseen", state, hint))
        return faults
