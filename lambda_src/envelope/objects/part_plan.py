"""In which parts an object is uploaded, so that neither S3's number of parts nor the function's memory is exceeded."""

from dataclasses import dataclass
from typing import Self

from envelope.errors import LimitExceeded
from envelope.limits import PART_BYTES_DEFAULT, PART_MEMORY_BYTES, PARTS_AT_ONCE_MAX, PARTS_MAX

_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class PartPlan:
    """How an object is uploaded.

    Attributes:
        part_bytes: Length of every part but the last. What is shorter than one part is uploaded in one piece.
        at_once: Parts that are sent at the same time. One more is filled meanwhile.
    """

    part_bytes: int
    at_once: int

    @classmethod
    def for_length(cls, longest: int) -> Self:
        """Choose the parts.

        Args:
            longest: How long the object can become.

        Returns:
            The smallest parts that are not too many, and as many at once as memory has room for.

        Raises:
            LimitExceeded: If not even one part could be sent while another one is filled.

        Examples:
            >>> PartPlan.for_length(5 * 1024**3)
            PartPlan(part_bytes=8388608, at_once=4)
            >>> PartPlan.for_length(100 * 1024**3)
            PartPlan(part_bytes=11534336, at_once=2)
        """
        needed = -(-longest // PARTS_MAX)
        part_bytes = max(PART_BYTES_DEFAULT, -(-needed // _MEBIBYTE) * _MEBIBYTE)
        at_once = min(PARTS_AT_ONCE_MAX, PART_MEMORY_BYTES // part_bytes - 1)
        if at_once < 1:
            most = PART_MEMORY_BYTES // 2 // _MEBIBYTE * _MEBIBYTE * PARTS_MAX
            raise LimitExceeded(f"object must be at most {most} bytes, got {longest}")
        return cls(part_bytes=part_bytes, at_once=at_once)
