"""Which adapter serves which port, as dotted strings, and who hears which event. A ministry swaps a provider here, by one line.

Each value under PORTS is `{"adapter": "module.Class", "options": {...}}`; `hukumati.infra.ports.adapter("name")` builds it once a process.
"""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit

PORTS: dict[str, dict[str, Any]] = {
    "exchange.registry": {
        "adapter": "hukumati.adapters.registry_xroad.XRoadRegistry",
        "options": {
            "security_server": os.environ.get("HUKUMATI_XROAD_URL", ""),
            "client": os.environ.get("HUKUMATI_XROAD_CLIENT", "PS-SANDBOX/GOV/telecom/hukumati"),
            "instance": os.environ.get("HUKUMATI_XROAD_INSTANCE", "PS-SANDBOX"),
        },
    },
    "payments.card": {
        "adapter": "hukumati.adapters.payment_gateway.HostedCard",
        "options": {
            "base_url": os.environ.get("HUKUMATI_CARD_URL", ""),
            "api_key": os.environ.get("HUKUMATI_CARD_API_KEY", ""),
            "notice_key": os.environ.get("HUKUMATI_CARD_NOTICE_KEY", ""),
            "merchant": "hukumati",
            "notice_url": os.environ.get("HUKUMATI_PUBLIC_URL", "http://127.0.0.1:8000") + "/callbacks/payments/card",
        },
    },
    "payments.wallet": {
        "adapter": "hukumati.adapters.payment_gateway.PushWallet",
        "options": {
            "base_url": os.environ.get("HUKUMATI_WALLET_URL", ""),
            "api_key": os.environ.get("HUKUMATI_WALLET_API_KEY", ""),
            "notice_key": os.environ.get("HUKUMATI_WALLET_NOTICE_KEY", ""),
            "merchant": "hukumati",
            "notice_url": os.environ.get("HUKUMATI_PUBLIC_URL", "http://127.0.0.1:8000") + "/callbacks/payments/wallet",
        },
    },
    "payments.terminal": {
        "adapter": "hukumati.adapters.payment_gateway.TerminalAcquirer",
        "options": {
            "base_url": os.environ.get("HUKUMATI_CARD_URL", ""),
            "api_key": os.environ.get("HUKUMATI_CARD_API_KEY", ""),
        },
    },
    "notifications.sms": {
        "adapter": "hukumati.adapters.sms_http.HttpSms",
        "options": {
            "base_url": os.environ.get("HUKUMATI_SMS_URL", ""),
            "api_key": os.environ.get("HUKUMATI_SMS_API_KEY", ""),
        },
    },
    "notifications.email": {
        "adapter": "hukumati.adapters.email_smtp.SmtpEmail",
        "options": {
            "host": os.environ.get("HUKUMATI_SMTP_HOST", "127.0.0.1"),
            "port": int(os.environ.get("HUKUMATI_SMTP_PORT", "25")),
            "sender": os.environ.get("HUKUMATI_EMAIL_FROM", "no-reply@hukumati.example"),
        },
    },
    "documents.signer": {
        "adapter": "hukumati.adapters.signer_file.FileSigner",
        "options": {"directory": os.environ.get("HUKUMATI_KEYS", "var/keys"), "name": "documents"},
    },
    "audit.signer": {
        "adapter": "hukumati.adapters.signer_file.FileSigner",
        "options": {"directory": os.environ.get("HUKUMATI_KEYS", "var/keys"), "name": "audit"},
    },
    "ledger.signer": {
        "adapter": "hukumati.adapters.signer_file.FileSigner",
        "options": {"directory": os.environ.get("HUKUMATI_KEYS", "var/keys"), "name": "ledger"},
    },
    "audit.witness": {
        "adapter": "hukumati.adapters.witness_file.FileWitness",
        "options": {"directory": os.environ.get("HUKUMATI_WITNESS", "var/witness")},
    },
    "documents.storage": {
        "adapter": "hukumati.adapters.storage_local.LocalStorage",
        "options": {"directory": os.environ.get("HUKUMATI_BLOBS", "var/blobs")},
    },
    "uploads.storage": {
        "adapter": "hukumati.adapters.storage_local.LocalStorage",
        "options": {"directory": os.environ.get("HUKUMATI_UPLOADS", "var/uploads")},
    },
}

# Whom a new payment of a way is asked of: the name behind `payments.` above. Payments that were begun stay with whom they began.
# A wallet is offered only where its operator's address is known.
PAYMENT_PROVIDERS: dict[str, str] = {"card": "card"}
if PORTS["payments.wallet"]["options"]["base_url"]:
    PAYMENT_PROVIDERS["wallet"] = "wallet"

# Cards at Adyen, where its address is set. The gateway above stays wired for what was begun there.
if os.environ.get("HUKUMATI_ADYEN_URL"):
    PORTS["payments.adyen"] = {
        "adapter": "hukumati.adapters.payment_adyen.AdyenCheckout",
        "options": {
            "base_url": os.environ["HUKUMATI_ADYEN_URL"],
            "api_key": os.environ.get("HUKUMATI_ADYEN_API_KEY", ""),
            "notice_key": os.environ.get("HUKUMATI_ADYEN_NOTICE_KEY", ""),
            "merchant": os.environ.get("HUKUMATI_ADYEN_MERCHANT", ""),
        },
    }
    PAYMENT_PROVIDERS["card"] = "adyen"

# The bank that orders go to and whose files are fetched, where its address is set. Without one, files are carried by hand.
if os.environ.get("HUKUMATI_BANK_URL"):
    PORTS["payouts.bank"] = {
        "adapter": "hukumati.adapters.bank_http.HttpBank",
        "options": {
            "base_url": os.environ["HUKUMATI_BANK_URL"],
            "api_key": os.environ.get("HUKUMATI_BANK_API_KEY", ""),
        },
    }

# Where this installation may speak to: the hosts of the addresses above, and what HUKUMATI_OUTBOUND_HOSTS adds ("host" or "host:port").
OUTBOUND_HOSTS: frozenset[str] = frozenset(
    urlsplit(value).netloc.rpartition("@")[2]
    for port in PORTS.values()
    for name, value in port["options"].items()
    if name != "notice_url"
    and isinstance(value, str)
    and value.startswith(("http://", "https://"))  # there they speak to us
) | frozenset(os.environ.get("HUKUMATI_OUTBOUND_HOSTS", "").split())

SUBSCRIBERS: dict[str, tuple[str, ...]] = {
    "payments.attempt_suspended": ("hukumati.domain.treasury.jobs.on_attempt_suspended",),
    "payments.charge_confirmed": ("hukumati.processes.applications.jobs.on_charge_confirmed",),
    "payments.charge_expired": ("hukumati.processes.applications.jobs.on_charge_expired",),
    "payments.refund_promised": ("hukumati.processes.applications.jobs.on_refund_promised",),
    "payments.refund_confirmed": ("hukumati.processes.applications.jobs.on_refund_confirmed",),
    "documents.issued": ("hukumati.processes.applications.jobs.on_document_issued",),
    "documents.downloaded": ("hukumati.processes.applications.jobs.on_downloaded",),
    "documents.revoked": ("hukumati.processes.applications.jobs.on_document_revoked",),
    "delivery.handed_over": ("hukumati.processes.applications.jobs.on_handed_over",),
}

# What a worker does every second: functions of `at`.
EACH_SECOND: tuple[str, ...] = ("hukumati.infra.audit.api.seal",)

# What `books check` asks, each a function that answers with faults: code, where, found.
BOOK_CHECKS: tuple[str, ...] = (
    "hukumati.domain.ledger.api.check",
    "hukumati.domain.payments.api.check",
    "hukumati.domain.payouts.api.check",
    "hukumati.domain.treasury.api.check",
)

# Who counts the cases that a new version of a service would meet: asked by `services diff`, which knows no cases itself.
COUNT_RUNNING_CASES = "hukumati.processes.applications.api.count_running"
