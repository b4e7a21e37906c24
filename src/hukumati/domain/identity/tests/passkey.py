"""A passkey in software: makes credentials and signs challenges as a phone does, for tests of the server's side."""

from __future__ import annotations

import hashlib
import json
import secrets
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

USER_PRESENT, USER_VERIFIED, HAS_CREDENTIAL = 0x01, 0x04, 0x40


class Passkey:
    """One resident key for one site."""

    def __init__(self, host="testserver"):
        self.host, self.origin = host, f"https://{host}"
        self.id = secrets.token_bytes(16)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.owner = b""

    def make(self, options, *, verified=True):
        """What navigator.credentials.create answers, as our script sends it."""
        asked = options["publicKey"]
        self.owner = asked["user"]["id"]
        public = cbor.encode(ES256.from_cryptography_key(self.key.public_key()))
        inner = bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        data = self._head(HAS_CREDENTIAL, verified=verified) + inner
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        return self._sent(
            {
                "clientDataJSON": websafe_encode(self._client("webauthn.create", asked["challenge"])),
                "attestationObject": websafe_encode(attestation),
            }
        )

    def show(self, options, *, origin=None):
        """What navigator.credentials.get answers."""
        client = self._client("webauthn.get", options["publicKey"]["challenge"], origin=origin)
        data = self._head(0, verified=True)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._sent(
            {
                "clientDataJSON": websafe_encode(client),
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(signature),
                "userHandle": self.owner,
            }
        )

    def _head(self, flags, *, verified):
        flags |= USER_PRESENT | (USER_VERIFIED if verified else 0)
        return hashlib.sha256(self.host.encode()).digest() + struct.pack(">BI", flags, 0)

    def _client(self, kind, challenge, *, origin=None):
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin or self.origin}).encode()

    def _sent(self, response):
        name = websafe_encode(self.id)
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}
        )
