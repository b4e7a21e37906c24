"""A reference tells its kind by its first letter: no letter stands for two."""

from __future__ import annotations

import re
from collections import Counter

from tests.architecture.source import list_modules

MADE = re.compile(r'new_reference\(\s*"([A-Z]{1,2})"')


def test_no_letter_stands_for_two_kinds_of_reference():
    made = Counter(
        letter
        for module in list_modules()
        if not module.is_test
        for letter in set(MADE.findall(module.path.read_text()))
    )
    assert made["A"] == 1
    assert [letter for letter, places in made.items() if places > 1] == []
