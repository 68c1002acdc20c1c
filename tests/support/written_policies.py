"""Key policies as the comparison reads them."""

from typing import Any

from constructs_lib.adoption.written_policy import WrittenStatement, read_statements
from constructs_lib.key_kind import SYMMETRIC


def written(*statements: dict[str, Any]) -> tuple[WrittenStatement, ...]:
    """Return the statements of a symmetric key's policy as the comparison reads them."""
    return read_statements({"Statement": list(statements)}, actions=SYMMETRIC.actions)
