"""The daily balance certificate as bytes: written, signed and judged without a database, so that an auditor can judge it anywhere.

A certificate is a JSON document in one fixed form (sorted keys, no spaces, UTF-8), signed as a flattened JWS with ES256 (RFC 7515, RFC 7518): any
JOSE library reads it. Its figures are minor units. It names the digest of the day before it, and the digest of that day's postings, one JSON document a
line. Lines of a posting come in pairs: what one account gives, its neighbour takes; a fee's figures are told by what it was paired with.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

KIND: Final = "hukumati.daily-balance-certificate"
VERSION: Final = 1
REVENUE: Final = "revenue:"
MIXED: Final = "mixed"
COORDINATE_BYTES: Final = 32
FILE_BYTES_MAX: Final = 64_000_000


class CertificateUnreadableError(Exception):
    """Not a certificate of ours: not JSON, not a flattened JWS, or of another kind."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A certificate with its signature: `body` is what was signed, `chain` the signer's certificates (DER), the signing one first."""

    body: bytes
    protected: bytes
    signature: bytes

    @property
    def digest(self) -> str:
        return sha256(self.body).hexdigest()

    @property
    def chain(self) -> tuple[bytes, ...]:
        return tuple(base64.b64decode(each) for each in json.loads(self.protected)["x5c"])

    def file(self) -> bytes:
        """As it is published: RFC 7515, section 7.2.2."""
        parts = {"payload": self.body, "protected": self.protected, "signature": self.signature}
        return json.dumps({name: _base64(value) for name, value in parts.items()}, indent=1).encode() + b"\n"


def canonical(value: Any) -> bytes:
    """The one form of a JSON value: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def posting_line(posting: Mapping[str, Any]) -> bytes:
    """One posting as a line of the day's export."""
    return canonical(posting) + b"\n"


def header(chain: Sequence[bytes]) -> bytes:
    """The protected header of a certificate signed by this chain."""
    return canonical({"alg": "ES256", "typ": "JOSE", "x5c": [base64.b64encode(each).decode() for each in chain]})


def signing_input(protected: bytes, body: bytes) -> bytes:
    """The bytes that are signed: RFC 7515, section 5.1."""
    return f"{_base64(protected)}.{_base64(body)}".encode()


def raw_signature(der: bytes) -> bytes:
    """ECDSA as JOSE writes it: the two numbers side by side."""
    r, s = decode_dss_signature(der)
    return r.to_bytes(COORDINATE_BYTES, "big") + s.to_bytes(COORDINATE_BYTES, "big")


def read(file: bytes) -> Signed:
    """A published file; raises CertificateUnreadableError. The signature is not judged here."""
    try:
        parts = json.loads(file)
        signed = Signed(*(_from_base64(parts[name]) for name in ("payload", "protected", "signature")))
        if (body_of(signed)["kind"], body_of(signed)["version"]) != (KIND, VERSION) or not signed.chain:
            raise CertificateUnreadableError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise CertificateUnreadableError from fault
    return signed


def body_of(signed: Signed) -> dict[str, Any]:
    """What a certificate says: `kind, version, day, previous, postings, accounts, fees, standing`; amounts in minor units."""
    body: dict[str, Any] = json.loads(signed.body)
    return body


def is_signed_by(signed: Signed, trusted: x509.Certificate) -> bool:
    """Whether the signature holds, by a key that this certificate is, or has signed."""
    try:
        key = _signing_key(signed, trusted)
        raw = signed.signature
        r, s = (int.from_bytes(half, "big") for half in (raw[:COORDINATE_BYTES], raw[COORDINATE_BYTES:]))
        if key is None or len(raw) != 2 * COORDINATE_BYTES or json.loads(signed.protected)["alg"] != "ES256":
            return False
        key.verify(encode_dss_signature(r, s), signing_input(signed.protected, signed.body), ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _signing_key(signed: Signed, trusted: x509.Certificate) -> ec.EllipticCurvePublicKey | None:
    own = x509.load_der_x509_certificate(signed.chain[0])
    if own != trusted:
        own.verify_directly_issued_by(trusted)
    key = own.public_key()
    return key if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1) else None


@dataclass(slots=True)
class Tally:
    """What a day's postings amount to, one after another, in bounded memory."""

    fees: dict[tuple[str, ...], tuple[int, int, int]] = field(default_factory=dict)
    accounts: dict[tuple[str, str], tuple[int, int, int]] = field(default_factory=dict)
    count: int = 0
    lines: int = 0
    _digest: Any = field(default_factory=sha256)

    def add(self, posting: Mapping[str, Any]) -> bytes:
        """Count one posting; the line that stands for it in the day's export."""
        written, lines = posting_line(posting), posting["lines"]
        self._digest.update(written)
        self.count += 1
        self.lines += len(lines)
        for place, line in enumerate(lines):
            account, amount = line["account"], line["amount"]
            _count(self.accounts, (account, posting["currency"]), max(0, amount), max(0, -amount))
            if account.startswith(REVENUE):
                fee = (account, posting["currency"], line["instrument"], line["article"], paired_with(lines, place))
                _count(self.fees, fee, max(0, -amount), max(0, amount))
        return written

    def fee_rows(self) -> list[dict[str, Any]]:
        """What each fee received and gave back, by instrument, article and the account it was paired with; drawers stand together."""
        names = ("account", "currency", "instrument", "article", "paired_with")
        return [
            dict(zip(names, fee, strict=True))
            | _where(fee)
            | {"received": received, "given_back": given_back, "lines": lines}
            for fee, (received, given_back, lines) in sorted(self.fees.items())
        ]

    def account_rows(self, opening: Mapping[tuple[str, str], int]) -> list[dict[str, Any]]:
        """Each account that moved: what it held before, debit, credit, and what it holds at the end of the day."""
        return [
            {
                "account": account,
                "currency": currency,
                "opening": opening.get((account, currency), 0),
                "debit": debit,
                "credit": credit,
                "closing": opening.get((account, currency), 0) + debit - credit,
                "lines": lines,
            }
            for (account, currency), (debit, credit, lines) in sorted(self.accounts.items())
        ]

    def standing(self, before: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
        """What the accounts of each kind hold together at the end of the day, by currency: the day before, and what moved."""
        after = {currency: dict(kinds) for currency, kinds in before.items()}
        for (account, currency), (debit, credit, _lines) in self.accounts.items():
            kinds, kind = after.setdefault(currency, {}), account.partition(":")[0]
            kinds[kind] = kinds.get(kind, 0) + debit - credit
        return after

    def postings(self) -> dict[str, Any]:
        """How many postings and lines there were, and the digest of their export."""
        return {"count": self.count, "lines": self.lines, "sha256": self._digest.hexdigest()}


def _count(sums: dict[Any, tuple[int, int, int]], key: Any, first: int, second: int) -> None:
    before = sums.get(key, (0, 0, 0))
    sums[key] = (before[0] + first, before[1] + second, before[2] + 1)


def paired_with(lines: Sequence[Mapping[str, Any]], place: int) -> str:
    """The account on the other side of a line, a drawer without its number."""
    other = place ^ 1
    if other >= len(lines) or lines[other]["amount"] != -lines[place]["amount"]:
        return MIXED
    account = str(lines[other]["account"])
    return "drawer" if account.startswith("drawer:") else account


def _where(key: tuple[str, ...]) -> dict[str, str]:
    """Institution of the fee, and the channel and provider that the other account stands for."""
    account, *_, other = key
    kind, _, name = other.partition(":")
    channel = {"drawer": "counter", "provider": "portal", "bank": "bank"}.get(kind, "books")
    return {"institution": account.split(":")[1], "channel": channel, "provider": name or kind}


def body(tally: Tally, *, day: date, before: Signed | None, opening: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    """The content of a day's certificate, from its postings, the certificate before it and what the moved accounts held."""
    return {
        "kind": KIND,
        "version": VERSION,
        "day": day.isoformat(),
        "previous": before.digest if before else "",
        "postings": tally.postings(),
        "accounts": tally.account_rows(opening),
        "fees": tally.fee_rows(),
        "standing": tally.standing(body_of(before)["standing"] if before else {}),
    }


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _from_base64(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
