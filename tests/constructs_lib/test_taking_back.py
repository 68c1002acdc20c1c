from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib import EncryptionKey
from tests.support.announcements import announcements
from tests.support.synthesised import violations

ID = "cdk-key-management:take-back"
WARNING = (
    f"its keys are synthesised for `cdk import` only, since the context {ID} is set: statements of their policies are "
    f"left out, and their use is not checked; deploy without it [ack: {ID}]"
)


@pytest.fixture
def taken_back(make_app: Callable[..., cdk.App]) -> cdk.Stack:
    return cdk.Stack(make_app(**{ID: "true"}), "Keys")


def _sids(app: cdk.App) -> list[str]:
    stack = cdk.Stack(app, "Keys")
    reader = iam.Role(stack, "Reader", assumed_by=iam.AccountRootPrincipal())
    key = EncryptionKey(stack, "Key", decrypters=[reader])
    key.grant_encrypt(iam.ServicePrincipal("events.amazonaws.com"))
    template = app.synth().get_stack_by_name("Keys").template
    (resource,) = (each for each in template["Resources"].values() if each["Type"] == "AWS::KMS::Key")
    return [statement["Sid"] for statement in resource["Properties"]["KeyPolicy"]["Statement"]]


def test_an_import_keeps_only_statements_that_refer_to_nothing_in_the_stack(make_app: Callable[..., cdk.App]) -> None:
    whole = _sids(make_app())
    imported = _sids(make_app(**{"cdk-key-management:take-back": "true"}))

    assert "Decrypters" in whole
    assert imported == [sid for sid in whole if sid != "Decrypters"]


def test_any_other_value_of_the_context_changes_nothing(make_app: Callable[..., cdk.App]) -> None:
    assert _sids(make_app(**{"cdk-key-management:take-back": "false"})) == _sids(make_app())


def test_an_import_is_announced_once_for_a_stack(taken_back: cdk.Stack) -> None:
    EncryptionKey(taken_back, "Key", alias="a")
    EncryptionKey(taken_back, "Other", alias="b")
    app = taken_back.node.root
    assert isinstance(app, cdk.App)

    assert announcements(app.synth().directory, "Keys", "warning") == [WARNING]


def test_nothing_is_announced_without_the_context(make_app: Callable[..., cdk.App]) -> None:
    app = make_app()
    EncryptionKey(cdk.Stack(app, "Keys"), "Key", alias="a")

    assert announcements(app.synth().directory, "Keys", "warning") == []


def test_an_override_is_found_in_an_import_too(taken_back: cdk.Stack) -> None:
    key = EncryptionKey(taken_back, "Key").node.default_child
    assert isinstance(key, kms.CfnKey)
    key.add_property_override("KeyPolicy.Statement.0.Action", "kms:Decrypt")
    key.add_property_override("EnableKeyRotation", value=False)

    past = "changed past the construct, so nothing has checked it"
    assert violations(taken_back) == [
        ("UncheckedKeyPolicy", f"the key policy of Keys/Key was {past}"),
        ("UncheckedKeyPolicy", f"EnableKeyRotation of Keys/Key is False, not True: it was {past}"),
    ]


def test_what_only_a_whole_policy_allows_is_no_finding_in_an_import(taken_back: cdk.Stack) -> None:
    reader = iam.Role(taken_back, "Reader", assumed_by=iam.AccountRootPrincipal())
    key = EncryptionKey(taken_back, "Key", decrypters=[reader])
    reader.add_to_policy(iam.PolicyStatement(actions=["kms:Decrypt"], resources=[key.key_arn]))

    assert violations(taken_back) == []
