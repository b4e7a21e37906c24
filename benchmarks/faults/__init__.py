"""Money under fire: payers, mischief and kills around the real processes, and a judge who reads the books of both sides."""
