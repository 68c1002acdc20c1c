"""One alias and the keys behind it: who may do what with which of them, and what an alias cannot be pointed to."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from constructs_lib import (
    AgreementKey,
    AsymmetricEncryptionKey,
    ConfigurationError,
    EncryptionKey,
    KeyMaterial,
    KeySuccession,
    Lifecycle,
    MacKey,
    MacSpec,
    SigningKey,
    SigningSpec,
)
from constructs_lib.key_resource import KeyResource
from constructs_lib.service_access.cloudwatch_logs import encrypt_log_group
from constructs_lib.service_access.s3 import write
from tests.support.synthesised import iam_statements, resources, template_of, written

MakeApp = Callable[..., cdk.App]
MakeKey = Callable[..., KeyResource]

IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")
CI = iam.ArnPrincipal("arn:aws:iam::111122223333:role/Ci")
KEPT = {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}
GOING = {"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete"}


def imported_key(scope: cdk.Stack, construct_id: str, **settings: Any) -> EncryptionKey:
    return EncryptionKey(scope, construct_id, material=KeyMaterial.IMPORTED, services=[], **settings)


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=IRELAND)


def succession(stack: cdk.Stack, make: MakeKey = SigningKey, **options: Any) -> KeySuccession:
    """Make a current, a standing-by and a former key, and what stands in front of them."""
    keys = {name: make(stack, name.title(), alias=f"{name}-key") for name in ("former", "current", "standby")}
    return KeySuccession(
        stack,
        "Releases",
        alias="releases",
        current=keys["current"],
        standby=[keys["standby"]],
        former=[keys["former"]],
        **options,
    )


def granted(template: dict[str, Any]) -> dict[str, list[str]]:
    """Give what grants added, by the description of the key."""
    found: dict[str, list[str]] = {}
    for name, key in resources(template, "AWS::KMS::Key").items():
        actions: set[str] = set()
        for statement in written(key["Properties"]["KeyPolicy"])["Statement"]:
            if statement["Sid"].startswith("Granted"):
                listed = statement["Action"]
                actions |= {listed} if isinstance(listed, str) else set(listed)
        found[name[:-8].lower()] = sorted(action.removeprefix("kms:") for action in actions)
    return found


def test_the_alias_points_to_the_current_key(stack: cdk.Stack) -> None:
    releases = succession(stack)

    alias = resources(template_of(stack), "AWS::KMS::Alias")["ReleasesE6BA3EBF"]
    assert alias["Properties"] == {"AliasName": "alias/releases", "TargetKeyId": {"Ref": "CurrentCB93671F"}}
    assert releases.alias_name == "alias/releases"


DERIVE = ["DeriveSharedSecret", "GetPublicKey"]
MAKING_AND_READING: list[tuple[Any, str, list[str], list[str]]] = [
    (SigningKey, "grant_sign", ["Sign"], []),
    (SigningKey, "grant_verify", ["GetPublicKey", "Verify"], ["GetPublicKey", "Verify"]),
    (SigningKey, "grant_sign_verify", ["GetPublicKey", "Sign", "Verify"], ["GetPublicKey", "Verify"]),
    (MacKey, "grant_generate_mac", ["GenerateMac"], []),
    (MacKey, "grant_verify_mac", ["VerifyMac"], ["VerifyMac"]),
    (AsymmetricEncryptionKey, "grant_encrypt", ["Encrypt", "GetPublicKey"], []),
    (AsymmetricEncryptionKey, "grant_decrypt", ["Decrypt"], ["Decrypt"]),
    (imported_key, "grant_encrypt", ["Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext"], []),
    (imported_key, "grant_decrypt", ["Decrypt"], ["Decrypt"]),
    (AgreementKey, "grant_derive_shared_secret", DERIVE, DERIVE),
]


@pytest.mark.parametrize(
    ("make", "grant", "current", "former"),
    MAKING_AND_READING,
    ids=[f"{r[0].__name__}.{r[1]}" for r in MAKING_AND_READING],
)
def test_former_keys_are_read_with_and_make_nothing_new(
    make: MakeKey, grant: str, current: Sequence[str], former: Sequence[str], stack: cdk.Stack
) -> None:
    given = getattr(succession(stack, make), grant)(CI)

    assert granted(template_of(stack)) == {"current": current, "standby": current, "former": former}
    assert given.success


def test_a_service_reads_with_former_keys_and_makes_nothing_new(stack: cdk.Stack) -> None:
    succession(stack, imported_key).allow(encrypt_log_group(log_group_name="orders"))

    keys = resources(template_of(stack), "AWS::KMS::Key")
    actions = {
        name[:-8].lower(): [
            action
            for each in key["Properties"]["KeyPolicy"]["Statement"]
            if each["Sid"].startswith("Granted") and "Service" in each["Principal"]
            for action in each["Action"]
        ]
        for name, key in keys.items()
    }
    assert actions["current"] == actions["standby"]
    assert {"kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptTo"} <= {*actions["current"]}
    assert actions["former"] == ["kms:Decrypt", "kms:ReEncryptFrom"]
    created = {name[:-8].lower(): "DeployersThroughLogs" in json.dumps(key) for name, key in keys.items()}
    assert created == {"current": True, "standby": True, "former": False}


def test_callers_that_only_write_are_not_admitted_to_former_keys(stack: cdk.Stack) -> None:
    succession(stack, imported_key).allow(write(bucket_name="orders"), CI)

    assert granted(template_of(stack)) == {"current": ["GenerateDataKey"], "standby": ["GenerateDataKey"], "former": []}


def test_refuses_a_use_that_no_key_of_the_succession_takes(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^\[S/Current\] use must suit the key: "):
        succession(stack).allow(encrypt_log_group(log_group_name="orders"))


def test_a_caller_with_a_policy_is_allowed_each_key_there_too(stack: cdk.Stack) -> None:
    given = succession(stack).grant_sign_verify(iam.Role(stack, "Ci", assumed_by=iam.AccountRootPrincipal()))

    assert iam_statements(template_of(stack)) == [
        {
            "Effect": "Allow",
            "Action": ["kms:GetPublicKey", "kms:Sign", "kms:Verify"],
            "Resource": ["${CurrentCB93671F.Arn}", "${Standby41B8B7BF.Arn}"],
        },
        {
            "Effect": "Allow",
            "Action": ["kms:GetPublicKey", "kms:Verify"],
            "Resource": "${Former2A2C87B4.Arn}",
        },
    ]
    assert given.principal_statement is not None


def test_re_encrypting_reads_from_a_former_key_and_writes_to_the_current_one(stack: cdk.Stack) -> None:
    succession(stack, imported_key).grant(CI, "kms:Decrypt", "kms:ReEncrypt*", "kms:DescribeKey")

    everything = ["Decrypt", "DescribeKey", "ReEncryptFrom", "ReEncryptTo"]
    assert granted(template_of(stack)) == {
        "current": everything,
        "standby": everything,
        "former": ["Decrypt", "DescribeKey", "ReEncryptFrom"],
    }


def test_a_statement_reaches_former_keys_without_what_makes_something_new(stack: cdk.Stack) -> None:
    statement = iam.PolicyStatement(
        principals=[iam.ServicePrincipal("ses.amazonaws.com")],
        actions=["kms:Decrypt", "kms:GenerateDataKey*"],
        resources=["*"],
        conditions={"StringEquals": {"aws:SourceAccount": "111122223333"}},
    )

    added = succession(stack, imported_key).add_to_resource_policy(statement)

    everything = ["Decrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext"]
    template = template_of(stack)
    assert granted(template) == {"current": everything, "standby": everything, "former": ["Decrypt"]}
    policy = written(resources(template, "AWS::KMS::Key")["Former2A2C87B4"]["Properties"]["KeyPolicy"])
    assert policy["Statement"][-1]["Condition"] == {"StringEquals": {"aws:SourceAccount": "111122223333"}}
    assert added.statement_added


def test_a_statement_that_only_makes_something_new_does_not_reach_former_keys(stack: cdk.Stack) -> None:
    statement = iam.PolicyStatement(principals=[CI], actions=["kms:GenerateMac"], resources=["*"])

    succession(stack, MacKey).add_to_resource_policy(statement)

    assert granted(template_of(stack)) == {"current": ["GenerateMac"], "standby": ["GenerateMac"], "former": []}


def test_a_deny_holds_for_every_key(stack: cdk.Stack) -> None:
    statement = iam.PolicyStatement(effect=iam.Effect.DENY, principals=[CI], actions=["kms:Sign"], resources=["*"])

    succession(stack).add_to_resource_policy(statement)

    keys = resources(template_of(stack), "AWS::KMS::Key").values()
    sids = [each["Properties"]["KeyPolicy"]["Statement"][-1]["Sid"] for each in keys]
    assert sids == ["DeniedSign", "DeniedSign", "DeniedSign"]


def test_constructs_of_the_cdk_use_the_current_key_and_read_with_former_ones(stack: cdk.Stack) -> None:
    data = succession(stack, imported_key)

    bucket = s3.Bucket(stack, "Bucket", encryption_key=data)
    bucket.grant_read_write(CI)

    template = template_of(stack)
    rule = resources(template, "AWS::S3::Bucket")["Bucket83908E77"]["Properties"]["BucketEncryption"]
    encryption = written(rule)["ServerSideEncryptionConfiguration"][0]["ServerSideEncryptionByDefault"]
    assert encryption["KMSMasterKeyID"] == "${CurrentCB93671F.Arn}"
    assert granted(template)["former"] == ["Decrypt", "DescribeKey", "ReEncryptFrom"]


@pytest.mark.parametrize(
    ("lifecycle", "policies"), [(Lifecycle.DURABLE, KEPT), (Lifecycle.EPHEMERAL, GOING)], ids=["durable", "ephemeral"]
)
def test_aliases_live_as_long_as_the_current_key(
    lifecycle: Lifecycle, policies: dict[str, str], stack: cdk.Stack
) -> None:
    key = SigningKey(stack, "Key", alias="releases-2026", lifecycle=lifecycle)
    KeySuccession(stack, "Releases", alias="releases", current=key).add_alias("alias/latest")

    aliases = resources(template_of(stack), "AWS::KMS::Alias").values()
    assert {
        each["Properties"]["AliasName"]: {name: each[name] for name in policies} for each in aliases
    } == dict.fromkeys(("alias/releases-2026", "alias/releases", "alias/latest"), policies)


def test_the_switch_changes_the_target_of_the_alias_and_nothing_else_of_it(make_app: MakeApp) -> None:
    def alias(current: int, former: Sequence[int]) -> Any:
        stack = cdk.Stack(make_app(), "S", env=IRELAND)
        keys = {year: SigningKey(stack, f"Key{year}", alias=f"releases-{year}") for year in (2026, 2027)}
        KeySuccession(
            stack, "Releases", alias="releases", current=keys[current], former=[keys[year] for year in former]
        )
        return resources(template_of(stack), "AWS::KMS::Alias")["ReleasesE6BA3EBF"]

    before, after = alias(2026, []), alias(2027, [2026])

    assert before["Properties"].pop("TargetKeyId") == {"Ref": "Key202655FF50C6"}
    assert after["Properties"].pop("TargetKeyId") == {"Ref": "Key20275584B176"}
    assert before == after


def test_an_alias_that_a_key_had_is_taken_over_in_place(make_app: MakeApp) -> None:
    before = cdk.Stack(make_app(), "S", env=IRELAND)
    SigningKey(before, "Key", alias="releases")
    after = cdk.Stack(make_app(), "S", env=IRELAND)
    releases = KeySuccession(after, "Releases", alias="releases", current=SigningKey(after, "Key"))
    alias = releases.node.default_child
    assert isinstance(alias, cdk.CfnResource)
    alias.override_logical_id("KeyAlias6C2E2031")

    assert template_of(before)["Resources"] == template_of(after)["Resources"]


def test_refuses_what_is_no_key_of_this_library(stack: cdk.Stack) -> None:
    key = SigningKey(stack, "Key")

    with pytest.raises(ConfigurationError, match=r"^\[S/A\] current must be keys of this library, got str$"):
        KeySuccession(stack, "A", alias="releases", current="alias/releases")  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match=r"^former must be a sequence of keys, got SigningKey$"):
        KeySuccession(stack, "B", alias="releases", current=key, former=key)  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match=r"^standby must be a sequence of keys, got str$"):
        KeySuccession(stack, "C", alias="releases", current=key, standby="ab")  # type: ignore[arg-type]


@pytest.mark.parametrize("argument", ["standby", "former"])
def test_refuses_a_key_that_stands_there_twice(argument: str, stack: cdk.Stack) -> None:
    key = SigningKey(stack, "Key")
    with pytest.raises(ConfigurationError, match=rf"^\[S/Releases\] {argument} must be another key, got S/Key twice$"):
        KeySuccession(stack, "Releases", alias="releases", current=key, **{argument: [key]})


OTHERS = [
    (lambda stack: SigningKey(stack, "Other", spec=SigningSpec.ML_DSA_65), "a signing key of ML_DSA_65"),
    (lambda stack: MacKey(stack, "Other", spec=MacSpec.HMAC_384), "a MAC key of HMAC_384"),
    (lambda stack: EncryptionKey(stack, "Other"), "a symmetric encryption key of SYMMETRIC_DEFAULT"),
    (lambda stack: AgreementKey(stack, "Other"), "a key agreement key of ECC_NIST_P256"),
]


@pytest.mark.parametrize("argument", ["standby", "former"])
@pytest.mark.parametrize(("make", "said"), OTHERS, ids=[said for _, said in OTHERS])
def test_refuses_keys_between_which_no_alias_is_pointed(
    make: Callable[[cdk.Stack], KeyResource], said: str, argument: str, stack: cdk.Stack
) -> None:
    key = SigningKey(stack, "Key")
    with pytest.raises(
        ConfigurationError,
        match=rf"^\[S/Releases\] {argument} must be a signing key of ECC_NIST_P256 as the current key is, "
        rf"got S/Other, {said}$",
    ):
        KeySuccession(stack, "Releases", alias="releases", current=key, **{argument: [make(stack)]})


@pytest.mark.parametrize("argument", ["current", "standby", "former"])
def test_refuses_keys_of_another_stack(argument: str, stack: cdk.Stack) -> None:
    keys: dict[str, Any] = {"current": SigningKey(stack, "Key")}
    other = SigningKey(cdk.Stack(stack, "Other"), "Key")
    keys[argument] = other if argument == "current" else [other]
    with pytest.raises(
        ConfigurationError, match=rf"^\[S/Releases\] {argument} must be in the stack of the alias, got S/Other/Key$"
    ):
        KeySuccession(stack, "Releases", alias="releases", **keys)


def test_the_prefix_of_the_alias_may_be_written(stack: cdk.Stack) -> None:
    key = SigningKey(stack, "Key", alias="alias/releases-2026")

    assert KeySuccession(stack, "Releases", alias="alias/releases", current=key).alias_name == "alias/releases"


@pytest.mark.parametrize("alias", ["", "alias/aws/s3", "aws/s3", "with space", "x" * 251])
def test_refuses_an_alias_that_kms_would_refuse(alias: str, stack: cdk.Stack) -> None:
    key = SigningKey(stack, "Key")
    with pytest.raises(ConfigurationError, match=r"^alias must be 1 to 250 letters"):
        KeySuccession(stack, "Releases", alias=alias, current=key)
    with pytest.raises(ConfigurationError, match=r"^alias must be 1 to 250 letters"):
        KeySuccession(stack, "Good", alias="releases", current=key).add_alias("aws/s3")


@pytest.mark.parametrize("name", ["current", "former"])
def test_refuses_an_alias_that_a_key_has(name: str, stack: cdk.Stack) -> None:
    keys = {each: SigningKey(stack, each.title()) for each in ("current", "former")}
    keys[name].add_alias("releases")
    with pytest.raises(
        ConfigurationError,
        match=rf"^\[S/Releases\] alias must not be given to a key as well, got alias/releases for {name} "
        rf"S/{name.title()}$",
    ):
        KeySuccession(stack, "Releases", alias="releases", current=keys["current"], former=[keys["former"]])


HOLDERS: list[tuple[Callable[..., KeyResource], str, str]] = [
    (lambda stack: SigningKey(stack, "Old", signers=[CI]), "kms:Sign", "arn:aws:iam::111122223333:role/Ci"),
    (lambda stack: MacKey(stack, "Old", generators=[CI]), "kms:GenerateMac", "arn:aws:iam::111122223333:role/Ci"),
    (
        lambda stack: AsymmetricEncryptionKey(stack, "Old", encrypters=[CI]),
        "kms:Encrypt, kms:GetPublicKey, kms:ReEncryptTo",
        "arn:aws:iam::111122223333:role/Ci",
    ),
]


@pytest.mark.parametrize(("make", "actions", "who"), HOLDERS, ids=["signers", "generators", "encrypters"])
def test_refuses_a_former_key_whose_own_people_make_something_new(
    make: Callable[[cdk.Stack], KeyResource], actions: str, who: str, stack: cdk.Stack
) -> None:
    old = make(stack)
    current = type(old)(stack, "New")  # type: ignore[call-arg]  # every kind takes scope and id alone
    with pytest.raises(
        ConfigurationError,
        match=r"^\[S/Releases\] former must be keys with which nobody makes anything new, got S/Old, whose policy "
        rf"still gives {actions} to {who}$",
    ):
        KeySuccession(stack, "Releases", alias="releases", current=current, former=[old])


def test_refuses_a_former_key_with_which_a_role_was_granted_to_sign(stack: cdk.Stack) -> None:
    old, new = SigningKey(stack, "Old"), SigningKey(stack, "New")
    old.grant_sign(iam.Role(stack, "Ci", assumed_by=iam.AccountRootPrincipal()))
    with pytest.raises(
        ConfigurationError, match=r"got S/Old, whose policy still gives kms:Sign to \$\{S/Ci/Resource.Arn\}$"
    ):
        KeySuccession(stack, "Releases", alias="releases", current=new, former=[old])


def test_refuses_what_is_granted_on_a_former_key_later(stack: cdk.Stack) -> None:
    old, new = SigningKey(stack, "Old"), SigningKey(stack, "New")
    KeySuccession(stack, "Releases", alias="releases", current=new, former=[old])

    @jsii.implements(cdk.IAspect)
    class Late:
        def visit(self, node: Any) -> None:
            if node is stack:
                old.grant_sign(CI)

    cdk.Aspects.of(stack).add(Late())
    old.add_alias("releases")

    with pytest.raises(RuntimeError) as refused:
        template_of(stack)
    assert "[S/Releases] alias must not be given to a key as well, got alias/releases for former S/Old" in str(
        refused.value
    )
    assert "got S/Old, whose policy still gives kms:Sign to arn:aws:iam::111122223333:role/Ci" in str(refused.value)


def test_a_former_key_may_have_verifiers_auditors_and_administrators_of_its_own(stack: cdk.Stack) -> None:
    people = [iam.ArnPrincipal(f"arn:aws:iam::111122223333:role/{name}") for name in ("Verifier", "Auditor", "Admin")]
    old = SigningKey(stack, "Old", verifiers=people[:1], auditors=people[1:2], administrators=people[2:])

    KeySuccession(stack, "Releases", alias="releases", current=SigningKey(stack, "New"), former=[old])

    assert "Verifiers" in str(template_of(stack))


def test_refuses_what_the_kind_cannot_do(stack: cdk.Stack) -> None:
    with pytest.raises(
        ConfigurationError, match=r"^\[S/Releases\] a signing key cannot decrypt; a key of this kind can "
    ):
        succession(stack).grant_decrypt(CI)
