"""What must hold of a service before it may be published. Each proof says what is wrong, where, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hukumati.domain.catalogue.facts import FieldKind, Kind, ServiceVersion, Stage, When
from hukumati.domain.catalogue.folder import (
    answer_proofs,
    fee_proofs,
    form_proofs,
    party_proofs,
    read_proofs,
    table_proofs,
    write_proofs,
)
from hukumati.domain.catalogue.folder.source import close_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hukumati.domain.catalogue.folder.lines import Path
    from hukumati.domain.catalogue.folder.shapes import (
        AnswerShape,
        ConditionShape,
        ExchangeShape,
        FeesShape,
        FormShape,
        ProcessShape,
        ServiceShape,
    )
    from hukumati.domain.catalogue.folder.source import Source
    from hukumati.kernel.process import Process

COLLECTED_AT = {"counter": "counter", "post_office": "post"}
"""Ways to receive that end at an office, and the kind of office."""

VERBS = {
    "submit": "citizen",
    "withdraw": "citizen",
    "resubmit": "citizen",
    "download": "citizen",
    "pay": "ledger",
    "expire": "clock",
    "close": "clock",
    "accept": "clerk",
    "refuse": "clerk",
    "return_for_correction": "clerk",
    "issue": "system",
    "hand_over": "counter",
    "confirm": "party",
    "decline": "party",
    "record": "system",
    "record_refused": "system",
}


@dataclass(frozen=True)
class Decoded:
    """The files as written, beside the version built from them: faults point at what was written."""

    source: Source
    service: ServiceShape
    form: FormShape | None
    process: ProcessShape | None
    exchange: ExchangeShape | None
    answer: AnswerShape | None
    fees: FeesShape | None

    def list_conditions(self) -> Iterator[tuple[str, str, ConditionShape]]:
        """Every condition with the file that declares it. Whatever a service decides by may name any of them."""
        parts = (
            ("process.toml", self.process),
            ("answer.toml", self.answer),
            ("fees.toml", self.fees),
            ("exchange.toml", self.exchange),
        )
        for file, part in parts:
            for name, shape in (part.conditions if part else {}).items():
                yield file, name, shape

    def list_conditions_asked(self) -> Iterator[tuple[str, Path, str]]:
        """Every place that asks for a condition."""
        for index, step in enumerate(self.process.steps if self.process else ()):
            yield "process.toml", ("steps", index), step.when
        for index, notice in enumerate(self.answer.notice if self.answer else ()):
            yield "answer.toml", ("notice", index), notice.when
        for index, line in enumerate(self.fees.line if self.fees else ()):
            yield "fees.toml", ("line", index), line.when
        for index, read in enumerate(self.exchange.read if self.exchange else ()):
            yield "exchange.toml", ("read", index), read.when
        for index, item in enumerate(self.fees.items if self.fees else ()):
            yield "fees.toml", ("items", index), item.when
        if self.answer and self.answer.continue_:
            yield "answer.toml", ("continue",), self.answer.continue_.when
        for index, write in enumerate(self.exchange.write if self.exchange else ()):
            yield "exchange.toml", ("write", index), write.when


def prove(version: ServiceVersion, files: Decoded) -> None:
    """Add every fault found to the source."""
    _prove_parts(version, files)
    _prove_steps(version, files)
    _prove_table(version, files)
    _prove_money_back(version, files)
    _prove_conditions(files)
    fee_proofs.prove(version, files)
    table_proofs.prove(version, files)
    _prove_ways(version, files)
    _prove_offices(version, files)
    _prove_images(version, files)
    _prove_document(version, files)
    form_proofs.prove(version, files)
    read_proofs.prove(version, files)
    answer_proofs.prove(version, files)
    write_proofs.prove(version, files)
    party_proofs.prove(version, files)


def _prove_parts(version: ServiceVersion, files: Decoded) -> None:
    """Which files a service of its kind and stage has."""
    automated = version.stage not in (Stage.LISTED, Stage.RETIRED)
    inquiry = version.kind == Kind.INQUIRY
    wanted = {
        "form.toml": automated and not inquiry,
        "process.toml": automated and not inquiry,
        "exchange.toml": automated and inquiry,
        "answer.toml": automated and inquiry,
        "fees.toml": automated and version.kind == Kind.PAID,
    }
    for file, needed in wanted.items():
        if needed and file not in files.source.files:
            files.source.fault(
                "service.toml",
                ("kind",),
                "file_missing",
                f"a service of kind {version.kind} at stage {version.stage} needs {file}",
            )
    if files.answer and not inquiry:
        hint = f"a service of kind {version.kind} gives no answer: only an inquiry does"
        files.source.fault_at("answer.toml", 1, "file_not_of_this_kind", hint)
    if version.stage == Stage.LISTED and version.process:
        files.source.fault(
            "service.toml", ("stage",), "stage_too_low", "it has a process: its stage is `automated` at least"
        )
    if not version.legal_basis:
        files.source.fault(
            "service.toml", ("legal_basis",), "no_legal_basis", "name the law, regulation or instrument it rests on"
        )


def _prove_steps(version: ServiceVersion, files: Decoded) -> None:
    for index, step in enumerate(files.process.steps if files.process else ()):
        path = ("steps", index)
        if step.verb not in VERBS:
            hint = (
                f"`{step.verb}` is not an office's verb; {close_to(step.verb, list(VERBS))}known are {', '.join(VERBS)}"
            )
            files.source.fault("process.toml", path, "unknown_verb", hint)
        elif step.by != VERBS[step.verb]:
            files.source.fault(
                "process.toml", path, "wrong_actor", f"`{step.verb}` is done by {VERBS[step.verb]}, not by {step.by}"
            )
    verbs = {step.verb for step in version.process.steps} if version.process else set()
    if files.process and version.kind == Kind.PAID and "pay" not in verbs:
        files.source.fault("process.toml", ("steps",), "no_payment", "a paid service has a step `pay` by the ledger")
    if files.process and version.kind == Kind.OTHER and "pay" in verbs:
        files.source.fault("service.toml", ("kind",), "wrong_kind", "it has a step `pay`: its kind is `paid`")


def _prove_table(version: ServiceVersion, files: Decoded) -> None:
    """The table's own proof: no dead end, no unreachable state, nothing that waits for ever, no document past a due fee."""
    if version.process is None or files.process is None:
        return
    for fault in version.process.faults():
        state, _dot, verb = fault.where.partition(".")
        steps = list(enumerate(files.process.steps))
        places = [index for index, step in steps if step.from_ == state and verb in ("", step.verb)]
        places += [index for index, step in steps if step.to == state]
        files.source.fault(
            "process.toml", ("steps", places[0] if places else 0), fault.code, f"{fault.where}: {fault.hint}"
        )


def _prove_money_back(version: ServiceVersion, files: Decoded) -> None:
    """Whoever paid and gets nothing gets the fee back, unless the table says openly that it is kept."""
    if version.process is None or files.process is None:
        return
    gives = _what_is_given(version.process)
    paid = {step.to for step in version.process.steps if step.verb == "pay"}
    todo = list(paid)
    while todo:
        onward = {step.to for step in version.process.from_state(todo.pop()) if step.verb != gives and not step.refunds}
        todo += sorted(onward - paid)
        paid |= onward
    for index, step in enumerate(files.process.steps):
        ends = step.from_ in paid and step.to in version.process.end and step.verb != gives
        if ends and not (step.refunds or step.keeps_fee):
            hint = f"who paid ends at `{step.to}` with nothing: give the step refunds = true (or keeps_fee = true, if the law says so)"
            files.source.fault("process.toml", ("steps", index), "fee_for_nothing", hint)
        lines = {line.code for line in version.fee_lines} | {line.code for line in version.item_lines}
        if step.keeps_lines and (not step.refunds or not lines >= set(step.keeps_lines)):
            hint = f"keeps_lines stands beside refunds = true and names lines of fees.toml: {', '.join(sorted(lines))}"
            files.source.fault("process.toml", ("steps", index), "unknown_line", hint)
        if step.refunds and step.from_ not in paid:
            files.source.fault(
                "process.toml", ("steps", index), "nothing_to_refund", f"nothing was paid yet at `{step.from_}`"
            )


def _what_is_given(process: Process) -> str:
    """What the fee is for: the document, or the entry in a register where nothing is issued."""
    return "issue" if any(step.verb == "issue" for step in process.steps) else "record"


def _prove_conditions(files: Decoded) -> None:
    declared: dict[str, str] = {}
    asked = [(file, path, name) for file, path, name in files.list_conditions_asked() if name]
    used = {name for _file, _path, name in asked}
    for file, name, shape in files.list_conditions():
        if name in declared:
            hint = f"`{name}` is declared in {declared[name]} too: declare it once, it may be asked for anywhere"
            files.source.fault(file, ("conditions", name), "condition_twice", hint)
        declared[name] = file
        if name not in used:
            files.source.fault(file, ("conditions", name), "condition_unused", f"nothing asks for `{name}`: remove it")
        _prove_comparison(files, file, name, shape)
    for file, path, name in asked:
        if name not in declared:
            hint = f"`{name}` is not under [conditions]; {close_to(name, list(declared))}declare it there"
            files.source.fault(file, path, "unknown_condition", hint)


def _prove_comparison(files: Decoded, file: str, name: str, shape: ConditionShape) -> None:
    if len(shape.comparisons) != 1:
        hint = "give exactly one of: is, is_not, one_of, at_least, at_most (the two together say between), within_days, missing"
        files.source.fault(file, ("conditions", name), "unclear_condition", hint)


def _prove_ways(version: ServiceVersion, files: Decoded) -> None:
    """Ways to pay and to receive agree with the table and the form."""
    if version.process is None:
        return
    verbs = {step.verb for step in version.process.steps}
    source = files.source
    for ways, verb in (({"download"}, "download"), (set(COLLECTED_AT), "hand_over")):
        if bool(ways & version.pick_up) is not (verb in verbs):
            hint = f"pick_up {' or '.join(f'`{way}`' for way in sorted(ways))} and a step `{verb}` go together"
            source.fault("service.toml", ("pick_up",), "pick_up_disagrees", hint)
    if ("pay" in verbs) is not bool(version.pay_by):
        source.fault("service.toml", ("pay_by",), "pay_by_disagrees", "pay_by and a step `pay` go together")
    kinds = {field.kind for field in version.form.fields}
    if len(version.pick_up) > 1 and "pick_up" not in kinds:
        source.fault(
            "service.toml", ("pick_up",), "no_way_asked", "several ways to receive need a form field of kind `pick_up`"
        )


def _prove_offices(version: ServiceVersion, files: Decoded) -> None:
    """Each way that ends at an office asks for an office of its kind, and only when that way was chosen."""
    if version.process is None:
        return
    chosen_by = version.form.find_kind(FieldKind.PICK_UP)
    for way in sorted(set(COLLECTED_AT) & version.pick_up):
        fields = [one for one in version.form.list_kind(FieldKind.OFFICE) if one.office_kinds == (COLLECTED_AT[way],)]
        wanted = When(chosen_by.id, way) if chosen_by else None
        if len(fields) != 1 or fields[0].when != wanted:
            hint = f'pick-up `{way}` needs one form field of kind `office` with office_kinds = ["{COLLECTED_AT[way]}"]'
            waiting = f' and when = {{ field = "{wanted.field}", is = "{way}" }}' if wanted else ""
            files.source.fault("service.toml", ("pick_up",), "no_office_asked", hint + waiting)


def _prove_document(version: ServiceVersion, files: Decoded) -> None:
    issues = version.process is not None and any(step.verb == "issue" for step in version.process.steps)
    if issues is not (version.document is not None):
        files.source.fault(
            "service.toml", ("document",), "document_disagrees", "a step `issue` and a [document] go together"
        )
    if version.document is None:
        return
    if version.document.valid_days is not None and version.document.valid_through:
        hint = "its validity ends after valid_days, or as the fact under valid_through says: give one of them"
        files.source.fault("service.toml", ("document",), "valid_twice", hint)
    derived = getattr(version.rules, "DOCUMENT_DATA", ())
    names, sampled = {*version.document.data, *derived}, set(version.document.sample)
    for name in sorted(names ^ sampled):
        side = "document.sample.json has no value for it" if name in names else "[document.data] does not declare it"
        files.source.fault("document.sample.json", (), "sample_disagrees", f"`{name}`: {side}")


def _prove_images(version: ServiceVersion, files: Decoded) -> None:
    """A document shows photos that its form asks for, by names that are not taken."""
    for name, path in (version.document.images if version.document else {}).items():
        asked = version.form.find_field(path.removeprefix("answers.")) if path.startswith("answers.") else None
        if asked is None or asked.kind != FieldKind.PHOTO or not asked.required or asked.when:
            hint = f"`{path}` is no answer to a question of kind `photo` that everybody answers"
            files.source.fault("service.toml", ("document", "images", name), "image_not_asked", hint)
