"""What somebody else must allow in IAM: announced as a statement that the independent engine takes for enough."""

import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib import EncryptionKey, Naming, organizational_unit, permission_set
from tests.support.announcements import announcements
from tests.support.policy_judge import Caller, KmsKey
from tests.support.synthesised import key_statements, template_of

MakeApp = Callable[..., cdk.App]
Make = Callable[[cdk.Stack], iam.IGrantable]
IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")
KEYS = "arn:aws:kms:eu-west-1:111122223333:key/"
FAR = "arn:aws:iam::444455556666:role/team/Far"
UNIT = "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111"
BY_ARN = "; from there the key is called by its ARN"
ORGANIZATION = {"aws:PrincipalOrgID": "o-a1b2c3d4e5", "aws:PrincipalOrgPaths": [f"{UNIT}/"]}
SET = "arn:aws:iam::{}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Readers_0123456789abcdef"


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=IRELAND)


def notes(stack: cdk.Stack) -> list[tuple[str, str]]:
    """Give what is announced about IAM: id and text."""
    app = cdk.App.of(stack)
    assert app is not None
    told = [note.rpartition(" [ack: ") for note in announcements(app.synth().directory, "S", "info")]
    of_iam = ("permission-set]", "other-account]", "own-iam-policy]")
    return [(acknowledged[:-1], text) for text, _, acknowledged in told if acknowledged.endswith(of_iam)]


def statement(actions: Any, resource: str, condition: Any = None) -> dict[str, Any]:
    written = {"Effect": "Allow", "Action": actions, "Resource": resource}
    return written if condition is None else {**written, "Condition": condition}


ON_THE_KEY = json.dumps(statement("kms:Decrypt", f"{KEYS}<key id>"))
SHARED: dict[str, tuple[Make, str, str]] = {
    "account": (
        lambda _: iam.AccountPrincipal("444455556666"),
        "other-account",
        f"account 444455556666 must allow it in IAM, too, to whoever shall use the key: {ON_THE_KEY}{BY_ARN}",
    ),
    "ARN": (
        lambda _: iam.ArnPrincipal(FAR),
        "other-account",
        f"account 444455556666 must allow it in IAM, too, to {FAR}: {ON_THE_KEY}{BY_ARN}",
    ),
    "imported role": (
        lambda stack: iam.Role.from_role_arn(stack, "Imported", FAR),
        "other-account",
        f"account 444455556666 must allow it in IAM, too, to {FAR}: {ON_THE_KEY}{BY_ARN}",
    ),
    "organization": (
        lambda _: iam.OrganizationPrincipal("o-a1b2c3d4e5"),
        "other-account",
        f"each account of o-a1b2c3d4e5 must allow it in IAM, too, to whoever shall use the key: {ON_THE_KEY}{BY_ARN}",
    ),
    "unit": (
        lambda _: organizational_unit(UNIT),
        "other-account",
        f"each account of {UNIT}/* must allow it in IAM, too, to whoever shall use the key: {ON_THE_KEY}{BY_ARN}",
    ),
    "another account's permission set": (
        lambda _: permission_set("Readers", account="444455556666"),
        "other-account",
        f"account 444455556666 must allow it in IAM, too, to the permission set Readers: {ON_THE_KEY}{BY_ARN}",
    ),
    "permission set": (
        lambda _: permission_set("Readers"),
        "permission-set",
        f"KMS asks IAM, too: the permission set Readers must allow {ON_THE_KEY}",
    ),
}
everybody = pytest.mark.parametrize(("make", "note", "text"), SHARED.values(), ids=SHARED)


@everybody
def test_a_person_for_whom_iam_is_asked_is_announced(make: Make, note: str, text: str, stack: cdk.Stack) -> None:
    EncryptionKey(stack, "Key", decrypters=[make(stack)])

    assert notes(stack) == [(f"cdk-key-management:{note}", text)]


@everybody
def test_a_grant_for_which_iam_is_asked_is_announced(make: Make, note: str, text: str, stack: cdk.Stack) -> None:
    EncryptionKey(stack, "Key").grant_decrypt(make(stack))

    assert notes(stack) == [(f"cdk-key-management:{note}", text)]


def test_all_that_somebody_needs_is_announced_once(stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key", alias="orders", decrypters=[iam.ArnPrincipal(FAR)])
    for actions in (["kms:DescribeKey", "kms:CreateGrant"], ["kms:Decrypt"], ["kms:DescribeKey"]):
        key.grant(iam.ArnPrincipal(FAR), *actions)

    alias = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/orders"}}
    needed = [
        statement("kms:CreateGrant", f"{KEYS}*", {**alias, "Bool": {"kms:GrantIsForAWSResource": "true"}}),
        statement(["kms:Decrypt", "kms:DescribeKey"], f"{KEYS}*", alias),
    ]
    assert notes(stack) == [
        (
            "cdk-key-management:other-account",
            f"account 444455556666 must allow it in IAM, too, to {FAR}: {json.dumps(needed)}{BY_ARN}",
        )
    ]


def test_what_only_the_deployment_knows_is_named(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S")
    EncryptionKey(stack, "Key", decrypters=[permission_set("Readers")])

    ((_, text),) = notes(stack)
    assert '"Resource": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/<key id>"' in text


def test_whoever_is_named_by_name_and_has_no_policy_here_is_announced(stack: cdk.Stack) -> None:
    reader = "arn:aws:iam::111122223333:role/Reader"
    EncryptionKey(stack, "Key", naming=Naming.BY_NAME, decrypters=[iam.ArnPrincipal(reader)])

    text = f"KMS asks IAM, too: policies of {reader} must allow {ON_THE_KEY}"
    assert notes(stack) == [("cdk-key-management:own-iam-policy", text)]


@pytest.mark.parametrize(
    "make",
    [
        lambda stack: iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()),
        lambda stack: iam.Role.from_role_name(stack, "Imported", "Reader"),
        lambda _: iam.AccountRootPrincipal(),
        lambda _: iam.ServicePrincipal("sns.amazonaws.com"),
        lambda _: iam.FederatedPrincipal("arn:aws:iam::111122223333:saml-provider/Idp"),
    ],
    ids=["role", "imported role", "own account", "service", "federated"],
)
@pytest.mark.parametrize("naming", Naming)
def test_for_whom_everything_is_written_nothing_is_announced(make: Make, naming: Naming, stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key", naming=naming)
    key.grant_decrypt(make(stack))

    assert notes(stack) == []


def test_a_role_of_the_app_in_another_account_needs_no_word(make_app: MakeApp) -> None:
    app = make_app()
    stack = cdk.Stack(app, "S", env=IRELAND)
    abroad = cdk.Stack(app, "Abroad", env=cdk.Environment(account="444455556666", region="eu-west-1"))
    reader = iam.Role(abroad, "Role", assumed_by=iam.AccountRootPrincipal())
    EncryptionKey(stack, "Key", alias="orders", decrypters=[reader])

    assert notes(stack) == []


ASKS: dict[str, tuple[Make, str, dict[str, Any]]] = {
    "account": (lambda _: iam.AccountPrincipal("444455556666"), FAR, {}),
    "ARN": (lambda _: iam.ArnPrincipal(FAR), FAR, {}),
    "organization": (lambda _: iam.OrganizationPrincipal("o-a1b2c3d4e5"), FAR, ORGANIZATION),
    "unit": (lambda _: organizational_unit(UNIT), FAR, ORGANIZATION),
    "own account's unit": (
        lambda _: organizational_unit(UNIT),
        FAR.replace("444455556666", "111122223333"),
        ORGANIZATION,
    ),
    "set": (lambda _: permission_set("Readers"), SET.format("111122223333"), {}),
    "set elsewhere": (lambda _: permission_set("Readers", account="444455556666"), SET.format("444455556666"), {}),
}


@pytest.mark.parametrize("alias", [None, "orders"])
@pytest.mark.parametrize(("make", "arn", "context"), ASKS.values(), ids=ASKS)
def test_what_is_announced_is_what_it_takes(
    make: Make, arn: str, context: dict[str, Any], alias: str | None, stack: cdk.Stack
) -> None:
    EncryptionKey(stack, "Key", alias=alias, services=[], decrypters=[make(stack)])
    ((_, text),) = notes(stack)
    needed, _ = json.JSONDecoder().raw_decode(text[text.index("{") :].replace("<key id>", "1234"))
    people = [each for sid, each in key_statements(template_of(stack)).items() if sid.startswith("Decrypters")]
    policy = {"Statement": [{**each, "Resource": "*"} for each in people]}
    key = KmsKey(f"{KEYS}1234", policy, () if alias is None else (f"alias/{alias}",))

    assert key.allows(Caller(arn, ({"Statement": [needed]},)), "kms:Decrypt", context)
    assert not key.allows(Caller(arn), "kms:Decrypt", context)
    assert not key.allows(Caller(arn, ({"Statement": [needed]},)), "kms:Encrypt", context)
