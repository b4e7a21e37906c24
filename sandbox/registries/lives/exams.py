"""The general secondary examination (tawjihi): one sitting in the summer in which a person becomes eighteen."""

import random
import sqlite3
from typing import Any

from sandbox.population.generator import REFERENCE
from sandbox.registries.lives.draw import born, dice, digits, is_cast, said

LAST_YEAR = REFERENCE.year
YEARS_TOLD = 10
MARK_MAX, MARK_PASS = 100, 50
BRANCHES = ("scientific", "literary", "entrepreneurship", "vocational")
SUBJECTS = {
    "arabic": ("اللغة العربية", "Arabic"),
    "english": ("اللغة الإنجليزية", "English"),
    "mathematics": ("الرياضيات", "Mathematics"),
    "physics": ("الفيزياء", "Physics"),
    "chemistry": ("الكيمياء", "Chemistry"),
    "biology": ("العلوم الحياتية", "Biology"),
    "technology": ("التكنولوجيا", "Technology"),
    "history": ("الدراسات التاريخية", "History"),
    "geography": ("الدراسات الجغرافية", "Geography"),
    "management": ("الإدارة والاقتصاد", "Management and economics"),
    "accounting": ("المحاسبة", "Accounting"),
    "projects": ("المشاريع الصغيرة", "Small enterprises"),
    "workshop": ("التدريب العملي", "Practical training"),
    "drawing": ("الرسم الصناعي", "Technical drawing"),
}
SUBJECTS_OF = {
    "scientific": ("arabic", "english", "mathematics", "physics", "chemistry", "biology", "technology"),
    "literary": ("arabic", "english", "mathematics", "history", "geography", "technology"),
    "entrepreneurship": ("arabic", "english", "mathematics", "management", "accounting", "projects"),
    "vocational": ("arabic", "english", "mathematics", "workshop", "drawing", "technology"),
}
_SAT_SHARE = 0.8
EXAM_AGE = 18
# A prime above the range of the digits: multiplying walks it without repeating, so seats look scattered.
_SEATS, _SEAT_STEP = 100_003, 7_919


def result(person: sqlite3.Row) -> dict[str, Any] | None:
    """The result of the last ten years' sittings, None for who did not sit."""
    sitting = said(person, "exam") if is_cast(person) else _drawn(person)
    if sitting is None:
        return None
    codes = SUBJECTS_OF[sitting["branch"]]
    subjects = [_subject(code, mark) for code, mark in zip(codes, sitting["marks"], strict=True)]
    return {
        "year": sitting["year"],
        "seat": seat(person, sitting["year"]),
        "branch": sitting["branch"],
        "mean_hundredths": sum(sitting["marks"]) * 100 // len(subjects),
        "passed": all(subject["passed"] for subject in subjects),
        "subjects": subjects,
    }


def seat(person: sqlite3.Row, year: int) -> str:
    """Eight digits: the year's two, and six that nobody else has."""
    return f"{year % 100:02}{int(digits(person)[:5]) * _SEAT_STEP % _SEATS:06}"


def _drawn(person: sqlite3.Row) -> dict[str, Any] | None:
    year = born(person).year + EXAM_AGE
    if not LAST_YEAR - YEARS_TOLD < year <= LAST_YEAR or person["died_on"]:
        return None
    chance = dice(person, "exam")
    if chance.random() >= _SAT_SHARE:
        return None
    branch = chance.choices(BRANCHES, (40, 42, 10, 8))[0]
    level = chance.gauss(74, 13)
    return {"year": year, "branch": branch, "marks": [_mark(chance, level) for _ in SUBJECTS_OF[branch]]}


def _mark(chance: random.Random, level: float) -> int:
    return max(8, min(MARK_MAX, round(chance.gauss(level, 6))))


def _subject(code: str, mark: int) -> dict[str, Any]:
    arabic, latin = SUBJECTS[code]
    return {
        "code": code,
        "name_ar": arabic,
        "name_latin": latin,
        "mark": mark,
        "mark_max": MARK_MAX,
        "passed": mark >= MARK_PASS,
    }
