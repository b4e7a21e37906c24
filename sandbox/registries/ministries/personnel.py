"""General Personnel Council: who works for the State."""

import sqlite3
from typing import Any

from sandbox.registries.ministries.answers import reading, subsystem
from sandbox.registries.records import Records
from sandbox.registries.xroad import Call, Subsystem

EMPLOYERS = {
    "interior": ("وزارة الداخلية", "Ministry of Interior"),
    "health": ("وزارة الصحة", "Ministry of Health"),
    "education": ("وزارة التربية والتعليم", "Ministry of Education"),
    "transport": ("وزارة النقل والمواصلات", "Ministry of Transport and Communications"),
    "finance": ("وزارة المالية", "Ministry of Finance"),
    "development": ("وزارة التنمية الاجتماعية", "Ministry of Social Development"),
    "post": ("البريد الفلسطيني", "Palestine Post"),
    "telecom": ("وزارة الاتصالات وتكنولوجيا المعلومات", "Ministry of Telecommunications and IT"),
}


def subsystems(store: Records) -> list[Subsystem]:
    """gpc/personnel"""
    return [subsystem("gpc", "personnel", reading(store, "personnel", "employment", _employment))]


def _employment(person: sqlite3.Row, _call: Call) -> dict[str, Any]:
    employer = person["employer"]
    arabic, latin = EMPLOYERS.get(employer, (None, None))
    return {
        "public_employee": employer is not None and person["died_on"] is None,
        "institution": employer,
        "institution_ar": arabic,
        "institution_latin": latin,
    }
