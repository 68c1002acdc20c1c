"""What is the same for every kind of key: only its own specs, exact grants, and no verb or person of another kind."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib import (
    AgreementKey,
    AgreementSpec,
    AsymmetricEncryptionKey,
    AsymmetricEncryptionSpec,
    ConfigurationError,
    EncryptionKey,
    MacKey,
    MacSpec,
    SigningKey,
    SigningSpec,
)
from tests.support.synthesised import granted, only, template_of

MakeApp = Callable[..., cdk.App]
SPECS = {
    SigningKey: SigningSpec,
    MacKey: MacSpec,
    AgreementKey: AgreementSpec,
    AsymmetricEncryptionKey: AsymmetricEncryptionSpec,
}
KINDS = [EncryptionKey, *SPECS]
DATA_KEYS = ("GenerateDataKey", "GenerateDataKeyWithoutPlaintext")

GRANTS: dict[Any, dict[str, tuple[str, ...]]] = {
    EncryptionKey: {
        "grant_encrypt": ("Encrypt", *DATA_KEYS),
        "grant_decrypt": ("Decrypt",),
        "grant_encrypt_decrypt": ("Decrypt", "Encrypt", *DATA_KEYS),
    },
    AsymmetricEncryptionKey: {
        "grant_encrypt": ("Encrypt", "GetPublicKey"),
        "grant_decrypt": ("Decrypt",),
        "grant_encrypt_decrypt": ("Decrypt", "Encrypt", "GetPublicKey"),
    },
    SigningKey: {
        "grant_sign": ("Sign",),
        "grant_verify": ("GetPublicKey", "Verify"),
        "grant_sign_verify": ("GetPublicKey", "Sign", "Verify"),
    },
    MacKey: {"grant_generate_mac": ("GenerateMac",), "grant_verify_mac": ("VerifyMac",)},
    AgreementKey: {"grant_derive_shared_secret": ("DeriveSharedSecret", "GetPublicKey")},
}
VERBS = sorted({verb for verbs in GRANTS.values() for verb in verbs})
EVERYTHING = {  # what kms:* means
    EncryptionKey: ("Decrypt", "DescribeKey", "Encrypt", *DATA_KEYS, "ReEncryptFrom", "ReEncryptTo"),
    AsymmetricEncryptionKey: ("Decrypt", "DescribeKey", "Encrypt", "GetPublicKey", "ReEncryptFrom", "ReEncryptTo"),
    SigningKey: ("DescribeKey", "GetPublicKey", "Sign", "Verify"),
    MacKey: ("DescribeKey", "GenerateMac", "VerifyMac"),
    AgreementKey: ("DeriveSharedSecret", "DescribeKey", "GetPublicKey"),
}
FOREIGN = [
    (EncryptionKey, "kms:Sign", "kms:Decrypt"),
    (EncryptionKey, "kms:GetPublicKey", "kms:Decrypt"),
    (EncryptionKey, "kms:ImportKeyMaterial", "kms:Decrypt"),
    (AsymmetricEncryptionKey, "kms:GenerateDataKey", "kms:Decrypt"),
    (AsymmetricEncryptionKey, "kms:EnableKeyRotation", "kms:Decrypt"),
    (SigningKey, "kms:Decrypt", "kms:Sign"),
    (SigningKey, "kms:GenerateDataKey*", "kms:Sign"),
    (SigningKey, "kms:RotateKeyOnDemand", "kms:Sign"),
    (MacKey, "kms:GetPublicKey", "kms:GenerateMac"),
    (MacKey, "kms:ReEncrypt*", "kms:GenerateMac"),
    (AgreementKey, "kms:Sign", "kms:GetPublicKey"),
    (AgreementKey, "kms:GenerateDataKeyPair", "kms:GetPublicKey"),
]


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=cdk.Environment(account="111122223333", region="eu-west-1"))


@pytest.fixture
def somebody(stack: cdk.Stack) -> iam.Role:
    return iam.Role(stack, "Somebody", assumed_by=iam.AccountRootPrincipal())


def allowed(stack: cdk.Stack) -> tuple[str, ...]:
    (statement,) = granted(template_of(stack)).values()
    written = statement["Action"]
    return tuple(action.removeprefix("kms:") for action in ([written] if isinstance(written, str) else written))


@pytest.mark.parametrize(
    ("kind", "spec"), [(kind, spec) for kind, specs in SPECS.items() for spec in specs if spec.value != "SM2"]
)
def test_a_key_has_the_spec_that_it_was_told(kind: Any, spec: Any, stack: cdk.Stack) -> None:
    kind(stack, "Key", spec=spec)

    assert only(template_of(stack), "AWS::KMS::Key")["Properties"]["KeySpec"] == spec.value


@pytest.mark.parametrize("kind", SPECS)
def test_refuses_specs_of_other_kinds_and_names_of_specs_and_leaves_nothing_behind(kind: Any, stack: cdk.Stack) -> None:
    others = [spec for other, specs in SPECS.items() if other is not kind for spec in specs]
    for spec in (*others, "RSA_3072", "ECC_NIST_P256", "HMAC_256", None, kms.KeySpec.RSA_3072):
        with pytest.raises(ConfigurationError, match=rf"^spec must be a member of {SPECS[kind].__name__} \("):
            kind(stack, "Key", spec=spec)
    assert stack.node.children == []


def test_refuses_a_spec_of_a_symmetric_key(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"got spec; the spec of a symmetric encryption key is always"):
        EncryptionKey(stack, "Key", spec=MacSpec.HMAC_256)  # type: ignore[call-arg]  # what is refused


@pytest.mark.parametrize(
    ("kind", "verb", "actions"),
    [(kind, verb, actions) for kind, verbs in GRANTS.items() for verb, actions in verbs.items()],
)
def test_a_verb_gives_exactly_what_the_kind_has_for_it(
    kind: Any, verb: str, actions: tuple[str, ...], stack: cdk.Stack, somebody: iam.Role
) -> None:
    getattr(kind(stack, "Key"), verb)(somebody)

    assert allowed(stack) == actions


@pytest.mark.parametrize(
    ("kind", "verb"), [(kind, verb) for kind, verbs in GRANTS.items() for verb in VERBS if verb not in verbs]
)
def test_refuses_a_verb_of_another_kind_and_says_what_it_can(
    kind: Any, verb: str, stack: cdk.Stack, somebody: iam.Role
) -> None:
    key = kind(stack, "Key")
    can = ", ".join(sorted(key.kind.uses))
    with pytest.raises(ConfigurationError) as refused:
        getattr(key, verb)(somebody)
    assert str(refused.value).startswith(f"[S/Key] {key.kind.name} cannot ")
    assert str(refused.value).endswith(f"; a key of this kind can {can}, asked for S/Somebody")


@pytest.mark.parametrize("kind", KINDS)
def test_a_wildcard_gives_what_the_kind_has_and_neither_administration_nor_grants(
    kind: Any, stack: cdk.Stack, somebody: iam.Role
) -> None:
    kind(stack, "Key").grant(somebody, "kms:*")

    assert allowed(stack) == EVERYTHING[kind]


@pytest.mark.parametrize(("kind", "action", "such_as"), FOREIGN)
def test_refuses_actions_of_other_kinds(
    kind: Any, action: str, such_as: str, stack: cdk.Stack, somebody: iam.Role
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        kind(stack, "Key").grant(somebody, action)
    assert str(refused.value) == (
        f"[S/Key] actions must be KMS actions that this kind of key has, such as {such_as}, got {action!r}"
    )


@pytest.mark.parametrize("action", ["", "sign", "kms:", "s3:GetObject", 7, None])
def test_refuses_what_is_no_action_of_kms(action: Any, stack: cdk.Stack, somebody: iam.Role) -> None:
    with pytest.raises(ConfigurationError, match=rf"such as kms:Sign, got {action!r}$"):
        SigningKey(stack, "Key").grant(somebody, action)


@pytest.mark.parametrize("kind", KINDS)
def test_refuses_a_grant_of_nothing(kind: Any, stack: cdk.Stack, somebody: iam.Role) -> None:
    with pytest.raises(ConfigurationError, match=r"^\[S/Key\] actions must give at least one permission, got \[\]$"):
        kind(stack, "Key").grant(somebody)
