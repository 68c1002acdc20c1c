"""Keys that exist: what a grant writes, what it announces, and what no import can do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs

from constructs_lib import ConfigurationError, ExistingKey
from constructs_lib.key_kind import AGREEMENT, ASYMMETRIC_ENCRYPTION, MAC, SIGNING, KeyKind
from tests.support.announcements import announcements
from tests.support.synthesised import app_of, iam_statements, only, template_of

MakeApp = Callable[..., cdk.App]

IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")
KEY_ID = "0d0c4e5f-6a7b-4c8d-9e0f-a1b2c3d4e5f6"
ARN = f"arn:aws:kms:eu-west-1:111122223333:key/{KEY_ID}"
ANY_KEY = "arn:aws:kms:eu-west-1:111122223333:key/*"
BY_ALIAS = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/orders"}}
SNS = iam.ServicePrincipal("sns.amazonaws.com")


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=IRELAND)


@pytest.fixture
def key(stack: cdk.Stack) -> ExistingKey:
    return ExistingKey.from_arn(stack, "Key", key_arn=ARN)


@pytest.fixture
def aliased(stack: cdk.Stack) -> ExistingKey:
    return ExistingKey.from_alias(stack, "Key", alias="orders")


def role(scope: cdk.Stack, construct_id: str = "Role", **options: Any) -> iam.Role:
    return iam.Role(scope, construct_id, assumed_by=iam.AccountRootPrincipal(), **options)


def said(stack: cdk.Stack) -> tuple[list[str], list[str]]:
    """Give infos and warnings."""
    directory = app_of(stack).synth().directory
    return announcements(directory, stack.stack_name, "info"), announcements(directory, stack.stack_name, "warning")


def test_an_imported_key_makes_nothing(stack: cdk.Stack, key: ExistingKey) -> None:
    cdk.CfnOutput(stack, "KeyArn", value=key.key_arn)

    assert "Resources" not in template_of(stack)
    assert said(stack) == ([], [])


def test_an_imported_key_knows_where_it_is(stack: cdk.Stack) -> None:
    far = ExistingKey.from_arn(stack, "Far", key_arn=f"arn:aws:kms:us-east-1:444455556666:key/{KEY_ID}")

    assert (far.env.account, far.env.region) == ("444455556666", "us-east-1")
    assert (far.key_id, far.key_ref.key_id) == (KEY_ID, KEY_ID)
    assert far.key_arn == far.key_ref.key_arn == f"arn:aws:kms:us-east-1:444455556666:key/{KEY_ID}"


def test_a_grant_writes_exact_actions_on_this_key_alone(stack: cdk.Stack, key: ExistingKey) -> None:
    given = key.grant_encrypt_decrypt(role(stack))

    assert iam_statements(template_of(stack)) == [
        {
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"],
            "Resource": ARN,
        }
    ]
    assert given.success
    assert given.principal_statement is not None


def test_create_grant_is_for_aws_resources(stack: cdk.Stack, key: ExistingKey) -> None:
    key.grant(role(stack), "kms:CreateGrant")

    (statement,) = iam_statements(template_of(stack))
    assert statement["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_the_announcement_names_the_key_and_the_whole_statement(stack: cdk.Stack, key: ExistingKey) -> None:
    key.grant_decrypt(role(stack, role_name="reader"))
    key.grant_decrypt(SNS)

    infos, (warning,) = said(stack)
    assert infos == []
    assert warning.startswith(
        f"this app cannot change the policy of {ARN}, which must have "
        '[{"Sid": "GrantedDecryptByName", "Effect": "Allow", "Principal": {"AWS": "arn:'
    )
    assert ':role/reader"}}}, {"Sid": "GrantedDecryptToService' in warning
    assert '"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:111122223333:*"}}}' in warning


def test_a_role_of_the_account_may_need_no_statement(stack: cdk.Stack, key: ExistingKey) -> None:
    key.grant_decrypt(role(stack))

    (info,), warnings = said(stack)
    assert "which must have, unless it lets IAM policies of its account decide, [" in info
    assert "role/${S/Role/Resource}" in info
    assert warnings == []


def test_a_service_is_a_grant_that_did_not_succeed(stack: cdk.Stack, key: ExistingKey) -> None:
    given = key.grant_decrypt(SNS)

    assert not given.success
    assert len(said(stack)[1]) == 1


def test_a_statement_for_the_key_policy_is_announced_and_not_added(stack: cdk.Stack, key: ExistingKey) -> None:
    statement = iam.PolicyStatement(principals=[SNS], actions=["kms:GenerateDataKey*"], resources=["*"])

    assert not key.add_to_resource_policy(statement).statement_added
    assert not key.add_to_resource_policy(statement, allow_no_op=True).statement_added

    (warning,) = said(stack)[1]
    assert '"Action": "kms:GenerateDataKey", ' in warning


def test_refuses_a_statement_that_must_be_added(key: ExistingKey) -> None:
    statement = iam.PolicyStatement(principals=[SNS], actions=["kms:Decrypt"], resources=["*"])
    with pytest.raises(
        ConfigurationError, match=rf"^\[S/Key\] allow_no_op must not be False for {ARN}, whose policy is not changed"
    ):
        key.add_to_resource_policy(statement, allow_no_op=False)


def test_a_deny_is_announced_too(stack: cdk.Stack, key: ExistingKey) -> None:
    key.add_to_resource_policy(
        iam.PolicyStatement(effect=iam.Effect.DENY, principals=[SNS], actions=["kms:ReEncrypt*"], resources=["*"])
    )

    (warning,) = said(stack)[1]
    assert '"Sid": "DeniedReEncryptFromReEncryptToToService", "Effect": "Deny"' in warning


def test_everything_for_the_account_is_left_to_its_iam_policies(stack: cdk.Stack, key: ExistingKey) -> None:
    everything = iam.PolicyStatement(principals=[iam.AccountRootPrincipal()], actions=["kms:*"], resources=["*"])
    cdk.CfnOutput(stack, "KeyArn", value=key.key_arn)

    assert not key.add_to_resource_policy(everything).statement_added

    assert said(stack) == ([], [])


# What a grant on an imported alias does: https://github.com/aws/aws-cdk/issues/5953, 16479, 19914, 22697.


def test_a_grant_on_an_imported_alias_allows_the_key_that_has_it(stack: cdk.Stack, aliased: ExistingKey) -> None:
    given = aliased.grant_decrypt(role(stack))

    assert given.success
    assert iam_statements(template_of(stack)) == [
        {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": ANY_KEY, "Condition": BY_ALIAS}
    ]


def test_an_imported_alias_encrypts_a_bucket_and_its_readers_may_decrypt(
    stack: cdk.Stack, aliased: ExistingKey
) -> None:
    s3.Bucket(stack, "Bucket", encryption_key=aliased).grant_read(role(stack))

    template = template_of(stack)
    bucket = only(template, "AWS::S3::Bucket")["Properties"]["BucketEncryption"]
    rule = bucket["ServerSideEncryptionConfiguration"][0]["ServerSideEncryptionByDefault"]
    assert rule["KMSMasterKeyID"] == "arn:aws:kms:eu-west-1:111122223333:alias/orders"
    assert iam_statements(template) == [
        {"Effect": "Allow", "Action": ["kms:Decrypt", "kms:DescribeKey"], "Resource": ANY_KEY, "Condition": BY_ALIAS}
    ]


def test_an_imported_alias_encrypts_a_queue_and_its_senders_may_use_it(stack: cdk.Stack, aliased: ExistingKey) -> None:
    sqs.Queue(stack, "Queue", encryption_master_key=aliased).grant_send_messages(role(stack))

    (statement,) = iam_statements(template_of(stack))
    assert statement["Condition"] == BY_ALIAS
    assert "kms:GenerateDataKey" in statement["Action"]


def test_an_imported_alias_encrypts_a_secret_and_its_readers_may_decrypt(
    stack: cdk.Stack, aliased: ExistingKey
) -> None:
    secretsmanager.Secret(stack, "Secret", encryption_key=aliased).grant_read(role(stack))

    (statement,) = iam_statements(template_of(stack))
    through = {"StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}}
    assert (statement["Action"], statement["Condition"]) == ("kms:Decrypt", {**through, **BY_ALIAS})


def test_an_alias_that_was_looked_up_is_the_key_that_it_points_to(make_app: MakeApp) -> None:
    remembered = {"key-provider:account=111122223333:aliasName=alias/orders:region=eu-west-1": {"keyId": KEY_ID}}
    stack = cdk.Stack(make_app(**remembered), "S", env=IRELAND)

    found = ExistingKey.from_lookup(stack, "Key", alias="orders")
    found.grant_decrypt(role(stack))

    assert not kms.Key.is_lookup_dummy(found)
    assert iam_statements(template_of(stack)) == [{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": ARN}]


def test_a_lookup_is_the_cdks_own_place_holder_until_the_cli_has_looked(stack: cdk.Stack) -> None:
    assert kms.Key.is_lookup_dummy(ExistingKey.from_lookup(stack, "Key", alias="orders"))


def test_a_key_of_another_account_is_used_by_both_sides(stack: cdk.Stack) -> None:
    arn = ARN.replace("111122223333", "444455556666")
    ExistingKey.from_arn(stack, "Key", key_arn=arn).grant_decrypt(role(stack, role_name="reader"))

    (statement,) = iam_statements(template_of(stack))
    infos, (warning,) = said(stack)
    assert statement["Resource"] == arn
    assert infos == []
    assert f"this app cannot change the policy of {arn}, which must have [" in warning
    assert ':iam::111122223333:root"}' in warning
    assert ":iam::111122223333:role/reader" in warning


def test_a_role_whose_policy_nobody_here_writes_is_told_what_it_needs(stack: cdk.Stack, key: ExistingKey) -> None:
    partner = "arn:aws:iam::444455556666:role/partner"
    key.grant_decrypt(iam.Role.from_role_arn(stack, "Partner", partner))

    (warning,) = said(stack)[1]
    assert f'"Principal": {{"AWS": "{partner}"}}' in warning
    assert f"; IAM policies of {partner} must allow kms:Decrypt on {ARN}" in warning


def test_an_imported_role_of_the_account_gets_its_iam_policy(stack: cdk.Stack, key: ExistingKey) -> None:
    key.grant_decrypt(iam.Role.from_role_arn(stack, "Own", "arn:aws:iam::111122223333:role/own"))

    assert len(iam_statements(template_of(stack))) == 1
    infos, warnings = said(stack)
    assert (len(infos), warnings) == (1, [])


def test_a_role_of_another_stack_keeps_its_name_and_makes_no_reference(stack: cdk.Stack, key: ExistingKey) -> None:
    other = cdk.Stack(app_of(stack), "Other", env=IRELAND)
    key.grant_decrypt(role(other))

    template = template_of(other)
    assert "RoleName" not in only(template, "AWS::IAM::Role")["Properties"]
    assert iam_statements(template) == [{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": ARN}]
    assert "role/${Other/Role/Resource}" in said(stack)[0][0]


def test_what_a_service_acts_for_is_told_by_the_arn_that_it_will_have(stack: cdk.Stack, key: ExistingKey) -> None:
    queue = sqs.Queue(stack, "Queue", encryption_master_key=key)
    for name in ("orders", None):
        topic = sns.Topic(stack, f"Topic{name}", topic_name=name)
        topic.add_subscription(subscriptions.SqsSubscription(queue))

    (warning,) = said(stack)[1]
    assert ':sns:eu-west-1:111122223333:orders"' in warning
    assert ":sns:eu-west-1:111122223333:S-TopicNone" in warning
    assert "${S/Topic" not in warning


def test_an_arn_may_come_from_a_parameter(stack: cdk.Stack) -> None:
    parameter = cdk.CfnParameter(stack, "KeyArn")
    key = ExistingKey.from_arn(stack, "Key", key_arn=parameter.value_as_string)
    key.grant_decrypt(role(stack))

    (statement,) = iam_statements(template_of(stack))
    assert statement["Resource"] == "${KeyArn}"
    (warning,) = said(stack)[1]  # nobody can say whose account it is
    assert "this app cannot change the policy of ${S/KeyArn.Ref}, which must have [" in warning


def test_a_key_of_another_region_is_announced(stack: cdk.Stack) -> None:
    arn = ARN.replace("eu-west-1", "us-east-1")
    ExistingKey.from_arn(stack, "Key", key_arn=arn).grant_decrypt(role(stack))

    infos, warnings = said(stack)
    assert len(infos) == 1
    (warning,) = warnings
    assert warning.startswith("in us-east-1: AWS services encrypt with keys of their own Region only, so nothing of ")
    assert warning.endswith("grants work [ack: cdk-key-management:key-of-another-region]")


KINDS: list[tuple[KeyKind, str, list[str]]] = [
    (SIGNING, "grant_sign", ["kms:Sign"]),
    (SIGNING, "grant_verify", ["kms:GetPublicKey", "kms:Verify"]),
    (MAC, "grant_generate_mac", ["kms:GenerateMac"]),
    (ASYMMETRIC_ENCRYPTION, "grant_encrypt", ["kms:Encrypt", "kms:GetPublicKey"]),
    (AGREEMENT, "grant_derive_shared_secret", ["kms:DeriveSharedSecret", "kms:GetPublicKey"]),
]


@pytest.mark.parametrize(("kind", "grant", "actions"), KINDS, ids=[grant for _, grant, _ in KINDS])
def test_each_kind_of_key_has_its_verbs(kind: KeyKind, grant: str, actions: list[str], stack: cdk.Stack) -> None:
    key = ExistingKey.from_arn(stack, "Key", key_arn=ARN, kind=kind)
    getattr(key, grant)(role(stack))

    (statement,) = iam_statements(template_of(stack))
    assert statement["Action"] == (actions if len(actions) > 1 else actions[0])


def test_refuses_what_the_kind_of_key_cannot_do(stack: cdk.Stack, key: ExistingKey) -> None:
    with pytest.raises(ConfigurationError, match=r"^\[S/Key\] a symmetric encryption key cannot sign; "):
        key.grant_sign(SNS)
    with pytest.raises(ConfigurationError, match=r"^\[S/Key\] actions must be KMS actions that this kind of key has"):
        key.grant(SNS, "kms:Sign")
    signing = ExistingKey.from_arn(stack, "Signing", key_arn=ARN, kind=SIGNING)
    with pytest.raises(ConfigurationError, match=r"^\[S/Signing\] a signing key cannot decrypt; "):
        signing.grant_decrypt(SNS)


def test_refuses_a_kind_that_is_none(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^kind must be one of constructs_lib.key_kind, got 'SIGN_VERIFY'$"):
        ExistingKey.from_arn(stack, "Key", key_arn=ARN, kind="SIGN_VERIFY")  # type: ignore[arg-type]


def test_refuses_the_arn_of_an_alias_before_anything_is_made(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^key_arn must be .*; import an alias by from_alias$"):
        ExistingKey.from_arn(stack, "Key", key_arn=ARN.replace(f"key/{KEY_ID}", "alias/orders"))

    assert stack.node.try_find_child("Key") is None


def test_refuses_a_group_as_any_key_does(stack: cdk.Stack, key: ExistingKey) -> None:
    with pytest.raises(
        ConfigurationError, match=r"^\[S/Key\] grantee must be a role, a user or a service, got a group"
    ):
        key.grant_decrypt(iam.Group(stack, "Group"))


def test_refuses_everybody(key: ExistingKey) -> None:
    with pytest.raises(ConfigurationError, match=r"^\[S/Key\] principals must not be everybody unless "):
        key.grant_decrypt(iam.AnyPrincipal())


@pytest.mark.parametrize("alias", ["aws/sns", "alias/aws/sns"])
def test_refuses_a_service_for_a_key_that_aws_manages(alias: str, stack: cdk.Stack) -> None:
    managed = ExistingKey.from_alias(stack, "Key", alias=alias)
    told = (
        r"\[S/Key\] grantee must be of the key's account for alias/aws/sns, whose policy AWS wrote and nobody changes, "
        r"got events.amazonaws.com; use a key of your own$"
    )
    service = iam.ServicePrincipal("events.amazonaws.com")

    with pytest.raises(ConfigurationError, match="^" + told):
        managed.grant_decrypt(service)
    with pytest.raises(ConfigurationError, match="^" + told):
        managed.add_to_resource_policy(
            iam.PolicyStatement(principals=[service], actions=["kms:Decrypt"], resources=["*"])
        )


def test_refuses_another_account_for_a_key_that_aws_manages(stack: cdk.Stack) -> None:
    managed = ExistingKey.from_alias(stack, "Key", alias="aws/secretsmanager")
    with pytest.raises(ConfigurationError, match=r"got arn:aws:iam::444455556666:role/partner; use a key of your own$"):
        managed.grant_decrypt(iam.ArnPrincipal("arn:aws:iam::444455556666:role/partner"))


def test_a_role_of_the_account_may_use_a_key_that_aws_manages_and_nothing_is_to_be_added(stack: cdk.Stack) -> None:
    managed = ExistingKey.from_alias(stack, "Key", alias="aws/secretsmanager")
    secretsmanager.Secret(stack, "Secret", encryption_key=managed).grant_read(role(stack))

    assert len(iam_statements(template_of(stack))) == 1
    assert said(stack) == ([], [])


@pytest.mark.parametrize("alias", ["second", "alias/second"])
def test_a_further_alias_of_an_imported_key_is_one_of_this_stack(
    alias: str, stack: cdk.Stack, key: ExistingKey
) -> None:
    key.add_alias(alias)

    assert only(template_of(stack), "AWS::KMS::Alias")["Properties"] == {
        "AliasName": "alias/second",
        "TargetKeyId": ARN,
    }


@pytest.mark.parametrize(
    "part", [("111122223333", "444455556666"), ("eu-west-1", "us-east-1")], ids=["account", "Region"]
)
def test_refuses_an_alias_for_a_key_that_is_elsewhere(part: tuple[str, str], stack: cdk.Stack) -> None:
    key = ExistingKey.from_arn(stack, "Key", key_arn=ARN.replace(*part))
    with pytest.raises(
        ConfigurationError,
        match=r"^\[S/Key\] alias must be given in the account and Region of the key, got a stack of 111122223333 in "
        r"eu-west-1$",
    ):
        key.add_alias("second")


@pytest.mark.parametrize("alias", ["orders", "aws/s3"])
def test_refuses_an_alias_of_an_alias(alias: str, stack: cdk.Stack) -> None:
    key = ExistingKey.from_alias(stack, "Key", alias=alias)
    with pytest.raises(
        ConfigurationError,
        match=rf"^\[S/Key\] alias must be given to a key of yours that is known by its ARN, got alias/{alias}; "
        r"from_lookup finds it$",
    ):
        key.add_alias("second")


def test_refuses_an_alias_that_kms_would_refuse(key: ExistingKey) -> None:
    with pytest.raises(ConfigurationError, match=r"^alias must be 1 to 250 letters"):
        key.add_alias("aws/s3")


def test_the_cdks_newer_spelling_is_the_same_grant(stack: cdk.Stack, key: ExistingKey) -> None:
    key.grants.decrypt(role(stack))

    assert iam_statements(template_of(stack)) == [{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": ARN}]


def test_imported_keys_pass_the_guardrails_beside_keys_of_the_app(make_app: MakeApp, tmp_path: Path) -> None:
    from constructs_lib import EncryptionKey  # noqa: PLC0415  # the one test that needs it

    stack = cdk.Stack(make_app(outdir=tmp_path / "guarded"), "S", env=IRELAND)
    own = EncryptionKey(stack, "Own", alias="own")
    reader = role(stack)
    own.grant_decrypt(reader)
    ExistingKey.from_arn(stack, "Key", key_arn=ARN).grant_encrypt(reader)
    ExistingKey.from_alias(stack, "Aliased", alias="orders").grant_encrypt(reader)

    assert len(iam_statements(template_of(stack))) == 3
