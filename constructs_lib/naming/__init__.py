"""How a key policy names callers and sources, without a reference to another stack."""
