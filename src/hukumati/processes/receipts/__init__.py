"""The receipt as a paper: a signed PDF of what was paid and why, and what is true of it on the day somebody checks it."""
