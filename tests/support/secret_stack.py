"""A managed secret with its key in a stack, and what its template says of who may do what."""

from typing import TYPE_CHECKING, Any, Literal

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib import EncryptionKey
from constructs_lib.managed_secret import ManagedSecret
from constructs_lib.secrets.contents import Generated
from tests.support.announcements import announcements
from tests.support.synthesised import only, resources, written

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]

POLICY = "AWS::SecretsManager::ResourcePolicy"


def role(stack: cdk.Stack, name: str, **settings: Any) -> iam.Role:  # those of iam.Role
    """Return a role of a Lambda function."""
    return iam.Role(stack, name, assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"), **settings)


def key_of(stack: cdk.Stack, name: str = "Key") -> EncryptionKey:
    """Return a key that is used through Secrets Manager."""
    return EncryptionKey(stack, name, alias=f"orders-{name.lower()}", services=["secretsmanager"])


def secret_of(stack: cdk.Stack, name: str = "Secret", **settings: Any) -> ManagedSecret:  # those of the secret
    """Return a secret under a key of its own, with a generated text unless something else is said."""
    usual: Mapping[str, Any] = {"content": Generated.text()}
    if "encryption_key" not in settings:
        usual = {**usual, "encryption_key": key_of(stack, f"{name}Key")}
    return ManagedSecret(stack, name, **{**usual, **settings})


def statements(template: Json) -> dict[str, Json]:
    """Return the statements of the one resource policy by Sid."""
    document = written(only(template, POLICY)["Properties"]["ResourcePolicy"])
    return {each["Sid"]: each for each in document["Statement"]}


def spared(statement: Json) -> set[str]:
    """Return the names that a Deny spares."""
    names = [each.get("aws:PrincipalArn", []) for each in statement.get("Condition", {}).values()]
    return {name for found in names for name in ([found] if isinstance(found, str) else found)}


def allowed_to(template: Json, role_id: str) -> list[Json]:
    """Return the statements of the inline policies of a role whose logical id starts so."""
    return [
        statement
        for policy in resources(template, "AWS::IAM::Policy").values()
        if any(str(written(each)).startswith(f"${{{role_id}") for each in policy["Properties"]["Roles"])
        for statement in written(policy["Properties"]["PolicyDocument"])["Statement"]
    ]


def messages(assembly: str, stack: cdk.Stack, level: Literal["info", "warning"] = "info") -> list[str]:
    """Return what is announced in a stack."""
    return announcements(assembly, stack.artifact_id, level)
