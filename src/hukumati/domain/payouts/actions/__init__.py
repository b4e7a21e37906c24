"""Paying money out: registered accounts, orders to the bank, and what became of them."""
