"""Words of the tables of intent: what people call the actions of each kind of key.

Written out here a second time, so that a change in `constructs_lib.actions` or `constructs_lib.key_kind` is noticed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, eq=False)
class Words:
    """What can be said about one kind of key.

    Attributes:
        meaning: Word to exact actions; each action of the kind of key is meant by one word.
    """

    meaning: Mapping[str, tuple[str, ...]]

    @cached_property
    def every_action(self) -> tuple[str, ...]:
        """Every action that the kind of key has."""
        return tuple(action for actions in self.meaning.values() for action in actions)

    @cached_property
    def of_other_kinds(self) -> tuple[str, ...]:
        """Every action that only other kinds of key have."""
        return tuple(sorted(EVERY_ACTION_OF_ANY_KEY - {*self.every_action}))

    @property
    def administer(self) -> tuple[str, ...]:
        """What an administrator is meant to be able to do."""
        return (*self.meaning["inspect"], *self.meaning["change"])

    def read(self, word: str) -> frozenset[str]:
        """Return what a word means; a single action is said by its name.

        Raises:
            ValueError: If it is neither.
        """
        if word in self.meaning:
            return frozenset(self.meaning[word])
        if f"kms:{word}" not in self.every_action:
            raise ValueError(f"a row must allow known actions, got {word!r}")
        return frozenset([f"kms:{word}"])


_INSPECT = (
    "kms:DescribeKey",
    "kms:GetKeyLastUsage",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
)
_CHANGE = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DisableKey",
    "kms:EnableKey",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)
_ROTATE_BY_ITSELF = ("kms:DisableKeyRotation", "kms:EnableKeyRotation")
_ROTATE_ON_DEMAND = ("kms:RotateKeyOnDemand",)
_IMPORT = ("kms:DeleteImportedKeyMaterial", "kms:GetParametersForImport", "kms:ImportKeyMaterial")
_REPLICATE = ("kms:ReplicateKey", "kms:UpdatePrimaryRegion")
_GRANTS = {"hand out": ("kms:CreateGrant",), "retire": ("kms:RetireGrant",)}
_PUBLIC_KEY = {"read the public key": ("kms:GetPublicKey",)}
_DECRYPT = {"decrypt": ("kms:Decrypt",)}
_RE_ENCRYPT = {"re-encrypt": ("kms:ReEncryptFrom", "kms:ReEncryptTo")}
_LIFE = {"inspect": _INSPECT, "change": _CHANGE}

SYMMETRIC_WORDS = Words({
    **_DECRYPT,
    "encrypt": ("kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"),
    **_RE_ENCRYPT,
    "make key pairs": ("kms:GenerateDataKeyPair", "kms:GenerateDataKeyPairWithoutPlaintext"),
    "inspect": _INSPECT,
    "change": (*_CHANGE, *_ROTATE_BY_ITSELF, *_ROTATE_ON_DEMAND),
    **_GRANTS,
})
IMPORTED_WORDS = Words({**SYMMETRIC_WORDS.meaning, "change": (*_CHANGE, *_ROTATE_ON_DEMAND, *_IMPORT)})
"""Of a symmetric key whose material is brought from outside."""
MULTI_REGION_WORDS = Words({
    **SYMMETRIC_WORDS.meaning,
    "change": (*_CHANGE, *_ROTATE_BY_ITSELF, *_ROTATE_ON_DEMAND, *_REPLICATE),
})
"""Of a symmetric key in several Regions."""
ASYMMETRIC_ENCRYPTION_WORDS = Words({
    **_DECRYPT,
    "encrypt": ("kms:Encrypt",),
    **_RE_ENCRYPT,
    **_PUBLIC_KEY,
    **_LIFE,
    **_GRANTS,
})
SIGNING_WORDS = Words({"sign": ("kms:Sign",), "verify": ("kms:Verify",), **_PUBLIC_KEY, **_LIFE, **_GRANTS})
MAC_WORDS = Words({"generate": ("kms:GenerateMac",), "verify": ("kms:VerifyMac",), **_LIFE, **_GRANTS})
AGREEMENT_WORDS = Words({"derive": ("kms:DeriveSharedSecret",), **_PUBLIC_KEY, **_LIFE, **_GRANTS})

EVERY_ACTION_OF_ANY_KEY = frozenset(
    action
    for words in (
        *(SYMMETRIC_WORDS, IMPORTED_WORDS, MULTI_REGION_WORDS),
        *(ASYMMETRIC_ENCRYPTION_WORDS, SIGNING_WORDS, MAC_WORDS, AGREEMENT_WORDS),
    )
    for action in words.every_action
)
