"""Every refusal has a code of its module, used once, and words for the reader."""

from __future__ import annotations

import importlib
import re

from hukumati.kernel.refusal import Refused
from hukumati.web.ui import refusal_texts
from tests.architecture.source import list_modules


def list_refusals():
    for module in list_modules():
        if module.path.name == "facts.py" and not module.is_test:
            importlib.import_module(module.name)
    found, open_classes = [], [Refused]
    while open_classes:
        for kind in open_classes.pop().__subclasses__():
            if kind.__module__.startswith("hukumati.") and ".tests." not in kind.__module__:
                found.append(kind)
            open_classes.append(kind)
    return found


def test_codes_name_their_module_and_are_unique():
    codes = [kind.code for kind in list_refusals() if "code" in vars(kind)]
    assert sorted(codes) == sorted(set(codes))
    assert [code for code in codes if not re.fullmatch(r"[a-z_]+\.[a-z_]+", code)] == []


def test_every_refusal_has_words():
    without = sorted(
        {kind.code for kind in list_refusals() if kind.code not in refusal_texts.TEXTS and "code" in vars(kind)}
    )
    assert without == []


def test_no_words_are_left_of_refusals_that_are_gone():
    codes = {kind.code for kind in list_refusals()}
    assert sorted(set(refusal_texts.TEXTS) - codes - {Refused.code}) == []
