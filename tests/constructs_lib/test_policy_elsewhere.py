import json
from collections.abc import Callable
from typing import Any, Literal

import aws_cdk as cdk
import pytest

from constructs_lib import ConfigurationError
from constructs_lib.policy_elsewhere import PolicyElsewhere
from constructs_lib.principals import Permission, Principal
from tests.support.announcements import announcements

MakeApp = Callable[..., cdk.App]
Level = Literal["info", "warning"]

ACCOUNT = Principal("AWS", "arn:aws:iam::111122223333:root")
OTHER_ACCOUNT = Principal("AWS", "arn:aws:iam::444455556666:root")
ROLE = Principal.by_name("arn:aws:iam::111122223333:role/Reader")
OTHER_ROLE = Principal.by_name("arn:aws:iam::444455556666:role/Reader")
BY_ARN = Principal.by_arn("arn:aws:iam::111122223333:role/Reader")
SERVICE = Principal("Service", "sns.amazonaws.com")


class Key:
    """A construct at which something is announced."""

    def __init__(self, app: cdk.App) -> None:
        self._app = app
        stack = cdk.Stack(app, "S")
        cdk.CfnOutput(stack, "Output", value="something")
        self.policy = PolicyElsewhere(
            cdk.Resource(stack, "Key"), name="alias/orders", account=ACCOUNT.value, resource="arn:of:the:key"
        )

    def announced(self, level: Level) -> list[str]:
        return announcements(self._app.synth().directory, "S", level)


@pytest.fixture
def key(make_app: MakeApp) -> Key:
    return Key(make_app())


def decrypt(who: Principal, **rest: Any) -> list[Permission]:
    return [Permission(who, ("kms:Decrypt",), **rest)]


def test_nothing_is_announced_when_nothing_was_asked(key: Key) -> None:
    assert key.announced("info") == key.announced("warning") == []


def test_what_iam_policies_of_the_account_may_decide_is_no_warning(key: Key) -> None:
    key.policy.ask(decrypt(ROLE), [ROLE])
    key.policy.ask(decrypt(ACCOUNT))

    (told,) = key.announced("info")
    assert told.startswith(
        "this app cannot change the policy of alias/orders, which must have, unless it lets IAM policies of its "
        'account decide, [{"Sid": "GrantedDecrypt", '
    )
    assert key.announced("warning") == []


def test_all_statements_are_told_at_once_as_a_key_policy_has_them(key: Key) -> None:
    key.policy.ask(decrypt(ROLE), [ROLE])
    key.policy.ask([Permission(ROLE, ("kms:Encrypt",))], [ROLE])
    key.policy.ask(decrypt(SERVICE, conditions={"StringEquals": {"aws:SourceAccount": ("111122223333",)}}))

    (told,) = key.announced("warning")
    assert key.announced("info") == []
    before, _, rest = told.partition("[{")
    statements, _, after = rest.rpartition("}]")
    assert before == "this app cannot change the policy of alias/orders, which must have "
    assert json.loads(f"[{{{statements}}}]") == [
        {
            "Sid": "GrantedDecryptEncryptByName",
            "Effect": "Allow",
            "Principal": {"AWS": ACCOUNT.value},
            "Action": ["kms:Decrypt", "kms:Encrypt"],
            "Resource": "*",
            "Condition": {"ArnEquals": {"aws:PrincipalArn": ROLE.named}},
        },
        {
            "Sid": "GrantedDecryptToService5bdcc6",
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}},
        },
    ]
    assert after == " [ack: cdk-key-management:key-policy-elsewhere-d30677]"


@pytest.mark.parametrize(
    ("permissions", "in_iam"),
    [
        (decrypt(SERVICE), []),
        (decrypt(BY_ARN), []),
        (decrypt(OTHER_ACCOUNT), []),
        (decrypt(OTHER_ROLE), [OTHER_ROLE]),
        (decrypt(ROLE, effect="Deny"), [ROLE]),
        (decrypt(Principal("AWS", "*"), conditions={"StringEquals": {"aws:PrincipalOrgID": ("o-1234567890",)}}), []),
    ],
    ids=["service", "nobody writes its IAM policy", "other account", "role of another account", "deny", "organization"],
)
def test_what_no_iam_policy_makes_up_for_is_a_warning(
    permissions: list[Permission], in_iam: list[Principal], key: Key
) -> None:
    key.policy.ask(permissions, in_iam)

    assert len(key.announced("warning")) == 1
    assert key.announced("info") == []


@pytest.mark.parametrize(
    ("who", "told"),
    [
        (ROLE, "IAM policies of arn:aws:iam::111122223333:role/Reader must allow kms:Decrypt on arn:of:the:key"),
        (OTHER_ROLE, "IAM policies of arn:aws:iam::444455556666:role/Reader must allow kms:Decrypt on arn:of:the:key"),
        (OTHER_ACCOUNT, "IAM policies of account 444455556666 must allow kms:Decrypt on arn:of:the:key"),
    ],
    ids=["by name", "other account's role", "other account"],
)
def test_who_must_be_allowed_in_iam_by_others_is_told(who: Principal, told: str, key: Key) -> None:
    key.policy.ask(decrypt(who))

    (announced,) = key.announced("warning")
    assert f"}}]; {told} [ack: " in announced


@pytest.mark.parametrize("who", [ACCOUNT, BY_ARN, SERVICE], ids=["the account", "by identity", "service"])
def test_who_needs_nothing_in_iam_is_not(who: Principal, key: Key) -> None:
    key.policy.ask(decrypt(who))

    assert "; IAM" not in "".join((*key.announced("warning"), *key.announced("info")))


def test_names_that_only_the_deployment_knows_are_explained(key: Key) -> None:
    key.policy.ask(decrypt(Principal.by_name("arn:aws:iam::111122223333:role/${S/Role/Resource}")))

    (announced,) = key.announced("warning")
    assert "; ${...} stands for what the deployment knows [ack: " in announced


def test_an_acknowledgement_holds_for_what_was_read_alone(make_app: MakeApp) -> None:
    def announced(*services: str) -> list[str]:
        key = Key(make_app())
        cdk.Annotations.of(key.policy.key).acknowledge_warning("cdk-key-management:key-policy-elsewhere-c0d004")
        for service in services:
            key.policy.ask(decrypt(Principal("Service", service)))
        return key.announced("warning")

    assert announced("sns.amazonaws.com") == []
    assert len(announced("sns.amazonaws.com", "sqs.amazonaws.com")) == 1


def test_refuses_what_a_key_policy_cannot_say_and_remembers_nothing_of_it(key: Key) -> None:
    with pytest.raises(ConfigurationError, match=r"^principals must not be everybody unless "):
        key.policy.ask(decrypt(Principal("AWS", "*")))

    assert key.announced("info") == key.announced("warning") == []


def test_of_what_a_service_asks_only_what_it_needs_is_told(key: Key) -> None:
    (needed,) = key.policy.needed(Permission(SERVICE, ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey")))

    assert needed.actions == ("kms:Decrypt", "kms:GenerateDataKey")


def test_what_lets_the_account_create_through_a_service_stays(key: Key) -> None:
    through = {"StringEquals": {"kms:ViaService": ("secretsmanager.eu-west-1.amazonaws.com",)}}
    asked = Permission(ACCOUNT, ("kms:Decrypt", "kms:GenerateDataKey"), through)

    assert key.policy.needed(asked) == (asked,)
