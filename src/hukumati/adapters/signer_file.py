"""A seal whose key lies in a file. For demonstrations and tests: a real installation keeps its keys in a hardware module.

At first use it makes a P-256 key and a certificate of a root made for that one occasion, both of which say in their names that they
are a demonstration; the root's key is thrown away. Signatures are PAdES B-B: the time in them is our own word. A deployment adds a
time-stamping authority (B-T) and, in a later batch, validation data (B-LTA); neither exists on a machine without network.
"""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

if TYPE_CHECKING:
    from pyhanko.pdf_utils.writer import BasePdfFileWriter
    from pyhanko.sign.signers.pdf_signer import PdfSigningSession

ONE_AT_A_TIME: Final = Lock()
"""asn1crypto parses certificates, and prepares its own classes, lazily and without a lock: two threads that meet there fail.

Signing is Python from end to end, so that threads would gain nothing from each other anyway; processes do.
"""
CONTAINER_BYTES: Final = 8_192  # hexadecimal digits; a B-B signature with its chain takes about 4,400
FIELD: Final = "Seal"
SEAL_LIVES: Final = timedelta(days=3 * 365)
ROOT_LIVES: Final = timedelta(days=10 * 365)
BACKDATED: Final = timedelta(days=366)  # demonstrations are shown with last year's documents
DEMONSTRATION: Final = "demonstration, no legal value"


class FileSigner:
    """One key, loaded once a process."""

    def __init__(self, *, directory: str, name: str) -> None:
        path = Path(directory) / f"{name}.pem"
        if not path.exists():
            _make(path, name=name)
        pem = path.read_bytes()
        key = serialization.load_pem_private_key(pem, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{path} holds no elliptic-curve key")
        self._key = key
        self._chain = [each.public_bytes(serialization.Encoding.DER) for each in x509.load_pem_x509_certificates(pem)]
        with ONE_AT_A_TIME:
            self._signer = _CachedKeySigner(key, [asn1_x509.Certificate.load(each) for each in self._chain])

    def sign_pdf(self, pdf: bytes, *, reason: str, at: datetime) -> bytes:
        about = PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            reason=reason,
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        )
        signed = BytesIO()
        with ONE_AT_A_TIME:
            signer = _PdfSignerAt(about, self._signer, new_field_spec=SigFieldSpec(FIELD), at=at)
            signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), bytes_reserved=CONTAINER_BYTES, output=signed)
        return signed.getvalue()

    def sign_bytes(self, message: bytes) -> bytes:
        return self._key.sign(message, ec.ECDSA(hashes.SHA256()))

    def certificates(self) -> tuple[bytes, ...]:
        return tuple(self._chain)


class _CachedKeySigner(Signer):
    """pyHanko's own SimpleSigner parses and checks the key again at every signature, which costs more than the signature."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, chain: list[asn1_x509.Certificate]) -> None:
        super().__init__(signing_cert=chain[0], cert_registry=SimpleCertificateStore.from_certs(chain[1:]))  # type: ignore[no-untyped-call]
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002, ARG002
        if digest_algorithm != "sha256":
            raise ValueError(f"this seal signs sha256, not {digest_algorithm}")
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))


class _PdfSignerAt(PdfSigner):
    """Signs with the moment it is given: the document, the record and the signature tell one time."""

    def __init__(
        self, about: PdfSignatureMetadata, signer: Signer, *, new_field_spec: SigFieldSpec, at: datetime
    ) -> None:
        super().__init__(about, signer, new_field_spec=new_field_spec)
        self._at = at

    def init_signing_session(
        self,
        pdf_out: BasePdfFileWriter,
        existing_fields_only: bool = False,  # noqa: FBT001, FBT002
    ) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only=existing_fields_only)
        session.system_time = self._at
        return session


def _make(path: Path, *, name: str) -> None:
    """Key and chain in one file, linked into place at once: of two processes that start together, both use the same."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.parent / f".{secrets.token_hex(8)}.pem"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(_new_key_and_chain(name, at=datetime.now(UTC)))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)
    except FileExistsError:
        return
    finally:
        fresh.unlink()


def _new_key_and_chain(name: str, *, at: datetime) -> bytes:
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = _named(f"Hukumati {name} root ({DEMONSTRATION})")
    root = (
        _certificate(root_name, root_name, root_key, root_key, at=at, lives=ROOT_LIVES)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    seal = (
        _certificate(
            _named(f"Hukumati {name} seal ({DEMONSTRATION})"), root_name, key, root_key, at=at, lives=SEAL_LIVES
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    return b"".join(
        (
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ),
            seal.public_bytes(serialization.Encoding.PEM),
            root.public_bytes(serialization.Encoding.PEM),
        )
    )


def _named(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "PS"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Hukumati (demonstration)"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    at: datetime,
    lives: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - BACKDATED)
        .not_valid_after(at + lives)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )


def _usage(**granted: bool) -> x509.KeyUsage:
    uses = dict.fromkeys(
        (
            "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
            "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
        ),
        False,
    )  # fmt: skip
    return x509.KeyUsage(**(uses | granted))
