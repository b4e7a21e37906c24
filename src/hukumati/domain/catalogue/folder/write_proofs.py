"""What must hold of the writes: a register is told what the case knows, by a step of the table, and its refusals have their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.domain.catalogue.folder.read_proofs import RECEIPT

if TYPE_CHECKING:
    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.domain.catalogue.folder.proofs import Decoded

FILE = "exchange.toml"


def prove(version: ServiceVersion, files: Decoded) -> None:
    records = [step for step in version.process.steps if step.verb == "record"] if version.process else []
    for index, write in enumerate(version.writes):
        if not records:
            hint = f"`{write.name}` is never told: give process.toml a step `record` by the system"
            files.source.fault(FILE, ("write", index), "write_without_step", hint)
        own = [path for path in write.facts.values() if path.partition(".")[0] == write.name]
        for path in own:
            hint = f"`{path}` comes back from this write: it cannot be told by it"
            files.source.fault(FILE, ("write", index), "tells_what_comes_back", hint)
        paid = any(step.verb == "pay" for step in version.process.steps) if version.process else False
        if RECEIPT in write.facts.values() and not paid:
            hint = f"`{write.name}` tells the receipt, but nothing is paid: there is no step `pay`"
            files.source.fault(FILE, ("write", index), "nothing_paid", hint)
        if not write.refusals:
            hint = f"`{write.name}`: name under `refusals` why the register may say no; each has its words in the texts"
            files.source.fault(FILE, ("write", index), "refusals_unnamed", hint)
    if records and not version.writes and files.process is not None:
        place = next(index for index, step in enumerate(files.process.steps) if step.verb == "record")
        hint = "a step `record` tells a register what a [[write]] of exchange.toml declares: declare it"
        files.source.fault("process.toml", ("steps", place), "nothing_to_record", hint)
