"""What a new version changes, told in words: every kind of change is found, and every one has its sentence."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.catalogue import changes
from hukumati.domain.catalogue.change_words import PARTS, SENTENCES
from hukumati.domain.catalogue.tests.builders import published

BIRTH = "interior/birth_certificate_copy"


@pytest.fixture
def services(tmp_path):
    shutil.copytree(settings.SERVICES_DIR, tmp_path / "services")
    return tmp_path / "services"


@pytest.fixture
def folder(services):
    return services / BIRTH


def edited(folder, file, *changes_made):
    path = folder / file
    text = path.read_text()
    for before, after in changes_made:
        assert before in text, before
        text = text.replace(before, after)
    path.write_text(text)


def said(folder, *, language="en"):
    old, new = catalogue.load_folder(Path(settings.SERVICES_DIR) / BIRTH), catalogue.load_folder(folder)
    return [catalogue.sentence(change).in_(language) for change in catalogue.diff(old, new)]


def test_the_same_content_changes_nothing(folder):
    assert said(folder) == []


def test_a_first_version_is_one_change(folder):
    [change] = catalogue.diff(None, catalogue.load_folder(folder))
    assert (change.code, catalogue.sentence(change).en) == (
        "first_version",
        "The first version of “Copy of a birth certificate”",
    )


@pytest.mark.parametrize(
    ("file", "before", "after", "words"),
    [
        ("service.toml", "answer_within_working_days = 2", "answer_within_working_days = 5", "Promised time: from 2 days to 5 days"),
        ("service.toml", '"transfer", "cash"]', '"transfer"]', "A way to pay less: cash"),
        ("service.toml", 'stage = "open"', 'stage = "pilot"', "Stage: from open to pilot"),
        ("service.toml", "[document]\n", "[document]\nvalid_days = 90\n", "The document is valid: 90 days instead of without end"),
        ("fees.toml", "amount_minor = 1000", "amount_minor = 1500", "from 10.00 ILS to 15.00 ILS"),
        ("fees.toml", 'article = "3/1"', 'article = "3/2"', "from demo-tariff, 3/1 to demo-tariff, 3/2"),
        ("form.toml", 'options = ["ar", "en", "both"]', 'options = ["ar", "en"]', "No longer a choice of"),
        ("form.toml", "maximum = 5", "maximum = 9", "from ≥ 1 ≤ 5 (200) to ≥ 1 ≤ 9 (200)"),
        ("form.toml", 'id = "copies"\n', 'id = "copies"\nrequired = false\n', "Now optional:"),
        ("exchange.toml", "fresh_seconds = 3600", "fresh_seconds = 60", "from 3600 s to 60 s"),
        ("texts/en.toml", 'name = "Copy of a birth certificate"', 'name = "A copy"', "becomes “A copy”"),
        ("document.typ", "\n", "\n ", "The document looks otherwise"),
        ("process.toml", 'to = "to_issue", by = "clerk", within_days = 2', 'to = "to_issue", by = "clerk", within_days = 4', "4 days"),
    ],
)  # fmt: skip
def test_a_change_is_told(folder, file, before, after, words):
    if "both" in before:
        edited(folder, "texts/en.toml", *_without(folder, "texts/en.toml", "both"))
        edited(folder, "texts/ar.toml", *_without(folder, "texts/ar.toml", "both"))
    edited(folder, file, (before, after))
    assert any(words in sentence for sentence in said(folder)), said(folder)


def _without(folder, file, word):
    """Take an option's own line out of the texts."""
    return [
        (line + "\n", "")
        for line in (folder / file).read_text().splitlines()
        if re.match(rf"[\w.]*option[\w.]*\.{word} =|{word} =", line)
    ]


def test_a_read_of_less_and_a_field_less_are_told(folder):
    edited(folder, "exchange.toml", ('  "birth_place_latin",\n', ""))
    edited(folder, "service.toml", ('birth_place_latin = "record.birth_place_latin"\n', ""))
    sample = folder / "document.sample.json"
    sample.write_text(re.sub(r'\s*"birth_place_latin": "[^"]*",', "", sample.read_text()))
    sentences = said(folder)
    assert any(sentence.startswith("One fact less is read: birth_place_latin") for sentence in sentences)
    assert "The document no longer says: birth_place_latin" in sentences


def test_every_kind_of_change_has_a_sentence_in_both_languages():
    source = Path(changes.__file__).read_text()
    named = set(re.findall(r'"([a-z]+(?:_[a-z]+)+|stage|burden|text)"', source)) & set(SENTENCES)
    assert {"stage", "field_asked", "fee_amount", "step_changed", "read_added"} <= {*named, "fee_amount"}
    sets = re.findall(r'_set_changes\("(\w+)"', source)
    assert {f"{one}_{end}" for one in sets for end in ("added", "removed")} <= set(SENTENCES)
    assert {f"fee_{about}" for about in ("amount", "basis", "account", "valid", "counted")} <= set(SENTENCES)
    assert set(PARTS) == set(catalogue.Part)
    for words in SENTENCES.values():
        assert re.search("[\u0600-\u06ff]", words.ar)
        assert set(re.findall(r"{(\w+)}", words.ar)) == set(re.findall(r"{(\w+)}", words.en))


def test_the_command_tells_what_a_folder_changes(db, services, folder, capsys):
    call_command("services", "--services", str(services), "diff", "interior.birth_certificate_copy")
    assert "– → v2" in capsys.readouterr().out
    published(folder)
    edited(
        folder,
        "service.toml",
        ("version = 2", "version = 3"),
        ("answer_within_working_days = 2", "answer_within_working_days = 5"),
    )
    call_command("services", "--services", str(services), "diff", "interior.birth_certificate_copy", "--language", "ar")
    told = capsys.readouterr().out
    assert "v2 → v3" in told
    assert "المدة الموعودة — قبل: يومان، بعد: 5 أيام" in told
    assert "0 draft(s) go over to v3" in told


@pytest.mark.parametrize(("verb", "begins"), [("schema", "{"), ("bpmn", "<?xml"), ("draw", "<svg")])
def test_a_folder_is_exported_by_command(db, services, verb, begins, tmp_path, capsys):
    call_command("services", "--services", str(services), verb, "interior.birth_certificate_copy")
    assert capsys.readouterr().out.startswith(begins)
    to = tmp_path / "out"
    call_command("services", "--services", str(services), verb, "interior.birth_certificate_copy", "--to", str(to))
    assert to.read_text().startswith(begins)
