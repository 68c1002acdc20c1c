"""What the eleven suite ids stand for, written down a second time, for readers and writers that are not ours."""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm


@dataclass(frozen=True)
class SuiteFacts:
    """One row of the specification's table (algorithm suites, "Supported Algorithm Suites")."""

    suite_id: int
    message_format: int
    key_bytes: int
    derivation: HashAlgorithm | None
    curve: ec.EllipticCurve | None = None
    signature_hash: HashAlgorithm | None = None

    @property
    def message_id_bytes(self) -> int:
        """Message format 2 doubled it."""
        return 32 if self.message_format == 2 else 16

    @property
    def name(self) -> str:
        """The id as people write it."""
        return f"{self.suite_id:04x}"


_ROWS = (
    SuiteFacts(0x0014, 1, 16, None),
    SuiteFacts(0x0046, 1, 24, None),
    SuiteFacts(0x0078, 1, 32, None),
    SuiteFacts(0x0114, 1, 16, SHA256()),
    SuiteFacts(0x0146, 1, 24, SHA256()),
    SuiteFacts(0x0178, 1, 32, SHA256()),
    SuiteFacts(0x0214, 1, 16, SHA256(), ec.SECP256R1(), SHA256()),
    SuiteFacts(0x0346, 1, 24, SHA384(), ec.SECP384R1(), SHA384()),
    SuiteFacts(0x0378, 1, 32, SHA384(), ec.SECP384R1(), SHA384()),
    SuiteFacts(0x0478, 2, 32, SHA512()),
    SuiteFacts(0x0578, 2, 32, SHA512(), ec.SECP384R1(), SHA384()),
)

FACTS = {row.suite_id: row for row in _ROWS}
