"""From the files of a folder to a ServiceVersion, or every fault at once."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from hukumati.domain.catalogue import facts
from hukumati.domain.catalogue.calculator import words_of
from hukumati.domain.catalogue.decisions.facts import Type
from hukumati.domain.catalogue.folder import answers, forms, proofs, rules_module, shapes, tables
from hukumati.domain.catalogue.folder.source import Source, read_folder
from hukumati.domain.catalogue.folder.texts import Texts
from hukumati.domain.catalogue.rules import REFUSAL
from hukumati.kernel.money import Money
from hukumati.kernel.process import By, Process, Step

if TYPE_CHECKING:
    import pathlib

    from hukumati.domain.catalogue.folder.shapes import ConditionShape
    from hukumati.kernel.text import Text


def load_folder(path: pathlib.Path) -> facts.ServiceVersion:
    """Read and prove a service folder. Raises ServiceFaultsError with every fault found."""
    return load_source(Source(read_folder(path), shown_as=f"{path.parent.name}/{path.name}/"))


def load_source(source: Source) -> facts.ServiceVersion:
    service = source.decode("service.toml", shapes.ServiceShape)
    if service is None:
        if "service.toml" not in source.files:
            source.fault_at("service.toml", 1, "file_missing", "every service has a service.toml")
        raise facts.ServiceFaultsError("?", source.faults)
    built = _Builder(source, service).build()
    if source.faults:
        raise facts.ServiceFaultsError(service.id, source.faults)
    return built


class _Builder:
    """One folder on its way to a version. Parts that do not decode leave a fault and an empty part, so that all faults are told at once."""

    def __init__(self, source: Source, service: shapes.ServiceShape) -> None:
        self.source, self.service = source, service
        self.texts = Texts(source)
        self.form = source.decode("form.toml", shapes.FormShape)
        self.process = source.decode("process.toml", shapes.ProcessShape)
        self.fees = source.decode("fees.toml", shapes.FeesShape)
        self.exchange = source.decode("exchange.toml", shapes.ExchangeShape)
        self.answer = source.decode("answer.toml", shapes.AnswerShape)
        self.tables = tables.build(source)

    def build(self) -> facts.ServiceVersion:
        service, need = self.service, self._need
        version = facts.ServiceVersion(
            id=service.id,
            version=service.version,
            institution=service.institution,
            kind=service.kind,
            stage=service.stage,
            audience=frozenset(service.audience),
            name=need("name", "service.toml", ("id",)),
            summary=need("summary", "service.toml", ("id",)),
            who=need("who", "service.toml", ("id",)),
            note=self.texts.find("note"),
            icon=service.icon,
            keywords=tuple(service.keywords),
            papers=tuple(need(f"papers.{paper}", "service.toml", ("papers",)) for paper in service.papers),
            legal_basis=tuple(service.legal_basis),
            fee_lines=self._fee_lines(),
            answer_within_working_days=service.answer_within_working_days,
            answers_a_second=service.answers_a_second,
            pick_up=frozenset(service.pick_up),
            pay_by=tuple(service.pay_by),
            offices=tuple(service.offices),
            form=forms.build(self.form, self.texts),
            process=self._process(),
            conditions=self._conditions(),
            reads=self._reads(),
            writes=self._writes(),
            answer=answers.build(self.answer, self.texts, goes_on=self.process is not None),
            document=self._document(),
            texts={},
            rules=rules_module.load(self.source),
            content_sha256=self.source.sha256,
            category=service.category,
            life_events=tuple(service.life_events),
            item_lines=self._item_lines(),
            tables=self.tables,
            eligibility=service.eligibility,
        )
        self._need_refusals()
        self._find_inputs()
        self.texts.report_unused()
        version = dataclasses.replace(version, texts=self.texts.used)
        decoded = proofs.Decoded(self.source, service, self.form, self.process, self.exchange, self.answer, self.fees)
        if not self.source.broken:
            proofs.prove(version, decoded)
        return version

    def _need(self, key: str, file: str, path: tuple[str | int, ...]) -> Text:
        return self.texts.need(key, file=file, path=path)

    def _fee_lines(self) -> tuple[facts.FeeLine, ...]:
        return tuple(
            facts.FeeLine(
                line.code,
                self._need(f"fee.{line.code}", "fees.toml", ("line", index, "code")),
                Money(line.amount_minor or 0, line.currency),
                line.instrument,
                line.article,
                line.revenue_account,
                line.valid_from,
                line.valid_until,
                line.times,
                line.when,
                line.table,
            )
            for index, line in enumerate(self.fees.line if self.fees else ())
        )

    def _item_lines(self) -> tuple[facts.ItemLine, ...]:
        return tuple(
            facts.ItemLine(
                line.code,
                self._need(f"fee.{line.code}", "fees.toml", ("items", index, "code")),
                line.from_,
                line.chosen_by,
                line.id,
                line.amount_minor if isinstance(line.amount_minor, str) else "",
                Money(line.amount_minor if isinstance(line.amount_minor, int) else 0, line.currency),
                line.instrument,
                line.article,
                line.revenue_account,
                line.valid_from,
                line.valid_until,
                line.when,
            )
            for index, line in enumerate(self.fees.items if self.fees else ())
        )

    def _find_inputs(self) -> None:
        """Words for what the public calculator may ask although it is no question of the form: both the label and its options, or neither."""
        for name, table in self.tables.items():
            for index, column in enumerate(table.declared.inputs):
                if self.texts.find(f"input.{column.name}.label") and column.type == Type.STRING:
                    for value in words_of(table, column):
                        self._need(f"input.{column.name}.option.{value}", tables.file_of(name), ("inputs", index))

    def _need_refusals(self) -> None:
        """The words for whoever the table of eligibility refuses."""
        table = self.tables.get(self.service.eligibility)
        file = tables.file_of(self.service.eligibility)
        for number, reason in tables.list_refusals(table) if table else ():
            self._need(f"{REFUSAL}.{reason}", file, ("rules", number))

    def _process(self) -> Process | None:
        if self.process is None:
            return None
        steps = tuple(
            Step(
                s.from_, s.verb, s.to, By(s.by), s.when, s.needs_reason, s.refunds, s.within_days, tuple(s.keeps_lines)
            )
            for s in self.process.steps
        )
        process = Process(self.process.start, frozenset(self.process.end), steps)
        asking = next((index for index, step in enumerate(steps) if step.by == By.PARTY), None)
        for key in ("party.title", "party.ask") if asking is not None else ():
            self._need(key, "process.toml", ("steps", asking or 0))
        for state in sorted(process.states):
            self._need(f"state.{state}", "process.toml", ("steps", self._first_step(state)))
        return process

    def _first_step(self, state: str) -> int:
        steps = self.process.steps if self.process else []
        return next((index for index, step in enumerate(steps) if state in (step.from_, step.to)), 0)

    def _conditions(self) -> tuple[facts.Condition, ...]:
        declared: dict[str, ConditionShape] = {}
        for part in (self.process, self.answer, self.fees, self.exchange):
            declared |= part.conditions if part else {}
        return tuple(
            facts.Condition(
                name,
                shape.fact,
                shape.is_,
                shape.is_not,
                tuple(shape.one_of),
                shape.at_least,
                shape.at_most,
                shape.within_days,
                shape.missing,
            )
            for name, shape in declared.items()
        )

    def _reads(self) -> tuple[facts.ReadDeclaration, ...]:
        return tuple(
            facts.ReadDeclaration(
                read.name,
                read.registry,
                read.service,
                read.subject,
                tuple(read.attributes),
                self._need(f"read.{read.name}.purpose", "exchange.toml", ("read", index)),
                read.fresh_seconds,
                dict(read.with_),
                read.when,
                read.may_be_absent,
            )
            for index, read in enumerate(self.exchange.read if self.exchange else ())
        )

    def _writes(self) -> tuple[facts.WriteDeclaration, ...]:
        declared = []
        for index, write in enumerate(self.exchange.write if self.exchange else ()):
            path, key = ("write", index), f"write.{write.name}"
            purpose = self._need(f"{key}.purpose", "exchange.toml", path)
            refusals = {
                reason: self._need(f"{key}.refused.{reason}", "exchange.toml", path) for reason in write.refusals
            }
            declared.append(
                facts.WriteDeclaration(
                    write.name,
                    write.registry,
                    write.service,
                    write.subject,
                    dict(write.facts),
                    tuple(write.returns),
                    purpose,
                    refusals,
                    write.when,
                    dict(write.each),
                )
            )
        return tuple(declared)

    def _document(self) -> facts.DocumentDeclaration | None:
        declared = self.service.document
        for file in ("document.typ", "document.sample.json"):
            if (file in self.source.files) is not (declared is not None):
                hint = "a [document] table, document.typ and document.sample.json go together"
                self.source.fault("service.toml", ("document",), "document_incomplete", f"{hint}: see {file}")
                return None
        if declared is None:
            return None
        sample: Any = self.source.json("document.sample.json")
        title = self._need("document.title", "service.toml", ("document",))
        return facts.DocumentDeclaration(
            title,
            self.source.files["document.typ"],
            declared.data,
            sample or {},
            declared.valid_days,
            declared.images,
            declared.interim,
            declared.valid_through,
            declared.subject_name,
        )
