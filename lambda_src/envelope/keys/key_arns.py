"""ARNs of KMS keys: what one says, and which keys are replicas of one another."""

import re
from dataclasses import dataclass
from typing import Final, Self

_KEY_ARN: Final = re.compile(
    r"arn:(?P<partition>aws[a-z-]*):kms:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12}):key/(?P<key_id>[A-Za-z0-9-]+)"
)
_MULTI_REGION: Final = "mrk-"


@dataclass(frozen=True, slots=True)
class KeyArn:
    """The ARN of a key. Never that of an alias, which can be pointed at another key.

    Attributes:
        partition: `aws`, `aws-cn`, `aws-us-gov` and others.
        region: Where the key is, and the only place where KMS answers for it under this ARN.
        account: Who owns it.
        key_id: What is unique within the Region.

    Examples:
        >>> arn = KeyArn.parse("arn:aws:kms:eu-central-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab")
        >>> arn.region, arn.is_multi_region
        ('eu-central-1', True)
        >>> str(arn.in_region("us-east-1"))
        'arn:aws:kms:us-east-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab'
    """

    partition: str
    region: str
    account: str
    key_id: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an ARN from a configuration.

        Args:
            text: The ARN.

        Returns:
            Its parts.

        Raises:
            ValueError: If it is anything else than the ARN of a key.
        """
        found = _KEY_ARN.fullmatch(text)
        if found is None:
            raise ValueError(f"key_arn must be the ARN of a KMS key, got {text!r}")
        return cls(**found.groupdict())

    @classmethod
    def from_message(cls, data: bytes) -> Self | None:
        """Read the provider info of an encrypted data key, which anybody may have written.

        Args:
            data: What a header says.

        Returns:
            The ARN; None for everything else, which is nobody's key.
        """
        try:
            return cls.parse(data.decode("ascii"))
        except ValueError:  # which `UnicodeDecodeError` is too
            return None

    @property
    def is_multi_region(self) -> bool:
        """Whether the key may have replicas in other Regions, with the same key material."""
        return self.key_id.startswith(_MULTI_REGION)

    def is_related_to(self, other: "KeyArn") -> bool:
        """Say whether two ARNs stand for the same key material (AWS KMS MRK match for decrypt).

        Args:
            other: Another ARN.

        Returns:
            True for the same ARN, and for replicas: multi-Region keys whose ARNs differ in the Region alone.

        Examples:
            >>> one = KeyArn.parse("arn:aws:kms:eu-central-1:111122223333:key/mrk-12")
            >>> one.is_related_to(one.in_region("us-east-1"))
            True
        """
        return self == other or (self.is_multi_region and self == other.in_region(self.region))

    def in_region(self, region: str) -> "KeyArn":
        """Name the replica of another Region.

        Args:
            region: The other Region.

        Returns:
            The ARN that differs in the Region alone.
        """
        return KeyArn(self.partition, region, self.account, self.key_id)

    def __str__(self) -> str:
        """Write the ARN."""
        return f"arn:{self.partition}:kms:{self.region}:{self.account}:key/{self.key_id}"
