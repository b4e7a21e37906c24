"""Translators to the outside. Each sees the kernel and its port only, and is named by a wiring string."""
