"""Whether a checkpoint's signature holds."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import load_der_x509_certificate

if TYPE_CHECKING:
    from hukumati.infra.audit.facts import CheckpointFacts


def is_signed(checkpoint: CheckpointFacts, *, certificate: bytes) -> bool:
    """By this certificate's key, which the checkpoint also names."""
    key = load_der_x509_certificate(certificate).public_key()
    if checkpoint.sealed_by != sha256(certificate).hexdigest() or not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    try:
        key.verify(checkpoint.signature, checkpoint.statement(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
