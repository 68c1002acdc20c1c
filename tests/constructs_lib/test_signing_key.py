from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib import ConfigurationError, SigningKey, SigningSpec
from tests.support.synthesised import granted, key_statements, only, template_of

MakeApp = Callable[..., cdk.App]
IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=IRELAND)


def role(stack: cdk.Stack, name: str) -> iam.Role:
    return iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal())


def test_it_signs_on_p_256_unless_told(stack: cdk.Stack) -> None:
    SigningKey(stack, "Key")

    properties = only(template_of(stack), "AWS::KMS::Key")["Properties"]
    assert (properties["KeySpec"], properties["KeyUsage"]) == ("ECC_NIST_P256", "SIGN_VERIFY")


@pytest.mark.parametrize("spec", [spec for spec in SigningSpec if spec is not SigningSpec.SM2])
def test_it_signs_with_what_it_is_told(spec: SigningSpec, stack: cdk.Stack) -> None:
    SigningKey(stack, "Key", spec=spec)

    properties = only(template_of(stack), "AWS::KMS::Key")["Properties"]
    assert (properties["KeySpec"], properties["KeyUsage"]) == (spec.value, "SIGN_VERIFY")


def test_people_are_statements_of_its_policy(stack: cdk.Stack) -> None:
    SigningKey(stack, "Key", signers=[role(stack, "Signer")], verifiers=[role(stack, "Verifier")])

    statements = key_statements(template_of(stack))
    assert list(statements) == ["AccountAdministration", "Signers", "Verifiers"]  # no service creates anything with it
    assert statements["Signers"] == {
        "Effect": "Allow",
        "Principal": {"AWS": "${Signer60DB1AE9.Arn}"},
        "Action": "kms:Sign",
    }
    assert statements["Verifiers"] == {
        "Effect": "Allow",
        "Principal": {"AWS": "${Verifier1BD3A6B3.Arn}"},
        "Action": ["kms:GetPublicKey", "kms:Verify"],
    }


@pytest.mark.parametrize(
    ("grant", "actions"),
    [
        (SigningKey.grant_sign, ["kms:Sign"]),
        (SigningKey.grant_verify, ["kms:GetPublicKey", "kms:Verify"]),
        (SigningKey.grant_sign_verify, ["kms:GetPublicKey", "kms:Sign", "kms:Verify"]),
        (lambda key, who: key.grant(who, "kms:*"), ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign", "kms:Verify"]),
        (lambda key, who: key.grants.sign(who), ["kms:Sign"]),
    ],
    ids=["sign", "verify", "sign_verify", "wildcard", "grants.sign"],
)
def test_a_grant_is_exactly_what_a_signing_key_has_for_it(
    grant: Callable[[SigningKey, iam.Role], object], actions: list[str], stack: cdk.Stack
) -> None:
    grant(SigningKey(stack, "Key"), role(stack, "Somebody"))

    (statement,) = granted(template_of(stack)).values()
    written = statement["Action"]
    assert ([written] if isinstance(written, str) else written) == actions


@pytest.mark.parametrize("action", ["kms:Decrypt", "kms:GenerateDataKey*", "kms:GenerateMac", "kms:RotateKeyOnDemand"])
def test_refuses_actions_of_other_kinds(action: str, stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError) as refused:
        SigningKey(stack, "Key").grant(role(stack, "Somebody"), action)
    assert str(refused.value) == (
        f"[S/Key] actions must be KMS actions that this kind of key has, such as kms:Sign, got {action!r}"
    )


def test_refuses_the_name_of_a_spec_and_leaves_nothing_behind(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^spec must be a member of SigningSpec \(RSA_2048, .*\), got 'RSA_2048'$"):
        SigningKey(stack, "Key", spec="RSA_2048")  # type: ignore[arg-type]  # what is refused
    assert stack.node.children == []
