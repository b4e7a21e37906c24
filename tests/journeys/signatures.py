"""Whether a file is signed, looked at by the library that any office would use."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


def assert_signed(content: bytes) -> None:
    """One signature holds, and covers the file down to the last byte."""
    # The browser keeps an event loop in the tests' own thread, and the library wants one of its own.
    with ThreadPoolExecutor(1) as aside:
        intact, valid, coverage = aside.submit(_look, content).result()
    assert intact
    assert valid
    assert coverage == "ENTIRE_FILE"


def _look(content: bytes) -> tuple[bool, bool, str]:
    signature = PdfFileReader(BytesIO(content)).embedded_signatures[0]
    # Who signed is the public check's business; here it is whether the bytes are those that were signed.
    context = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    status = validate_pdf_signature(signature, signer_validation_context=context)
    return status.intact, status.valid, status.coverage.name
