"""How a case is shown, to the citizen and to the clerk alike: its questions and answers, facts, and what happened."""
