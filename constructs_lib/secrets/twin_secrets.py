"""Twins: two secrets under one key that policies call by the same pattern, as those of two stacks of one class are."""

from typing import TYPE_CHECKING, cast

import aws_cdk as cdk

from constructs_lib.naming.stack_facts import StackFacts
from constructs_lib.policy_size import names_resources

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

    from constructs_lib.service_access.service_use import ServiceUse

_KNOWN = "_cdk_key_management_secrets"


def announce_twins(secret: cdk.Resource, key: "kms.IKey", reading: "ServiceUse") -> None:
    """Warn where IAM and the key cannot tell a secret from another one, so that its own policy alone does.

    CloudFormation names secrets by their logical ids, which are the same at the same place in two stacks.
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/cfn-example_secret.html

    Args:
        secret: The secret.
        key: Its key.
        reading: How the key admits its readers.
    """
    known: dict[object, list[cdk.Resource]] = vars(cast("cdk.App", secret.node.root)).setdefault(_KNOWN, {})
    conditions = tuple(str(sorted(each.conditions.items())) for each in reading.running)
    alike = known.setdefault((_identity(key), conditions), [])
    for other in alike:
        for one, its_twin in ((secret, other), (other, secret)):
            cdk.Annotations.of(one).add_warning_v2(
                "cdk-key-management:secret-named-like-another",
                f"policies call it by the same pattern as {its_twin.node.path}, under the same key: whoever reads one "
                "is let in to the other by IAM and by the key, and only the resource policies keep him out; give each "
                "a secret_name of its own",
            )
    alike.append(secret)


def _identity(key: "kms.IKey") -> str:
    if cdk.Resource.is_owned_resource(key):
        return key.node.path
    arn = StackFacts.of(key).text.text(key.key_arn)
    return key.node.path if names_resources(arn) else arn
