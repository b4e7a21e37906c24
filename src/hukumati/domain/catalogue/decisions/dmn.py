"""A table as DMN 1.3 XML, so that a ministry can keep it in a modeller of its own: written whole, and read strictly.

Element names, order and attributes follow DMN13.xsd of the standard. What DMN can say and a table here cannot (expressions, contexts,
several decisions in one file) is refused by its name. Entities, external documents and anything that would be fetched are refused by the
parser: a file of somebody else is data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, ParseError, SubElement, indent, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from hukumati.domain.catalogue.decisions.facts import (
    Aggregation,
    DecisionTable,
    HitPolicy,
    InputColumn,
    OutputColumn,
    Rule,
    Type,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMESPACE: Final = "https://www.omg.org/spec/DMN/20191111/MODEL/"
OURS: Final = "urn:hukumati:decisions"
BYTES_MAX: Final = 1_000_000


class DmnMalformedError(ValueError):
    """The file is no table that can be read. Says what is wrong."""


def as_dmn(table: DecisionTable) -> bytes:
    """The table as one decision in a file of its own."""
    name = table.name
    root = Element("definitions", {"xmlns": NAMESPACE, "id": f"{name}_definitions", "name": name, "namespace": OURS})
    decision = SubElement(root, "decision", {"id": f"{name}_decision", "name": name})
    SubElement(decision, "variable", {"id": f"{name}_variable", "name": name})
    how = {"id": f"{name}_table", "hitPolicy": table.hit_policy.value}
    if table.aggregation:
        how["aggregation"] = table.aggregation.value
    written = SubElement(decision, "decisionTable", how)
    for number, column in enumerate(table.inputs, 1):
        _write_input(written, column, f"{name}_input_{number}")
    for number, output in enumerate(table.outputs, 1):
        _write_output(written, output, f"{name}_output_{number}")
    if any(rule.note for rule in table.rules):
        SubElement(written, "annotation", {"name": "note"})
    for number, rule in enumerate(table.rules, 1):
        _write_rule(written, rule, f"{name}_rule_{number}")
    indent(root)
    return bytes(tostring(root, encoding="UTF-8", xml_declaration=True))


def read_dmn(content: bytes) -> DecisionTable:
    """The one decision table of the file. Raises DmnMalformedError."""
    if len(content) > BYTES_MAX:
        raise DmnMalformedError(f"the file is larger than {BYTES_MAX} bytes")
    try:
        root = fromstring(content, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise DmnMalformedError(f"this is no XML that is read here: {error}") from None
    if root.tag != _tag("definitions"):
        raise DmnMalformedError(f"the file begins with {root.tag}, not with `definitions` of DMN 1.3 ({NAMESPACE})")
    decisions = root.findall(f".//{_tag('decisionTable')}")
    if len(decisions) != 1:
        raise DmnMalformedError(f"the file has {len(decisions)} decision tables; it must have one")
    return _read_table(root, decisions[0])


def _write_input(table: Element, column: InputColumn, own: str) -> None:
    written = SubElement(table, "input", {"id": own, "label": column.name})
    expression = SubElement(written, "inputExpression", {"id": f"{own}_expression", "typeRef": column.type.value})
    _write_text(expression, column.expression)
    if column.values:
        _write_text(SubElement(written, "inputValues", {"id": f"{own}_values"}), column.values)


def _write_output(table: Element, column: OutputColumn, own: str) -> None:
    written = SubElement(table, "output", {"id": own, "name": column.name, "typeRef": column.type.value})
    if column.values:
        _write_text(SubElement(written, "outputValues", {"id": f"{own}_values"}), column.values)
    if column.default:
        _write_text(SubElement(written, "defaultOutputEntry", {"id": f"{own}_default"}), column.default)


def _write_rule(table: Element, rule: Rule, own: str) -> None:
    written = SubElement(table, "rule", {"id": own})
    for number, cell in enumerate(rule.when, 1):
        _write_text(SubElement(written, "inputEntry", {"id": f"{own}_input_{number}"}), cell)
    for number, cell in enumerate(rule.then, 1):
        _write_text(SubElement(written, "outputEntry", {"id": f"{own}_output_{number}"}), cell)
    if rule.note:
        _write_text(SubElement(written, "annotationEntry"), rule.note)


def _write_text(parent: Element, text: str) -> None:
    SubElement(parent, "text").text = text


def _read_table(root: Element, table: Element) -> DecisionTable:
    policy = _word(HitPolicy, table.get("hitPolicy", "UNIQUE"), "hitPolicy")
    said = table.get("aggregation")
    inputs = tuple(_read_input(one, number) for number, one in enumerate(table.findall(_tag("input")), 1))
    outputs = tuple(_read_output(one, number) for number, one in enumerate(table.findall(_tag("output")), 1))
    rules = tuple(
        _read_rule(one, number, len(inputs), len(outputs)) for number, one in enumerate(table.findall(_tag("rule")), 1)
    )
    if not (inputs and outputs and rules):
        raise DmnMalformedError("a table has an input, an output and a rule at least")
    aggregation = _word(Aggregation, said, "aggregation") if said else None
    return DecisionTable(_name_of(root, table), inputs, outputs, rules, policy, aggregation)


def _name_of(root: Element, table: Element) -> str:
    owner = next((one for one in root.findall(_tag("decision")) if table in list(one)), None)
    if owner is None:
        raise DmnMalformedError("the table stands in no `decision`")
    return owner.get("name", "")


def _read_input(column: Element, number: int) -> InputColumn:
    expression = column.find(_tag("inputExpression"))
    if expression is None:
        raise DmnMalformedError(f"input {number} has no inputExpression")
    name = column.get("label") or f"input_{number}"
    kind = _word(Type, _plain(expression.get("typeRef", "string")), f"typeRef of input {number}")
    return InputColumn(name, _text(expression), kind, _text(column.find(_tag("inputValues"))))


def _read_output(column: Element, number: int) -> OutputColumn:
    kind = _word(Type, _plain(column.get("typeRef", "string")), f"typeRef of output {number}")
    values, default = column.find(_tag("outputValues")), column.find(_tag("defaultOutputEntry"))
    return OutputColumn(
        column.get("name") or column.get("label") or f"output_{number}", kind, _text(values), _text(default)
    )


def _read_rule(rule: Element, number: int, ins: int, outs: int) -> Rule:
    when = tuple(_text(cell) for cell in rule.findall(_tag("inputEntry")))
    then = tuple(_text(cell) for cell in rule.findall(_tag("outputEntry")))
    if (len(when), len(then)) != (ins, outs):
        raise DmnMalformedError(f"rule {number} has {len(when)} and {len(then)} cells, not {ins} and {outs}")
    notes = [_text(note) for note in rule.findall(_tag("annotationEntry"))]
    return Rule(when, then, " ".join(note for note in notes if note))


def _text(parent: Element | None) -> str:
    """What stands in the element's `text`. Modellers write an empty cell for `-`."""
    text = parent.find(_tag("text")) if parent is not None else None
    return (text.text or "").strip() if text is not None else ""


def _plain(reference: str) -> str:
    """`feel:number` and `number` are the same type; `integer`, `long` and `double` are what some modellers call numbers."""
    name = reference.rpartition(":")[2].rpartition("}")[2]
    return {"integer": "number", "long": "number", "double": "number"}.get(name, name)


def _word[W: (HitPolicy, Aggregation, Type)](kind: type[W], said: str, where: str) -> W:
    found = next((word for word in _words(kind) if word.value == said), None)
    if found is None:
        known = ", ".join(word.value for word in _words(kind))
        raise DmnMalformedError(f"{where} is {said!r}; a table here has one of {known}")
    return found


def _words[W: (HitPolicy, Aggregation, Type)](kind: type[W]) -> Iterator[W]:
    yield from kind


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
