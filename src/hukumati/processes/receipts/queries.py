"""Reads of receipts as papers."""

from __future__ import annotations

from hukumati.domain.payments import api as payments
from hukumati.processes.receipts.facts import Standing


def get_standing(receipt: str) -> Standing:
    """What is true of the receipt now. Refuses with payments.ReceiptNotFound."""
    return standing_of(payments.get_receipt(receipt))


def standing_of(proof: payments.ReceiptFacts) -> Standing:
    left = payments.get_left_to_give_back(proof.charge_reference)
    return Standing(proof.number, proof.service_name, proof.total, proof.paid_at, proof.total - left)
