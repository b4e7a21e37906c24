"""`services table`: out to a modeller and back."""

import pytest
from django.core.management import CommandError, call_command

from hukumati.domain.catalogue.folder import tables
from hukumati.domain.catalogue.folder.checks import load_proved
from hukumati.domain.catalogue.tests.renewal import RENEWAL, a_renewal


@pytest.fixture
def folder(tmp_path):
    return a_renewal(tmp_path)


def run(folder, deed, *names, **options):
    call_command(
        "services", "--services", str(folder.parent.parent), "table", deed, RENEWAL, *map(str, names), **options
    )


def test_a_table_goes_out_and_comes_back_the_same(folder, tmp_path, capsys):
    before = load_proved(folder)[0].tables["tariff"]
    run(folder, "export", "tariff", tmp_path / "tariff.dmn")
    (folder / "tables" / "tariff.toml").unlink()
    run(folder, "import", "tariff", tmp_path / "tariff.dmn")
    assert load_proved(folder)[0].tables["tariff"] == before
    run(folder, "export", "tariff")
    assert (tmp_path / "tariff.dmn").read_text() in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("&lt; 65", "under 65"), "nothing was written"),
        (("decisionTable", "literalExpression"), "0 decision tables"),
        (("UNIQUE", "OUTPUT ORDER"), "hitPolicy"),
    ],
)
def test_what_cannot_be_read_is_not_written(folder, tmp_path, change, says):
    file, before = tmp_path / "tariff.dmn", (folder / tables.file_of("tariff")).read_text()
    run(folder, "export", "tariff", file)
    file.write_text(file.read_text().replace(*change))
    with pytest.raises(CommandError, match=says):
        run(folder, "import", "tariff", file)
    assert (folder / tables.file_of("tariff")).read_text() == before


@pytest.mark.parametrize(
    ("deed", "names", "says"),
    [
        ("export", ["tarif"], "did you mean `tariff`"),
        ("import", ["../../evil", "x"], "no name for a table"),
        ("import", ["tariff", "/nowhere.dmn"], "No such file"),
    ],
)
def test_mistakes_are_answered_in_words(folder, deed, names, says):
    with pytest.raises(CommandError, match=says):
        run(folder, deed, *names)
