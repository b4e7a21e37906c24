"""Whether a PDF carries our seal, unbroken, over all its bytes."""

from __future__ import annotations

from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Final

from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


ONE_AT_A_TIME: Final = (
    Lock()
)  # asn1crypto prepares its classes lazily and without a lock: two threads that meet there fail


def is_sealed_by(chain: Sequence[bytes], pdf: bytes, *, at: datetime) -> bool:
    """One signature, by the chain's first certificate, trusted by its root at that moment, over the whole file."""
    with ONE_AT_A_TIME:
        return _is_sealed_by(chain, pdf, at=at)


def _is_sealed_by(chain: Sequence[bytes], pdf: bytes, *, at: datetime) -> bool:
    certificates = [x509.Certificate.load(each) for each in chain]
    trust = ValidationContext(
        trust_roots=certificates[-1:], other_certs=certificates[:-1], moment=at, allow_fetching=False
    )
    try:
        signatures = PdfFileReader(BytesIO(pdf), strict=True).embedded_signatures
        if len(signatures) != 1:
            return False
        status = validate_pdf_signature(signatures[0], signer_validation_context=trust)
    except (PdfError, SignatureValidationError, ValueError):
        return False
    return (
        status.bottom_line
        and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        and status.signing_cert.dump() == chain[0]
    )
