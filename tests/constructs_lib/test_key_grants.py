from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib import EncryptionKey


@pytest.mark.parametrize("verb", ["encrypt", "decrypt", "encrypt_decrypt", "actions"])
def test_each_verb_is_the_grant_of_the_key(verb: str, make_app: Callable[..., cdk.App]) -> None:
    templates = []
    for spelling in (0, 1):
        app = make_app()
        stack = cdk.Stack(app, "Keys")
        role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
        key = EncryptionKey(stack, "Key")
        grants = {
            "encrypt": (key.grants.encrypt, key.grant_encrypt),
            "decrypt": (key.grants.decrypt, key.grant_decrypt),
            "encrypt_decrypt": (key.grants.encrypt_decrypt, key.grant_encrypt_decrypt),
        }
        if verb in grants:
            grants[verb][spelling](role)
        else:
            (key.grants.actions, key.grant)[spelling](role, "kms:DescribeKey")
        templates.append(app.synth().get_stack_by_name("Keys").template)

    assert templates[0] == templates[1]
    assert templates[0]["Resources"]
