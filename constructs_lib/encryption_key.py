"""EncryptionKey: a symmetric KMS key with rotation, and a policy that names who may use it."""

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_kms as kms

from constructs_lib.errors import ConfigurationError
from constructs_lib.key_policy import Administration
from constructs_lib.key_resource import KeyResource
from constructs_lib.naming.role_names import UnnamedRoles

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from constructs import Construct

USUAL_ROTATION_DAYS = 365
_ROTATION_DAYS = range(90, 2561)  # https://docs.aws.amazon.com/kms/latest/developerguide/rotating-keys-enable.html
_WAITING_DAYS = range(7, 31)  # https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
_LONGEST_DESCRIPTION = 8192  # https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
_SERVICE = re.compile(r"[a-z0-9-]+")

# https://docs.aws.amazon.com/kms/latest/APIReference/API_Tag.html
_MOST_TAGS, _LONGEST_TAG_KEY, _LONGEST_TAG_VALUE = 50, 128, 256


class Lifecycle(Enum):
    """How long a key lives."""

    DURABLE = "DURABLE"
    """Kept, with its alias, when it leaves the stack or the stack goes; removed only if its first creation fails."""

    EPHEMERAL = "EPHEMERAL"
    """Goes with the stack, after the shortest waiting period that KMS allows. What it encrypts is lost then."""


_REMOVAL = {
    Lifecycle.DURABLE: cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    Lifecycle.EPHEMERAL: cdk.RemovalPolicy.DESTROY,
}


class EncryptionKey(KeyResource):
    """A customer-managed key for encryption that rotates, outlives its stack and names who may use it.

    Defines one symmetric `AWS::KMS::Key` and, if asked, one `AWS::KMS::Alias`. It is a `kms.IKey`: give it to any
    construct that encrypts, and that construct's own grants end in exact statements of the key policy, in this stack
    and from others.

    Nobody can use the key who is not named here or by a grant. Administrators cannot use it. Whoever deploys can use it
    only through AWS services, which is how CloudFormation creates encrypted resources.

    What the policy cannot prevent: whoever may change it can let himself in, and so can whoever may change a trusted
    role or the code that runs under it.

    Examples:
        >>> import aws_cdk as cdk
        >>> from aws_cdk import aws_s3 as s3
        >>> stack = cdk.Stack(cdk.App(), "Orders")
        >>> key = EncryptionKey(stack, "Key", alias="orders")
        >>> bucket = s3.Bucket(stack, "Bucket", encryption_key=key)
        >>> bucket.encryption_key is key
        True
    """

    def __init__(
        self,
        scope: "Construct",
        construct_id: str,
        *,
        alias: str | None = None,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        lifecycle: Lifecycle = Lifecycle.DURABLE,
        rotation_period: cdk.Duration | None = None,
        waiting_period: cdk.Duration | None = None,
        administration: Administration = Administration.THROUGH_IAM,
        administrators: "Sequence[iam.IGrantable]" = (),
        encrypters: "Sequence[iam.IGrantable]" = (),
        decrypters: "Sequence[iam.IGrantable]" = (),
        auditors: "Sequence[iam.IGrantable]" = (),
        deployers: "Sequence[iam.IGrantable]" = (),
        services: Sequence[str] | None = None,
        unnamed_roles: UnnamedRoles = UnnamedRoles.GIVE_NAME,
    ) -> None:
        """Define the key.

        Args:
            scope: The construct that owns the key.
            construct_id: Name within `scope`. It is part of the logical id: changing it in a deployed stack makes a new
                key.
            alias: What people call the key, without the prefix `alias/`. Default: no alias.
            description: What the key is for, at most 8,192 characters. Default: none.
            tags: Tags of the key, at most 50. Default: those of the stack.
            lifecycle: Whether the key outlives its stack. Default: it does.
            rotation_period: Time between rotations of the key material, 90 to 2,560 days. Default: 365 days.
            waiting_period: Time between asking for deletion and deletion, 7 to 30 days. Default: 30 days; an ephemeral
                key always has 7.
            administration: Who may administer the key. Default: whoever the account's IAM policies allow it.
            administrators: People who may administer the key, and not use it. Default: nobody by name.
            encrypters: People who may encrypt and generate data keys. Default: nobody.
            decrypters: People who may decrypt. Default: nobody.
            auditors: People who may read metadata: policy, rotation, grants, tags. Default: nobody by name.
            deployers: Who creates the key and what it encrypts. Default: the CloudFormation execution role of the
                stack's synthesizer.
            services: AWS services through which deployers may use the key, such as `lambda` or `rds`: the first part of
                `kms:ViaService`. An empty list is none, for a key that only your own code uses. Default: every
                service of the Region.
            unnamed_roles: What to do with a role of another stack that has no name. Default: it is given one.

        Raises:
            ConfigurationError: If an argument is out of range, a name is reserved or malformed, a person both
                administers and uses the key, or KMS cannot name a person.
        """
        _check_choice("lifecycle", lifecycle, Lifecycle)
        _check_choice("administration", administration, Administration)
        _check_choice("unnamed_roles", unnamed_roles, UnnamedRoles)
        _check_words(description, services)
        _check_tags(tags or {})
        rotation_days = _days("rotation_period", rotation_period, USUAL_ROTATION_DAYS, _ROTATION_DAYS)
        waiting_days = _waiting_days(lifecycle, waiting_period)
        super().__init__(scope, construct_id, alias=alias, unnamed_roles=unnamed_roles)
        self._define(
            people={
                "administrators": administrators,
                "encrypters": encrypters,
                "decrypters": decrypters,
                "auditors": auditors,
                "deployers": deployers,
            },
            administration=administration,
            services=services,
            removal=_REMOVAL[lifecycle],
            make=lambda policy: kms.CfnKey(
                self,
                "Resource",
                description=description,
                enable_key_rotation=True,
                key_policy=policy,
                pending_window_in_days=waiting_days,
                rotation_period_in_days=rotation_days,
            ),
        )
        for name, value in (tags or {}).items():
            cdk.Tags.of(self).add(name, value)


def _waiting_days(lifecycle: Lifecycle, waiting_period: cdk.Duration | None) -> int:
    if lifecycle is Lifecycle.EPHEMERAL:
        if waiting_period is not None:
            raise ConfigurationError(
                f"waiting_period must be left out for an ephemeral key, which has {_WAITING_DAYS.start} days, "
                f"got {_spoken(waiting_period)}"
            )
        return _WAITING_DAYS.start
    return _days("waiting_period", waiting_period, _WAITING_DAYS.stop - 1, _WAITING_DAYS)


def _days(argument: str, given: cdk.Duration | None, usual: int, allowed: range) -> int:
    if given is None:
        return usual
    days = given.to_days(integral=False) if isinstance(given, cdk.Duration) else None
    if days not in allowed:  # a range holds whole numbers only
        raise ConfigurationError(
            f"{argument} must be a Duration of {allowed.start} to {allowed.stop - 1} whole days, got {_spoken(given)}"
        )
    return int(days)


def _spoken(given: object) -> str:
    return given.to_human_string() if isinstance(given, cdk.Duration) else repr(given)


def _check_choice(argument: str, given: object, allowed: type[Enum]) -> None:
    if not isinstance(given, allowed):
        raise ConfigurationError(f"{argument} must be a member of {allowed.__name__}, got {given!r}")


def _check_words(description: str | None, services: Sequence[str] | None) -> None:
    if description is not None and len(description) > _LONGEST_DESCRIPTION:
        raise ConfigurationError(
            f"description must be at most {_LONGEST_DESCRIPTION} characters, got {len(description)}"
        )
    if isinstance(services, str):
        raise ConfigurationError(f"services must be a sequence of names, got {services!r}")
    for service in services or ():
        if not _SERVICE.fullmatch(service):
            raise ConfigurationError(f"services must be names such as lambda or rds, got {service!r}")


def _check_tags(tags: Mapping[str, str]) -> None:
    if len(tags) > _MOST_TAGS:
        raise ConfigurationError(f"tags must be at most {_MOST_TAGS}, got {len(tags)}")
    for name, value in tags.items():
        if not 1 <= len(name) <= _LONGEST_TAG_KEY or name.lower().startswith("aws:"):
            raise ConfigurationError(
                f"tags must have keys of 1 to {_LONGEST_TAG_KEY} characters that do not begin with aws:, got {name!r}"
            )
        if len(value) > _LONGEST_TAG_VALUE:
            raise ConfigurationError(
                f"tags must have values of at most {_LONGEST_TAG_VALUE} characters, got {len(value)} for {name!r}"
            )
