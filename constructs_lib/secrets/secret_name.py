"""The name of a secret: whether Secrets Manager takes it, and what a key policy says that must not refer to it."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.service_access.resource_names import SECRET
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from aws_cdk import aws_secretsmanager as secretsmanager
    from constructs import IConstruct

# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
_NAME = re.compile(rf"[{SECRET.characters}]{{1,{SECRET.longest}}}", re.ASCII)
_LIKE_A_SUFFIX = re.compile(r"-.{6}\Z")
_NAME_IN_ARN = 6
_SUFFIX = "-??????"  # what Secrets Manager appends in the ARN


def check_secret_name(name: str | None) -> str | None:
    """Return the name of a secret, if it was given one.

    A name that ends with a hyphen and six characters is refused, as AWS advises: an ARN without its suffix would then
    look like a whole one, and Secrets Manager could find another secret by it.

    Args:
        name: The name.

    Raises:
        ConfigurationError: If Secrets Manager would not take it, if it reads like an ARN's end, or is a token: the key
            policy names the secret by it.

    Examples:
        >>> check_secret_name("orders/database")
        'orders/database'
    """
    if name is None:
        return None
    if isinstance(name, str) and cdk.Token.is_unresolved(name):
        raise ConfigurationError(
            "secret_name must be a literal name, which the key policy says before there is a secret, got a token"
        )
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ConfigurationError(
            f"secret_name must be 1 to {SECRET.longest} letters, digits and /_+=.@-, got {spoken(name)}"
        )
    if _LIKE_A_SUFFIX.search(name):
        raise ConfigurationError(
            "secret_name must not end with a hyphen and six characters, which look like the suffix of a secret's ARN, "
            f"got {name!r}"
        )
    return name


@dataclass(frozen=True)
class NamedSecret:
    """How a secret is named where nothing may refer to it.

    Attributes:
        name: Its name, or the pattern of the one that CloudFormation draws: `<logical id>-*`, without the stack's.
        arn: Its ARN with that name, and a wildcard for each character of the suffix.
    """

    name: str
    arn: str

    @classmethod
    def of(cls, secret: "secretsmanager.CfnSecret", given: str | None) -> "NamedSecret":
        """Return how a secret of this app is named.

        https://docs.aws.amazon.com/secretsmanager/latest/userguide/cfn-example_secret.html

        Args:
            secret: The L1.
            given: Its name, if it has one.
        """
        stack = cdk.Stack.of(secret)
        name = given if given is not None else f"{stack.get_logical_id(secret)}-*"
        return cls(name, f"arn:{stack.partition}:secretsmanager:{stack.region}:{stack.account}:secret:{name}{_SUFFIX}")

    def arn_in(self, region: str) -> str:
        """Return the ARN of its replica in another Region, which has the same name and suffix.

        Args:
            region: That Region.
        """
        parts = self.arn.split(":")
        # What stands between the colons may be a token, which has colons only within its own brackets.
        return ":".join([*parts[:3], region, *parts[4:]])


def name_in_arn(arn: str) -> str:
    """Return the name that CloudFormation draws, which is `<logical id>-<random>`, out of the ARN.

    Args:
        arn: The ARN of a secret without a name of its own.
    """
    parts = cdk.Fn.split("-", cdk.Fn.select(_NAME_IN_ARN, cdk.Fn.split(":", arn)))
    return cdk.Fn.join("-", [cdk.Fn.select(0, parts), cdk.Fn.select(1, parts)])


def replica_arn(scope: "IConstruct", arn: str, region: str) -> str:
    """Return the ARN of a replica, which differs by its Region alone.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html

    Args:
        scope: In the stack of the secret.
        arn: The ARN of the secret.
        region: The Region of the replica.
    """
    stack = cdk.Stack.of(scope)
    name = cdk.Fn.select(_NAME_IN_ARN, cdk.Fn.split(":", arn))
    return f"arn:{stack.partition}:secretsmanager:{region}:{stack.account}:secret:{name}"


def announce_taken_name(construct: "IConstruct", name: str, removal: cdk.RemovalPolicy) -> None:
    """Say what a fixed name costs: after a destroy nobody else can have it.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html

    Args:
        construct: The secret.
        name: Its name.
        removal: Whether the secret outlives its stack.
    """
    remedy = (
        f"it stays when it leaves the stack; to have it back, use cdk import, or delete it by aws secretsmanager "
        f"delete-secret --secret-id {name} --force-delete-without-recovery, which loses its value"
        if removal is not cdk.RemovalPolicy.DESTROY
        else "CloudFormation deletes it at once, without a time to recover it; whoever deleted it by hand leaves the "
        f"name taken for 7 to 30 days: use aws secretsmanager restore-secret --secret-id {name} and cdk import"
    )
    cdk.Annotations.of(construct).add_info_v2(
        "cdk-key-management:secret-name-taken",
        f"the name {name} is fixed, so a second deployment fails with 'already exists' or 'already scheduled for "
        f"deletion' while a secret has it: {remedy}; another secret_name, or none, makes another secret, which "
        "does not have this one's value",
    )
