"""Readers of a record: each somebody whom a key policy can name, and whether a policy can be attached to him here."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.cdk_principals import principal_of, said_of
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from constructs import Construct


def check_readers(readers: "Sequence[iam.IGrantable]") -> "tuple[iam.IPrincipal, ...]":
    """Return who reads, each of them somebody.

    Args:
        readers: Roles, users, other principals of AWS, or what has one.

    Raises:
        ConfigurationError: If one is nobody, anybody, a group, a service, or of another identity provider.
    """
    given: object = readers
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise ConfigurationError(f"readers must be a sequence of IAM principals, got {spoken(given)}")
    principals = tuple(principal_of(reader, "readers") for reader in readers)
    for principal in principals:
        if hasattr(principal, "group_arn"):
            raise ConfigurationError(
                "readers must be roles, users or accounts, which a key policy can name, got a group"
            )
        kinds, _ = said_of(principal)
        values = [(kind, each) for kind, said in kinds.items() for each in ([said] if isinstance(said, str) else said)]
        wrong = [
            "everybody" if value == "*" else f"a principal of the kind {kind}"
            for kind, value in values
            if kind != "AWS" or value == "*"
        ]
        if wrong or not values:
            raise ConfigurationError(
                "readers must be roles, users or accounts of AWS by name, got "
                f"{wrong[0] if wrong else 'a principal that names nobody'}"
            )
    return principals


def name_of(reader: "iam.IPrincipal") -> str:
    """Return the ARNs by which a reader is known, which may be tokens.

    Args:
        reader: Who reads.
    """
    said = said_of(reader)[0]["AWS"]
    return said if isinstance(said, str) else ", ".join(said)


def is_role_or_user_here(scope: "Construct", reader: "iam.IPrincipal") -> bool:
    """Whether somebody is a role or user of the account in which something is defined, as far as synthesis knows.

    A policy is attached by a name alone: that of another account's role would mean the role of that name here.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html

    Args:
        scope: What is defined.
        reader: Who reads.
    """
    # A role and a user are told apart from others by what they have, also imported ones.
    is_one = hasattr(reader, "role_arn") or hasattr(reader, "user_arn")
    return is_one and reader.principal_account == cdk.Stack.of(scope).account


def check_of_account(scope: "Construct", readers: "Sequence[iam.IPrincipal]") -> None:
    """Refuse who is known to be of another account, where a query cannot be asked from.

    Athena has no policies of its own by which it could let in another account.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html

    Args:
        scope: Where queries are asked.
        readers: Who asks.

    Raises:
        ConfigurationError: If somebody is of another account.
    """
    here = cdk.Stack.of(scope).account
    for reader in readers:
        there = reader.principal_account
        if there and there != here and not any(map(cdk.Token.is_unresolved, (here, there))):
            raise ConfigurationError(
                f"readers must be of {here}, the account of the queries, since Athena lets in no other one, got "
                f"{name_of(reader)}; let him assume a role here, and name that"
            )
