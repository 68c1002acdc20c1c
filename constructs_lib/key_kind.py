"""KeyKind: what one kind of key can do, and for whom. No jsii.

https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from constructs_lib.actions import (
    ADMINISTER,
    ADMINISTER_ANY_KEY,
    CREATE_GRANT,
    DATA_KEY_PAIRS,
    DECRYPT,
    DERIVE_SHARED_SECRET,
    DISABLE_KEY_ROTATION,
    ENABLE_KEY_ROTATION,
    ENCRYPT,
    ENCRYPT_UNDER_PUBLIC_KEY,
    GENERATE_MAC,
    IMPORT_MATERIAL,
    INSPECT,
    PUBLIC_KEY,
    RE_ENCRYPT,
    RE_ENCRYPT_TO,
    REPLICATE,
    RETIRE_GRANT,
    SIGN,
    VERIFY,
    VERIFY_MAC,
)
from constructs_lib.errors import ConfigurationError

_MAKING = ("encrypt", "generate MACs", "sign")


@dataclass(frozen=True, kw_only=True)
class KeyKind:
    """What a kind of key can do.

    Attributes:
        name: With its article, for messages.
        usage: What KMS calls its usage.
        uses: What one does with the key and data: a verb to exact actions.
        people: The kinds of people who use it: an argument of its construct to a verb.
        by_name: Further actions of use, given only to those who ask for them by name.
        inspect: What auditors may do.
        administer: What administrators may do.

    Examples:
        >>> SIGNING.actions_to("sign")
        ('kms:Sign',)
    """

    name: str
    usage: str
    uses: Mapping[str, tuple[str, ...]]
    people: Mapping[str, str]
    by_name: tuple[str, ...] = ()
    inspect: tuple[str, ...] = INSPECT
    administer: tuple[str, ...] = ADMINISTER_ANY_KEY

    @cached_property
    def use(self) -> frozenset[str]:
        """Every action that uses the key on data, whoever may do it."""
        return frozenset((*(action for actions in self.uses.values() for action in actions), *self.by_name))

    @cached_property
    def actions(self) -> frozenset[str]:
        """Every action that its key policy can give."""
        return self.use | {*self.inspect, *self.administer, CREATE_GRANT, RETIRE_GRANT}

    @property
    def rotates(self) -> bool:
        """Whether KMS rotates it by itself."""
        return ENABLE_KEY_ROTATION in self.actions

    @property
    def making(self) -> frozenset[str]:
        """The actions of use that make something new: nobody needs them with a key that another one has followed."""
        made = (action for verb in _MAKING for action in self.uses.get(verb, ()))
        return frozenset((*made, *self.by_name)) | (self.use & {RE_ENCRYPT_TO})

    def actions_to(self, *verbs: str) -> tuple[str, ...]:
        """Return the exact actions of uses.

        Raises:
            ConfigurationError: If the kind of key cannot do it.
        """
        for verb in verbs:
            if verb not in self.uses:
                raise ConfigurationError(
                    f"{self.name} cannot {verb}; a key of this kind can {', '.join(sorted(self.uses))}"
                )
        return tuple(action for verb in verbs for action in self.uses[verb])

    def actions_of(self, people: str) -> tuple[str, ...]:
        """Return what one kind of person may do, by the argument that names these people."""
        if people == "administrators":
            return self.administer
        return self.inspect if people == "auditors" else self.actions_to(self.people[people])

    def with_imported_material(self) -> "KeyKind":
        """Return the kind for keys whose material is brought from outside: KMS does not rotate these by itself.

        https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html
        """
        automatic = (ENABLE_KEY_ROTATION, DISABLE_KEY_ROTATION)
        kept = tuple(action for action in self.administer if action not in automatic)
        return replace(self, administer=(*kept, *IMPORT_MATERIAL))

    def in_several_regions(self) -> "KeyKind":
        """Return the kind for multi-Region keys, which administrators replicate.

        https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html
        """
        return replace(self, administer=(*self.administer, *REPLICATE))


_RE_ENCRYPT = "re-encrypt"

SYMMETRIC = KeyKind(
    name="a symmetric encryption key",
    usage="ENCRYPT_DECRYPT",
    uses={"encrypt": ENCRYPT, "decrypt": DECRYPT, _RE_ENCRYPT: RE_ENCRYPT},
    people={"encrypters": "encrypt", "decrypters": "decrypt"},
    by_name=DATA_KEY_PAIRS,
    administer=ADMINISTER,
)

ASYMMETRIC_ENCRYPTION = KeyKind(
    name="an asymmetric encryption key",
    usage="ENCRYPT_DECRYPT",
    uses={"encrypt": ENCRYPT_UNDER_PUBLIC_KEY, "decrypt": DECRYPT, _RE_ENCRYPT: RE_ENCRYPT},
    people={"encrypters": "encrypt", "decrypters": "decrypt"},
    inspect=(*INSPECT, PUBLIC_KEY),
)

SIGNING = KeyKind(
    name="a signing key",
    usage="SIGN_VERIFY",
    uses={"sign": SIGN, "verify": VERIFY},
    people={"signers": "sign", "verifiers": "verify"},
    inspect=(*INSPECT, PUBLIC_KEY),
)

MAC = KeyKind(
    name="a MAC key",
    usage="GENERATE_VERIFY_MAC",
    uses={"generate MACs": GENERATE_MAC, "verify MACs": VERIFY_MAC},
    people={"generators": "generate MACs", "verifiers": "verify MACs"},
)

AGREEMENT = KeyKind(
    name="a key agreement key",
    usage="KEY_AGREEMENT",
    uses={"derive shared secrets": DERIVE_SHARED_SECRET, "read the public key": (PUBLIC_KEY,)},
    people={"derivers": "derive shared secrets", "peers": "read the public key"},
    inspect=(*INSPECT, PUBLIC_KEY),
)
