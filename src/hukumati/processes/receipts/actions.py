"""Making a receipt's paper. It is made when it is first asked for, because most are never asked for, and is the same file from then on."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.documents import api as documents
from hukumati.domain.payments import api as payments
from hukumati.kernel.text import Text
from hukumati.processes.receipts.queries import standing_of

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.identity.facts import CitizenFacts
    from hukumati.kernel.actor import Actor
    from hukumati.kernel.money import Money

KIND: Final = "finance.receipt"
TITLE: Final = Text("إيصال دفع", "Receipt")
SHAPELESS: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
JOINERS: Final = frozenset("\u200c\u200d")
LATIN_END: Final = 0x180
SCRIPTS: Final = re.compile(
    r"ARABIC (LETTER|FATHA|DAMMA|KASRA|SHADDA|SUKUN|COMMA|QUESTION|SEMICOLON|TATWEEL|HAMZA|MADDAH)|EN DASH|EM DASH|(LEFT|RIGHT) (SINGLE|DOUBLE) QUOTATION"
)
HEBRON: Final = ZoneInfo("Asia/Hebron")
CURRENCIES: Final = {
    "ILS": Text("شيكل", "ILS"),
    "JOD": Text("دينار أردني", "JOD"),
    "USD": Text("دولار أمريكي", "USD"),
}
WAYS: Final = {
    payments.Way.CARD: Text("بطاقة مصرفية", "Bank card"),
    payments.Way.WALLET: Text("محفظة إلكترونية", "Wallet"),
    payments.Way.TRANSFER: Text("تحويل بنكي", "Bank transfer"),
    payments.Way.TERMINAL: Text("بطاقة عند الشباك", "Card at the counter"),
    payments.Way.CASH: Text("نقداً", "Cash"),
}


def download(receipt: str, *, payer: CitizenFacts, by: Actor, at: datetime) -> documents.DocumentFile:
    """The signed PDF for whoever paid; another's receipt is not found. Runs outside a transaction.

    Refuses with payments.ReceiptNotFound; raises documents.SealerBehindError.
    """
    proof = payments.get_own_receipt(receipt, payer=payer.account_id)
    issued = documents.issue(
        proof.reference,
        kind=KIND,
        holder=payer.account_id,
        template=_template(),
        data=printed(proof, payer=payer),
        language="both",
        title=TITLE,
        institution=settings.RECEIPTS_ISSUED_BY,
        at=at,
    )
    return documents.download(issued.reference, holder=payer.account_id, by=by, at=at)


def printed(proof: payments.ReceiptFacts, *, payer: CitizenFacts) -> dict[str, Any]:
    """What stands on the paper, each text in both languages."""
    standing = standing_of(proof)
    currency = CURRENCIES[proof.total.currency]
    return {
        "number": proof.number,
        "reference": proof.reference,
        "case": proof.about,
        "service": _both(proof.service_name),
        "payer": _both(Text(payer.name.in_("ar"), payer.name.in_("en"))),
        "beneficiary": _both(proof.beneficiary),
        "way": _both(WAYS[proof.way]) | {"card_last_four": proof.card_last_four},
        "office": _both(_office(proof.office)) if proof.office else None,
        "paid_at": proof.paid_at.astimezone(HEBRON).isoformat(timespec="minutes")[:16],
        "currency": _both(currency),
        "lines": [
            {
                "name": _both(line.name),
                "basis": _both(catalogue.basis_words(line.instrument, line.article)),
                "quantity": line.quantity,
                "unit": str(line.unit),
                "amount": str(line.amount),
            }
            for line in proof.lines
        ],
        "total": str(proof.total),
        "given_back": _if_any(standing.given_back),
    }


def _both(words: Text) -> dict[str, str]:
    return {"ar": printable(words.ar), "en": printable(words.en)}


def printable(words: str) -> str:
    """What the fonts of the paper can show; a question mark for each letter of another script, nothing for what has no shape."""
    kept = (_shown(letter) for letter in unicodedata.normalize("NFC", words))
    return " ".join("".join(kept).split())


def _shown(letter: str) -> str:
    if letter.isspace():
        return " "
    if unicodedata.category(letter) in SHAPELESS:
        return letter if letter in JOINERS else ""
    return letter if ord(letter) < LATIN_END or SCRIPTS.match(unicodedata.name(letter, "")) else "?"


def _if_any(amount: Money) -> str | None:
    return str(amount) if amount else None


def _office(office: str) -> Text:
    try:
        return catalogue.get_office(office).name
    except catalogue.OfficeNotFound:
        return Text(office, office)


@cache
def _template() -> str:
    return Path(__file__).with_name("receipt.typ").read_text(encoding="utf-8")
