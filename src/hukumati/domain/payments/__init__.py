"""Charges, attempts, notices, receipts, refunds, cash drawers.

Owns what a citizen owes and how it was paid. Promises that a charge has one receipt at most, made in the transaction that posts it to the
ledger; that whatever is paid beyond it goes back; that a receipt's number leaves no gap in its year. Nothing is paid because somebody says
so: a notice only rings the bell, then the provider is asked, or a cashier's drawer answers for the notes in it.
"""
