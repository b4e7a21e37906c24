"""The words of verbs and actors in both languages, for pictures that leave the platform. Pages have their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.kernel.text import Text

if TYPE_CHECKING:
    from hukumati.kernel.process import By

VERBS = {
    "submit": Text("تقديم", "submit"),
    "withdraw": Text("سحب", "withdraw"),
    "resubmit": Text("إعادة التقديم", "resubmit"),
    "download": Text("تنزيل", "download"),
    "pay": Text("دفع", "pay"),
    "expire": Text("انتهاء المهلة", "expire"),
    "close": Text("إغلاق", "close"),
    "accept": Text("موافقة", "accept"),
    "refuse": Text("رفض", "refuse"),
    "return_for_correction": Text("إعادة للتصحيح", "return for correction"),
    "issue": Text("إصدار", "issue"),
    "record": Text("تدوين في السجل", "record"),
    "record_refused": Text("لم يدوّنه السجل", "not recorded"),
    "hand_over": Text("تسليم", "hand over"),
    "confirm": Text("تأكيد", "confirm"),
    "decline": Text("عدم تأكيد", "decline"),
}
ACTORS = {
    "citizen": Text("المواطن", "citizen"),
    "party": Text("الطرف الآخر", "other party"),
    "clerk": Text("موظف المعاملات", "clerk"),
    "counter": Text("موظف الشباك", "counter clerk"),
    "ledger": Text("الدفع", "payment"),
    "system": Text("النظام", "system"),
    "clock": Text("المهلة", "time limit"),
}


def verb(code: str) -> Text:
    """What people call a step; a verb that has no words yet is shown by its code."""
    return VERBS.get(code) or Text(code.replace("_", " "), code.replace("_", " "))


def actor(by: By | str) -> Text:
    return ACTORS.get(str(by)) or Text(str(by), str(by))


def days(count: int) -> Text:
    """A time limit: Arabic counts two in a form of its own, three to ten in the plural, more in the singular."""
    few = 10
    arabic = {1: "يوم", 2: "يومان"}.get(count) or (f"{count} أيام" if count <= few else f"{count} يوماً")
    return Text(arabic, "1 day" if count == 1 else f"{count} days")
