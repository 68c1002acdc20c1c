"""The key of a parameter: which keys it may be, and who is admitted to it, of whatever make it is."""

import json
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.service_principals import ServicePrincipals
from constructs_lib.naming.token_text import TokenText
from constructs_lib.secrets.parameter_people import spoken_people
from constructs_lib.wiring.given_resources import check_symmetric_keys, spoken
from constructs_lib.wiring.places import are_apart
from constructs_lib.wiring.transport_keys import TakesUses

if TYPE_CHECKING:
    from constructs import Construct

    from constructs_lib.service_access.service_use import ServiceUse

_OF_AWS = "alias/aws/"


def check_parameter_key(scope: "Construct", key: kms.IKey) -> None:
    """Refuse what cannot be the key of a parameter whose readers are named.

    Args:
        scope: Where the parameter is used.
        key: The key.

    Raises:
        ConfigurationError: If it is none, AWS's own, of another kind, of another Region, or known by an alias that IAM
            policies cannot name.
    """
    if key is None:
        raise ConfigurationError(
            "encryption_key must be the key under which the value was put with --key-id, got None: without one it is "
            "alias/aws/ssm, on which nothing can be granted"
        )
    check_symmetric_keys({"encryption_key": key})
    if _OF_AWS in f"{key.key_id} {key.key_arn}":
        raise ConfigurationError(
            "encryption_key must be a key of your own, got an AWS managed key such as alias/aws/ssm: its policy lets "
            "everybody of the account in who may use Parameter Store, and nobody can change it"
        )
    if ":alias/" in key.key_arn and not isinstance(key, (TakesUses, kms.Alias)):
        raise ConfigurationError(
            f"encryption_key must be ExistingKey.from_alias(...) for a key that is known by its alias, got "
            f"{spoken(key)}: no IAM policy allows the use of a key by the ARN of an alias"
        )
    here, there = cdk.Stack.of(scope).region, key.env.region
    if are_apart(here, there):
        raise ConfigurationError(
            f"encryption_key must be in {here}, the Region of the parameter, got {key.node.path} in {there}"
        )


def let_use(scope: "Construct", key: kms.IKey, use: "ServiceUse", grantee: iam.IGrantable) -> None:
    """Admit somebody to a key through a service.

    A key of this library admits the grantee itself. The policy of a key of the CDK leaves it to IAM who of its account
    uses it, so the grantee's own policy gets the conditions; that of an imported key its owner must write.

    Args:
        scope: The parameter.
        key: Its key.
        use: A use of the catalogue that takes callers.
        grantee: Who is admitted.
    """
    if isinstance(key, kms.Alias):
        key = key.alias_target_key
    if isinstance(key, TakesUses):
        key.allow(use, grantee)
        return
    stack = cdk.Stack.of(scope)
    here = ServicePrincipals(stack, TokenText(stack))
    for allowance in use.running:
        conditions = here.calling(grantee, allowance).policy_fragment.conditions
        iam.Grant.add_to_principal(
            grantee=grantee, actions=list(allowance.actions), resource_arns=[key.key_arn], conditions=conditions
        )
        if not cdk.Resource.is_owned_resource(key):
            _tell_owner(scope, key, grantee, {"Action": sorted(allowance.actions), "Condition": conditions})


def _tell_owner(scope: "Construct", key: kms.IKey, grantee: iam.IGrantable, allowed: dict[str, object]) -> None:
    stack = cdk.Stack.of(scope)
    is_elsewhere = are_apart(stack.account, key.env.account)
    unless = "" if is_elsewhere else "unless it leaves roles of its account to IAM, "
    statement = {"Effect": "Allow", "Principal": {"AWS": spoken_people(stack, grantee)}, **allowed, "Resource": "*"}
    cdk.Annotations.of(scope).add_warning_v2(
        "cdk-key-management:parameter-key-not-admitting",
        f"the policy of {key.node.path} cannot be written from here; {unless}its owner must add this statement, or "
        f"every request is refused: {TokenText(stack).text(json.dumps(statement))}",
    )
