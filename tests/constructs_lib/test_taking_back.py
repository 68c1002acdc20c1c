from collections.abc import Callable

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib import EncryptionKey


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
