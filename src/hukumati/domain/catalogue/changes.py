"""What a new version of a service changes against an older one, as facts. Pure: two versions in, changes out; `change_words` says them."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import unified_diff
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from hukumati.domain.catalogue.drawing import words
from hukumati.domain.catalogue.questions import FieldKind
from hukumati.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hukumati.domain.catalogue.facts import FeeLine, Field, ReadDeclaration, ServiceVersion
    from hukumati.kernel.process import Step

NOTHING = Text("", "")
TEXTS_OF_THEIR_OWN = ("field.", "page.", "papers.", "fee.", "state.", "read.")
"""Texts of things that are compared themselves."""


class Part(StrEnum):
    CITIZENS = "citizens"
    FEES = "fees"
    PROCESS = "process"
    READS = "reads"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `code` has its sentence in change_words; `before` and `after` are what it was and what it will be."""

    part: Part
    code: str
    name: Text = NOTHING
    before: Text = NOTHING
    after: Text = NOTHING


def diff(old: ServiceVersion | None, new: ServiceVersion) -> tuple[Change, ...]:
    """Every change, in the order in which people ask about them. A first version is one change."""
    if old is None:
        return (Change(Part.CITIZENS, "first_version", new.name, after=same(f"v{new.version}")),)
    return (*_for_citizens(old, new), *_fees(old, new), *_process(old, new), *_reads(old, new))


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file of the folder that is not what it was, line by line in the form of a unified diff."""

    name: str
    lines: tuple[str, ...]


def changed_files(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[FileChange, ...]:
    """Every file that differs. The sentences say what people notice; nothing that differs escapes these."""
    return tuple(
        FileChange(
            name,
            tuple(unified_diff(old.get(name, "").splitlines(), new.get(name, "").splitlines(), lineterm="", n=2))[2:],
        )
        for name in sorted(set(old) | set(new))
        if old.get(name) != new.get(name)
    )


def of_part(changes: Sequence[Change], part: Part) -> tuple[Change, ...]:
    """Of these changes those of one part."""
    return tuple(change for change in changes if change.part == part)


def same(said: Any) -> Text:
    """What reads alike in both languages: codes, numbers, amounts."""
    return Text(str(said), str(said))


def _for_citizens(old: ServiceVersion, new: ServiceVersion) -> Iterator[Change]:
    yield from _if_other("stage", NOTHING, old.stage, new.stage)
    yield from _if_other("eligibility", NOTHING, old.eligibility or "–", new.eligibility or "–")
    yield from _set_changes("audience", sorted(old.audience), sorted(new.audience))
    yield from _fields(old, new)
    yield from _set_changes("paper", old.papers, new.papers)
    days = (old.answer_within_working_days, new.answer_within_working_days)
    yield from _if_other("promised_days", NOTHING, *map(words.days, days))
    yield from _set_changes("way_to_pay", sorted(old.pay_by), sorted(new.pay_by))
    yield from _set_changes("way_to_receive", sorted(old.pick_up), sorted(new.pick_up))
    yield from _set_changes("office", old.offices, new.offices)
    yield from _document(old, new)
    yield from _if_other("burden", NOTHING, old.burden.asked, new.burden.asked)
    for key in sorted(set(old.texts) | set(new.texts)):
        if not key.startswith(TEXTS_OF_THEIR_OWN):
            yield from _if_other("text", same(key), old.texts.get(key, NOTHING), new.texts.get(key, NOTHING))


def _fields(old: ServiceVersion, new: ServiceVersion) -> Iterator[Change]:
    before, after = ({field.id: field for field in version.form.fields} for version in (old, new))
    for id_ in [*before, *(id_ for id_ in after if id_ not in before)]:
        was, is_ = before.get(id_), after.get(id_)
        if was and is_:
            yield from _field(was, is_)
        elif was:
            yield Change(Part.CITIZENS, "field_no_longer_shown" if _shows(was) else "field_no_longer_asked", was.label)
        elif is_:
            yield Change(Part.CITIZENS, "field_shown" if _shows(is_) else "field_asked", is_.label)


def _shows(field: Field) -> bool:
    return field.kind == FieldKind.SHOW


def _field(was: Field, is_: Field) -> Iterator[Change]:
    name = is_.label
    yield from _if_other("field_label", same(is_.id), was.label, is_.label)
    yield from _if_other("field_hint", name, was.hint or NOTHING, is_.hint or NOTHING)
    yield from _if_other("field_kind", name, was.kind, is_.kind)
    if was.required is not is_.required:
        yield Change(Part.CITIZENS, "field_now_required" if is_.required else "field_now_optional", name)
    for code, before, after in (("option_added", is_, was), ("option_removed", was, is_)):
        known = {option.value for option in after.options}
        for option in before.options:
            if option.value not in known:
                yield Change(Part.CITIZENS, code, name, after=option.label)
    yield from _if_other("field_limits", name, _limits(was), _limits(is_))
    yield from _if_other("field_when", name, _when(was), _when(is_))


def _limits(field: Field) -> str:
    """Only what was set: a limit that nobody gave is no news."""
    given = {"≥": field.minimum, "≤": field.maximum, "=": field.length_exact}
    return " ".join(
        [f"{sign} {value}" for sign, value in given.items() if value is not None] + [f"({field.length_max})"]
    )


def _when(field: Field) -> Text:
    if field.when is None:
        return Text("دائماً", "always")
    values = [*field.when.one_of, *([] if field.when.is_ is None else [field.when.is_])]
    fits = f"≥ {field.when.at_least}" if field.when.at_least is not None else f"= {' | '.join(map(str, values))}"
    return same(f"{field.when.field} {fits}")


def _document(old: ServiceVersion, new: ServiceVersion) -> Iterator[Change]:
    was, is_ = old.document, new.document
    if was is None or is_ is None:
        if was is not is_:
            yield Change(Part.CITIZENS, "document_added" if is_ else "document_removed")
        return
    yield from _set_changes("document_fact", sorted(was.data), sorted(is_.data))
    limits = [words.days(one.valid_days) if one.valid_days else Text("بلا نهاية", "without end") for one in (was, is_)]
    yield from _if_other("document_validity", NOTHING, *limits)
    if was.template != is_.template:
        yield Change(Part.CITIZENS, "document_layout")


def _fees(old: ServiceVersion, new: ServiceVersion) -> Iterator[Change]:
    before, after = ({line.code: line for line in version.fee_lines} for version in (old, new))
    for code in [*before, *(code for code in after if code not in before)]:
        was, is_ = before.get(code), after.get(code)
        if was and is_:
            for about in ("amount", "basis", "account", "valid", "counted"):
                yield from _if_other(f"fee_{about}", is_.name, _of_fee(was, about), _of_fee(is_, about), part=Part.FEES)
        elif was:
            yield Change(Part.FEES, "fee_removed", was.name, before=_of_fee(was, "amount"))
        elif is_:
            amount, basis = _of_fee(is_, "amount"), _of_fee(is_, "basis")
            yield Change(Part.FEES, "fee_added", is_.name, before=basis, after=amount)

    yield from _item_lines(old, new)
    for name in sorted({*old.tables, *new.tables}):
        if old.tables.get(name) != new.tables.get(name):
            state = (
                "table_added"
                if name not in old.tables
                else "table_removed"
                if name not in new.tables
                else "table_changed"
            )
            yield Change(Part.FEES, state, same(name))


def _item_lines(old: ServiceVersion, new: ServiceVersion) -> Iterator[Change]:
    """Lines for each record that was chosen."""
    before, after = ({line.code: line for line in version.item_lines} for version in (old, new))
    for code in sorted({*before, *after}):
        was, is_ = before.get(code), after.get(code)
        if was and is_ and was != is_:
            yield Change(Part.FEES, "items_changed", is_.name)
        elif (was is None) is not (is_ is None):
            line = was or is_
            yield Change(Part.FEES, "items_added" if is_ else "items_removed", line.name if line else NOTHING)


def _of_fee(line: FeeLine, about: str) -> Text:
    return same(
        {
            "amount": f"{line.unit} {line.unit.currency}" if not line.table else line.table,
            "basis": f"{line.instrument}, {line.article}",
            "account": line.revenue_account,
            "valid": f"{line.valid_from} – {line.valid_until or '…'}",
            "counted": " ".join(part for part in (line.times, line.when) if part) or "1",
        }[about]
    )


def _process(old: ServiceVersion, new: ServiceVersion) -> Iterator[Change]:
    was, is_ = (dict.fromkeys(version.process.states, version) if version.process else {} for version in (old, new))
    for state in sorted(set(was) ^ set(is_)):
        version = (is_ | was)[state]
        yield Change(Part.PROCESS, "state_added" if state in is_ else "state_removed", version.state_text(state))
    before, after = (
        {(step.from_, step.verb, step.by, step.when): step for step in version.process.steps} if version.process else {}
        for version in (old, new)
    )
    for key in [*before, *(key for key in after if key not in before)]:
        if key in before and key in after:
            yield from _if_other(
                "step_changed",
                _step_name(after[key], new),
                _step_words(before[key], old),
                _step_words(after[key], new),
                part=Part.PROCESS,
            )
        elif key in before:
            yield Change(Part.PROCESS, "step_removed", _step_name(before[key], old), _step_words(before[key], old))
        else:
            yield Change(Part.PROCESS, "step_added", _step_name(after[key], new), after=_step_words(after[key], new))


def _step_name(step: Step, version: ServiceVersion) -> Text:
    state, verb, by = version.state_text(step.from_), words.verb(step.verb), words.actor(step.by)
    return Text(f"{state.ar}: {verb.ar} ({by.ar})", f"{state.en}: {verb.en} ({by.en})")


def _step_words(step: Step, version: ServiceVersion) -> Text:
    """Where it leads and on what terms."""
    to, limit = version.state_text(step.to), words.days(step.within_days) if step.within_days else NOTHING
    terms = [
        Text("يُرد الرسم", "the fee goes back") if step.refunds else NOTHING,
        Text("بسبب مكتوب", "with a reason") if step.needs_reason else NOTHING,
        limit,
    ]
    arabic = "، ".join([to.ar, *(term.ar for term in terms if term.ar)])
    return Text(arabic, ", ".join([to.en, *(term.en for term in terms if term.en)]))


def _reads(old: ServiceVersion, new: ServiceVersion) -> Iterator[Change]:
    before, after = ({read.name: read for read in version.reads} for version in (old, new))
    for name in [*before, *(name for name in after if name not in before)]:
        was, is_ = before.get(name), after.get(name)
        if was and is_:
            yield from _read(was, is_)
        elif was:
            yield Change(Part.READS, "read_removed", was.purpose, before=same(f"{was.registry} {was.service}"))
        elif is_:
            told = same(f"{is_.registry} {is_.service}: {', '.join(is_.attributes)}")
            yield Change(Part.READS, "read_added", is_.purpose, after=told)


def _read(was: ReadDeclaration, is_: ReadDeclaration) -> Iterator[Change]:
    name = is_.purpose
    for code, more in (
        ("attribute_more", set(is_.attributes) - set(was.attributes)),
        ("attribute_less", set(was.attributes) - set(is_.attributes)),
    ):
        for attribute in sorted(more):
            yield Change(Part.READS, code, name, after=same(attribute))
    source = [same(f"{read.registry} {read.service} ({read.subject})") for read in (was, is_)]
    yield from _if_other("read_source", name, *source, part=Part.READS)
    yield from _if_other("read_purpose", same(is_.name), was.purpose, is_.purpose, part=Part.READS)
    yield from _if_other("read_freshness", name, f"{was.fresh_seconds} s", f"{is_.fresh_seconds} s", part=Part.READS)


def _if_other(code: str, name: Text, before: Any, after: Any, *, part: Part = Part.CITIZENS) -> Iterator[Change]:
    if before != after:
        was, is_ = (side if isinstance(side, Text) else same(side) for side in (before, after))
        yield Change(part, code, name, was, is_)


def _set_changes(what: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Change]:
    for code, more, than in (("added", after, before), ("removed", before, after)):
        for one in more:
            if one not in than:
                yield Change(Part.CITIZENS, f"{what}_{code}", one if isinstance(one, Text) else same(one))
