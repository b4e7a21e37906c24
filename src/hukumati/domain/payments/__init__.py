"""Charges, attempts, notices, receipts, refunds, cash drawers. Nothing is paid because somebody says so: a provider's verified word or a cashier's drawer."""
