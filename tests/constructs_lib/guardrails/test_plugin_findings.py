"""The guardrails in whole apps: findings that say whom they mean and what helps, and that stay."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sso as sso

from constructs_lib import EncryptionKey
from constructs_lib.guardrails.plugin import KeyGuardrails
from constructs_lib.guardrails.unchecked_keys import KnownTexts
from tests.support.synthesised import violations

MakeApp = Callable[..., cdk.App]
INSTANCE = "arn:aws:sso:::instance/ssoins-1234567890abcdef"


@pytest.fixture
def app(make_app: MakeApp) -> cdk.App:
    return make_app()


@pytest.fixture
def stack(app: cdk.App) -> cdk.Stack:
    return cdk.Stack(app, "S")


def role(scope: cdk.Stack, **options: Any) -> iam.Role:
    return iam.Role(scope, "Role", assumed_by=iam.AccountRootPrincipal(), **options)


def by_hand(key: kms.IKey, *actions: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=list(actions or ["kms:Decrypt"]), resources=[key.key_arn])


@pytest.mark.parametrize("prefix", ["", "Key-Management::", "Key Management::"])
def test_refuses_to_be_silenced(prefix: str, app: cdk.App, stack: cdk.Stack) -> None:
    reader = role(stack)
    reader.add_to_policy(by_hand(EncryptionKey(stack, "Key")))
    for scope in (app, stack, reader):
        cdk.Validations.of(scope).acknowledge(
            cdk.Acknowledgment(id=f"{prefix}UseWithoutKeyPolicy", reason="It is only a test of what can be silenced.")
        )

    assert violations(stack) == [
        ("UseWithoutKeyPolicy", "IAM allows Role1ABCC5F0 of stack S kms:Decrypt with S/Key, whose key policy does not")
    ]


def remedies(app: cdk.App) -> list[str]:
    with pytest.raises(RuntimeError, match="ValidationFailed") as stopped:
        app.synth()
    return re.findall("Suggested fix: (.*)", str(stopped.value))


def test_the_remedy_for_a_wildcard_is_exact_actions(app: cdk.App, stack: cdk.Stack) -> None:
    role(stack).add_to_policy(by_hand(EncryptionKey(stack, "Key"), "kms:*"))

    assert remedies(app) == [
        "write exact actions instead of a wildcard, and those that use the key by grant on the key"
    ]


def test_the_remedy_for_a_group_does_not_name_the_group(app: cdk.App, stack: cdk.Stack) -> None:
    iam.Group(stack, "Group").add_to_policy(by_hand(EncryptionKey(stack, "Key")))

    assert remedies(app) == [
        "call key.grant(user, 'kms:Decrypt') for users, since a key policy names no group, or take the statement away"
    ]


def test_the_remedy_for_a_permission_set_is_a_pattern_of_its_roles(app: cdk.App, stack: cdk.Stack) -> None:
    inline = iam.PolicyDocument(statements=[by_hand(EncryptionKey(stack, "Key"))])
    sso.CfnPermissionSet(stack, "Readers", name="Readers", instance_arn=INSTANCE, inline_policy=inline)

    assert remedies(app) == [
        "grant 'kms:Decrypt' to its roles, aws:PrincipalArn like */AWSReservedSSO_<its name>_*, or take it away"
    ]


def test_a_role_imported_by_a_token_is_told_by_its_policy(stack: cdk.Stack) -> None:
    imported = iam.Role.from_role_arn(stack, "Imported", cdk.Fn.import_value("reader"))
    imported.add_to_principal_policy(by_hand(EncryptionKey(stack, "Key")))

    ((_, said),) = violations(stack)
    assert re.match(r"IAM allows the holder of ImportedPolicy\w+ of stack S kms:Decrypt with S/Key", said)


def test_a_holder_is_told_by_its_construct_path_where_the_template_has_it(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(**{"aws:cdk:enable-path-metadata": True}), "S")
    role(stack).add_to_policy(by_hand(EncryptionKey(stack, "Key")))

    assert violations(stack) == [
        ("UseWithoutKeyPolicy", "IAM allows S/Role kms:Decrypt with S/Key, whose key policy does not")
    ]


def test_a_nested_stack_of_the_legacy_synthesizer_is_checked(app: cdk.App) -> None:
    stack = cdk.Stack(app, "S", synthesizer=cdk.LegacyStackSynthesizer())
    deployer = iam.ArnPrincipal("arn:aws:iam::111122223333:role/Deployer")
    key = EncryptionKey(cdk.NestedStack(stack, "N"), "Key", deployers=[deployer])
    role(stack).add_to_policy(by_hand(key))

    assert violations(stack) == [
        (
            "UseWithoutKeyPolicy",
            "IAM allows Role1ABCC5F0 of stack S kms:Decrypt with S/N/Key, whose key policy does not",
        )
    ]


def test_a_key_that_is_in_no_template_is_a_finding(stack: cdk.Stack) -> None:
    EncryptionKey(stack, "Key").node.try_remove_child("Resource")

    assert violations(stack) == [
        ("UncheckedKeyPolicy", "S/Key is not in the templates of the assembly, so nothing has checked what is deployed")
    ]


@dataclass(frozen=True)
class Context:
    template_paths: list[str]


@dataclass(frozen=True)
class Key:
    path: str = "S/N/Key"
    checked_settings: Mapping[str, object] = field(default_factory=dict)
    is_taken_back: bool = False

    def place(self, _: KnownTexts) -> tuple[str, str]:
        return "N.nested.template.json", "Key"

    def checked_policy(self, _: KnownTexts) -> dict[str, Any]:
        return {}

    def lacking_to_create(self, _service: str, *, deployer: str, usual: str) -> tuple[str, ...]:
        return (deployer, usual)


def test_a_key_in_a_template_that_no_manifest_lists_is_a_finding() -> None:
    guardrails = KeyGuardrails()
    guardrails.keys.append(Key())

    (found,) = guardrails.validate(cast("cdk.IPolicyValidationContext", Context([]))).violations
    assert found.rule_name == "UncheckedKeyPolicy"
    assert found.fix is not None
    assert "list N.nested.template.json as an asset" in found.fix
