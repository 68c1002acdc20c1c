"""KeySettings: what every kind of key may be told, and what it is when nothing is said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypedDict, TypeVar

import aws_cdk as cdk

from constructs_lib.alias_name import full_alias_name
from constructs_lib.errors import ConfigurationError
from constructs_lib.guards import Guard
from constructs_lib.key_policy import Administration
from constructs_lib.labels import check_description, check_tags
from constructs_lib.naming.naming import Naming
from constructs_lib.naming.role_names import UnnamedRoles
from constructs_lib.setting_names import check_setting_names

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam

    from constructs_lib.key_kind import KeyKind

_WAITING_DAYS = range(7, 31)  # https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html

_Choice = TypeVar("_Choice", bound=Enum)


class Lifecycle(Enum):
    """How long a key lives."""

    DURABLE = "DURABLE"
    """Kept, with its alias, when it leaves the stack or the stack goes; removed only if its first creation fails."""

    EPHEMERAL = "EPHEMERAL"
    """Goes with the stack, after the shortest waiting period that KMS allows. What it encrypts is lost then."""


class KeyState(Enum):
    """Whether a key answers."""

    ENABLED = "ENABLED"
    """It does."""

    DISABLED = "DISABLED"
    """It refuses every use, and nothing is lost: the step before a deletion, and the way back from a mistake."""


class KeyMaterial(Enum):
    """Where the key material comes from. It cannot be changed later."""

    GENERATED = "GENERATED"
    """KMS makes it, and it never leaves KMS."""

    IMPORTED = "IMPORTED"
    """You make it and import it after the deployment; until then the key is pending and answers nothing.

    You keep a copy: KMS gives none back, and may ask for it again. https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html
    """


class KeySettings(TypedDict, total=False):
    """What every kind of key takes by keyword, beside what is its own.

    People are any principals of the CDK, also under conditions, and `permission_set`, `organizational_unit` and
    `with_context` of this library. Whoever names a whole account, an organization or a unit of it leaves it to the IAM
    policies of those accounts who of them it is.

    Attributes:
        alias: What people call the key, with or without the prefix `alias/`. Default: no alias.
        description: What the key is for, at most 8,192 characters. Default: none.
        tags: Tags of the key, at most 50. Default: those of the stack.
        lifecycle: Whether the key outlives its stack. Default: it does.
        waiting_period: Time between asking for deletion and deletion, 7 to 30 days. Default: 30 days; an ephemeral key
            always has 7.
        state: Whether the key answers. Default: it does.
        material: Where its material comes from. Default: KMS makes it.
        administration: Who may administer the key. Default: whoever the account's IAM policies allow it.
        administrators: People who may administer the key, and not use it. Default: nobody by name.
        auditors: People who may read metadata: policy, rotation, grants, tags, and the public key of a key that has
            one. Default: nobody by name.
        deployers: Who creates the key and what it encrypts. Default: the CloudFormation execution role of the stack's
            synthesizer.
        unnamed_roles: What to do with a role that is named by name and has none. Default: it is given one.
        naming: Whether roles and users of the key's own stack are named by name, too, as those of other stacks are.
            Default: they are named by identity.
        guards: What the policy refuses even to administrators. Default: nothing.
    """

    alias: str | None
    description: str | None
    tags: Mapping[str, str]
    lifecycle: Lifecycle
    waiting_period: cdk.Duration | None
    state: KeyState
    material: KeyMaterial
    administration: Administration
    administrators: "Sequence[iam.IGrantable]"
    auditors: "Sequence[iam.IGrantable]"
    deployers: "Sequence[iam.IGrantable]"
    unnamed_roles: UnnamedRoles
    naming: Naming
    guards: Sequence[Guard]


@dataclass(frozen=True, kw_only=True)
class ReadSettings:
    """The same, checked and complete."""

    alias_name: str | None
    description: str | None
    tags: Mapping[str, str]
    lifecycle: Lifecycle
    waiting_days: int
    state: KeyState
    material: KeyMaterial
    administration: Administration
    people: "Mapping[str, Sequence[iam.IGrantable]]"
    unnamed_roles: UnnamedRoles
    naming: Naming
    guards: Sequence[Guard]


def read_settings(settings: KeySettings, kind: "KeyKind") -> ReadSettings:
    """Check what a key was told, and add what it was not told.

    Args:
        settings: What it was told.
        kind: What the key can do, for messages.

    Raises:
        ConfigurationError: If a name is not one of the settings, or a value is out of range or of another type.
    """
    check_setting_names(settings, KeySettings.__annotations__, kind)
    lifecycle = settings.get("lifecycle", Lifecycle.DURABLE)
    alias = settings.get("alias")
    read = ReadSettings(
        alias_name=None if alias is None else full_alias_name(alias),
        description=settings.get("description"),
        tags=settings.get("tags", {}),
        lifecycle=check_choice("lifecycle", lifecycle, Lifecycle),
        waiting_days=_waiting_days(lifecycle, settings.get("waiting_period")),
        state=check_choice("state", settings.get("state", KeyState.ENABLED), KeyState),
        material=check_choice("material", settings.get("material", KeyMaterial.GENERATED), KeyMaterial),
        administration=check_choice(
            "administration", settings.get("administration", Administration.THROUGH_IAM), Administration
        ),
        people={
            "administrators": settings.get("administrators", ()),
            "auditors": settings.get("auditors", ()),
            "deployers": settings.get("deployers", ()),
        },
        unnamed_roles=check_choice(
            "unnamed_roles", settings.get("unnamed_roles", UnnamedRoles.GIVE_NAME), UnnamedRoles
        ),
        naming=check_choice("naming", settings.get("naming", Naming.BY_STACK), Naming),
        guards=settings.get("guards", ()),
    )
    check_description(read.description)
    check_tags(read.tags)
    deployers = read.people["deployers"]
    if "deployers" in settings and isinstance(deployers, Sequence) and not deployers:
        raise ConfigurationError("deployers must name somebody or be left out, got nobody")
    return read


def check_choice(argument: str, given: _Choice, allowed: type[_Choice]) -> _Choice:
    """Return a choice.

    Raises:
        ConfigurationError: If it is not a member of the enumeration.
    """
    if not isinstance(given, allowed):
        raise ConfigurationError(f"{argument} must be a member of {allowed.__name__}, got {spoken(given)}")
    return given


def whole_days(argument: str, given: cdk.Duration | None, usual: int, allowed: range) -> int:
    """Return a period in days.

    Args:
        argument: What a refusal calls it.
        given: The period, or None for the usual one.
        usual: The usual one, in days.
        allowed: What KMS allows, in days.

    Raises:
        ConfigurationError: If it is not a Duration of whole days that KMS allows.
    """
    if given is None:
        return usual
    days = given.to_days(integral=False) if isinstance(given, cdk.Duration) else None
    if days not in allowed:  # a range holds whole numbers only
        raise ConfigurationError(
            f"{argument} must be a Duration of {allowed.start} to {allowed.stop - 1} whole days, got {spoken(given)}"
        )
    return int(days)


def _waiting_days(lifecycle: Lifecycle, waiting_period: cdk.Duration | None) -> int:
    if lifecycle is Lifecycle.EPHEMERAL:
        if waiting_period is not None:
            raise ConfigurationError(
                f"waiting_period must be left out for an ephemeral key, which has {_WAITING_DAYS.start} days, "
                f"got {spoken(waiting_period)}"
            )
        return _WAITING_DAYS.start
    return whole_days("waiting_period", waiting_period, _WAITING_DAYS.stop - 1, _WAITING_DAYS)


def spoken(given: object) -> str:
    """Return a value as messages say it: a duration in words."""
    return given.to_human_string() if isinstance(given, cdk.Duration) else repr(given)
