from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib import EncryptionKey, MacKey, SigningKey


@pytest.mark.parametrize(
    ("kind", "verb"),
    [
        (EncryptionKey, "encrypt"),
        (EncryptionKey, "decrypt"),
        (EncryptionKey, "encrypt_decrypt"),
        (SigningKey, "sign"),
        (SigningKey, "verify"),
        (SigningKey, "sign_verify"),
        (MacKey, "generate_mac"),
        (MacKey, "verify_mac"),
        (EncryptionKey, "actions"),
    ],
)
def test_each_verb_is_the_grant_of_the_key(kind: Any, verb: str, make_app: Callable[..., cdk.App]) -> None:
    templates = []
    for is_newer_spelling in (True, False):
        app = make_app()
        stack = cdk.Stack(app, "Keys")
        role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
        key = kind(stack, "Key")
        if verb == "actions":
            (key.grants.actions if is_newer_spelling else key.grant)(role, "kms:DescribeKey")
        else:
            getattr(*((key.grants, verb) if is_newer_spelling else (key, f"grant_{verb}")))(role)
        templates.append(app.synth().get_stack_by_name("Keys").template)

    assert templates[0] == templates[1]
    assert "Granted" in str(templates[0]["Resources"])
