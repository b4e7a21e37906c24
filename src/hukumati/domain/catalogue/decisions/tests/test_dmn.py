"""DMN XML: written and read again it is the same table, it has the standard's structure, and a hostile file is only a file."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given

from hukumati.domain.catalogue.decisions.dmn import NAMESPACE, DmnMalformedError, as_dmn, read_dmn
from hukumati.domain.catalogue.decisions.facts import Aggregation, HitPolicy, Type
from hukumati.domain.catalogue.decisions.tables import read_table
from hukumati.domain.catalogue.decisions.tests.tables_written import a_table, declared

TABLE = a_table(
    ('"worker"', "< 18", "0"), ('not("worker")', "-", "1500"), policy=HitPolicy.COLLECT, aggregation=Aggregation.SUM
).declared
# The children that DMN13.xsd allows in each element, in its order.
ORDER = {
    "definitions": ["decision"],
    "decision": ["variable", "decisionTable"],
    "decisionTable": ["input", "output", "annotation", "rule"],
    "input": ["inputExpression", "inputValues"],
    "output": ["outputValues", "defaultOutputEntry"],
    "rule": ["inputEntry", "outputEntry", "annotationEntry"],
    "inputExpression": ["text"],
}
ELEMENTS = {*ORDER, *(child for children in ORDER.values() for child in children), "text"}
WITHOUT_ID = {"text", "annotation", "annotationEntry"}


@given(declared())
def test_a_table_written_and_read_again_is_the_same(table):
    assert read_dmn(as_dmn(table)) == table


@given(declared())
def test_what_is_written_has_the_structure_of_the_standard(table):
    root = ET.fromstring(as_dmn(table))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for element in root.iter():
        name = element.tag.removeprefix(f"{{{NAMESPACE}}}")
        assert name in ELEMENTS
        assert (element.get("id") is None) is (name in WITHOUT_ID)
        places = [ORDER.get(name, ["text"]).index(child.tag.removeprefix(f"{{{NAMESPACE}}}")) for child in element]
        assert places == sorted(places)
        assert element.get("typeRef") in {None, *(str(kind) for kind in Type)}


def test_the_file_says_what_a_modeller_needs():
    root = ET.fromstring(as_dmn(TABLE))
    table = root.find(f".//{{{NAMESPACE}}}decisionTable")
    assert (table.get("hitPolicy"), table.get("aggregation")) == ("COLLECT", "SUM")
    assert [one.text for one in table.iter(f"{{{NAMESPACE}}}text")][:4] == [
        "record.category",
        "age_of(subject.birth_date)",
        '"worker"',
        "< 18",
    ]


def test_what_modellers_write_otherwise_is_understood():
    written = as_dmn(TABLE).decode()
    other = (
        written.replace('typeRef="number"', 'typeRef="integer"')
        .replace("<text>-</text>", "<text/>")
        .replace('xmlns="', 'xmlns:m="urn:a-modeller" m:exporter="x" xmlns="')
        .replace("<decision ", '<m:diagram width="3"/><decision ')
    )
    assert read_table(read_dmn(other.encode())).tests == read_table(TABLE).tests


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("20191111", "20151101", "not with `definitions` of DMN 1.3"),
        ("<decisionTable", "<!-- x --><context", "no XML"),
        ('hitPolicy="COLLECT"', 'hitPolicy="RULE ORDER"', "hitPolicy is 'RULE ORDER'"),
        ('aggregation="SUM"', 'aggregation="MEAN"', "aggregation is 'MEAN'"),
        ('typeRef="string"', 'typeRef="context"', "typeRef of input 1"),
        ("inputEntry", "inputCell", "cells"),
        ("<decision ", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><decision ', "no XML"),
    ],
)
def test_what_cannot_be_a_table_here_is_refused_by_name(old, new, says):
    written = as_dmn(TABLE).decode()
    assert old in written
    with pytest.raises(DmnMalformedError, match=says):
        read_dmn(written.replace(old, new).encode())


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"\x00\xff",
        b"<a>" * 5_000,
        b"<definitions/>",
        b"x" * 1_000_001,
        b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><definitions>&b;</definitions>',
        b'<?xml version="1.0"?><!DOCTYPE d SYSTEM "http://127.0.0.1/evil.dtd"><definitions/>',
        b'<?xml version="1.0" encoding="no-such"?><definitions/>',
    ],
)
def test_a_hostile_file_is_only_a_file(hostile):
    with pytest.raises(DmnMalformedError):
        read_dmn(hostile)
