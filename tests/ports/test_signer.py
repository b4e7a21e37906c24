"""What every signer keeps to. An adapter joins by a line in `signers`."""

from __future__ import annotations

import itertools
import shutil
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime
from io import BytesIO

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pypdf import PdfReader, PdfWriter

from hukumati.adapters.signer_file import FileSigner
from hukumati.domain.documents.signatures import is_sealed_by

NOW = datetime.now(UTC).replace(microsecond=0)


def file_signer(directory, name="documents"):
    return FileSigner(directory=str(directory), name=name)


@pytest.fixture(params=[file_signer], ids=["file"])
def signer(request, tmp_path):
    return request.param(tmp_path / "keys")


@pytest.fixture(scope="module")
def pdf():
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def key_of(signer):
    return x509.load_der_x509_certificate(signer.certificates()[0]).public_key()


def test_a_signed_pdf_begins_with_the_given_bytes_and_its_seal_holds(signer, pdf):
    signed = signer.sign_pdf(pdf, reason="Test D-2026-AAAA2222", at=NOW)
    assert signed.startswith(pdf)
    assert is_sealed_by(signer.certificates(), signed, at=NOW)


def test_the_signature_tells_the_moment_it_was_given(signer, pdf):
    signed = signer.sign_pdf(pdf, reason="Test", at=datetime(2026, 4, 1, 9, 30, tzinfo=UTC))
    signature = PdfReader(BytesIO(signed)).get_fields()["Seal"]["/V"]
    assert signature["/M"].startswith("D:20260401093000")
    assert signature["/SubFilter"] == "/ETSI.CAdES.detached"


@pytest.mark.parametrize("where", ["first byte", "page", "signature's own fields", "signature", "last byte"])
def test_a_changed_byte_breaks_the_seal(signer, pdf, where):
    signed = bytearray(signer.sign_pdf(pdf, reason="Test", at=NOW))
    container = signed.index(b"/Contents <")
    place = {
        "first byte": 0,
        "page": len(pdf) // 2,
        "signature's own fields": len(pdf) + 40,
        "signature": container + 700,
        "last byte": len(signed) - 2,
    }[where]
    signed[place] ^= 0x01
    assert not is_sealed_by(signer.certificates(), bytes(signed), at=NOW)


def test_anything_appended_breaks_the_seal(signer, pdf):
    signed = signer.sign_pdf(pdf, reason="Test", at=NOW)
    assert not is_sealed_by(signer.certificates(), signed + b"\n% more", at=NOW)


def test_an_unsigned_pdf_and_no_pdf_have_no_seal(signer, pdf):
    assert not is_sealed_by(signer.certificates(), pdf, at=NOW)
    assert not is_sealed_by(signer.certificates(), b"not a pdf", at=NOW)
    assert not is_sealed_by(signer.certificates(), b"", at=NOW)


def test_another_signers_seal_is_not_ours(signer, pdf, tmp_path):
    stranger = file_signer(tmp_path / "strange")
    assert not is_sealed_by(signer.certificates(), stranger.sign_pdf(pdf, reason="Test", at=NOW), at=NOW)


def test_signed_bytes_verify_by_the_certificate(signer):
    signature = signer.sign_bytes(b"a checkpoint")
    key_of(signer).verify(signature, b"a checkpoint", ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidSignature):
        key_of(signer).verify(signature, b"another", ec.ECDSA(hashes.SHA256()))


def test_the_chain_leads_to_a_root(signer):
    chain = [x509.load_der_x509_certificate(each) for each in signer.certificates()]
    for certificate, issuer in itertools.pairwise(chain):
        certificate.verify_directly_issued_by(issuer)
    chain[-1].verify_directly_issued_by(chain[-1])
    assert chain[0].extensions.get_extension_for_class(x509.KeyUsage).value.content_commitment


def test_threads_sign_side_by_side(tmp_path, pdf):
    """In an interpreter of its own, that switches threads all the time: what is prepared lazily is prepared under contention."""
    (tmp_path / "plain.pdf").write_bytes(pdf)
    code = """
import sys, threading
from datetime import UTC, datetime
from pathlib import Path
from hukumati.adapters.signer_file import FileSigner

sys.setswitchinterval(1e-5)
place, signed, start = Path(sys.argv[1]), [], threading.Barrier(4)
pdf, at = (place / "plain.pdf").read_bytes(), datetime.now(UTC).replace(microsecond=0)

def sign():
    start.wait()
    signed.append(signer.sign_pdf(pdf, reason="Test", at=at))

for _ in range(8):
    signer = FileSigner(directory=str(place / "keys"), name="documents")
    threads = [threading.Thread(target=sign) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
for number, each in enumerate(signed):
    (place / f"signed-{number}.pdf").write_bytes(each)
"""
    done = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=False)
    signer = file_signer(tmp_path / "keys")
    made = [path.read_bytes() for path in tmp_path.glob("signed-*.pdf")]
    assert len(made) == 32, done.stderr
    assert all(is_sealed_by(signer.certificates(), each, at=datetime.now(UTC)) for each in made)


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler-utils are not installed")
def test_an_independent_reader_finds_the_signature_valid(signer, pdf, tmp_path):
    path = tmp_path / "signed.pdf"
    path.write_bytes(signer.sign_pdf(pdf, reason="Test", at=NOW))
    said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said


# The file adapter alone.


def test_a_key_is_made_once_and_read_by_its_owner_only(tmp_path):
    first, second = file_signer(tmp_path / "keys"), file_signer(tmp_path / "keys")
    assert first.certificates() == second.certificates()
    assert stat.S_IMODE((tmp_path / "keys" / "documents.pem").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["documents.pem"]


def test_two_that_start_at_once_use_the_same_key(tmp_path):
    made, start = [], threading.Barrier(4)

    def begin():
        start.wait()
        made.append(file_signer(tmp_path / "keys").certificates())

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 1


def test_its_certificates_say_that_they_are_a_demonstration(tmp_path):
    for each in file_signer(tmp_path).certificates():
        assert "demonstration" in x509.load_der_x509_certificate(each).subject.rfc4514_string()
