"""What a runbook is followed on: keys of each kind that it speaks of, with people, and a role that a key trusts."""

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib import Administration, EncryptionKey, KeyMaterial, Lifecycle, MultiRegionKey

PEOPLE = ("Auditor", "Encrypter", "Decrypter", "Colleague", "Recovery")


def define_runbook_stack(stack: cdk.Stack, *, responder: str, deployer: str) -> None:
    """Define them, with outputs that tell the ARN of each.

    Args:
        stack: Where, with account and Region.
        responder: The role of whoever answers.
        deployer: The role under which CloudFormation works.
    """
    named: dict[str, iam.IRole] = {
        name: iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal(), role_name=name.lower()) for name in PEOPLE
    }
    administrators = [iam.Role.from_role_arn(stack, "Responder", responder), named["Colleague"]]
    settings: dict[str, Any] = {
        "lifecycle": Lifecycle.EPHEMERAL,
        "administration": Administration.ONLY_NAMED,
        "administrators": administrators,
        "auditors": [named["Auditor"]],
        "encrypters": [named["Encrypter"]],
        "deployers": [iam.ArnPrincipal(deployer)],
        "services": [],
    }
    users: dict[str, Any] = {**settings, "decrypters": [named["Decrypter"]]}
    keys: dict[str, Any] = {
        "Orders": EncryptionKey(stack, "Orders", alias="orders", **users),
        "Other": EncryptionKey(stack, "Other", **users),
        "Vault": EncryptionKey(stack, "Vault", alias="vault", material=KeyMaterial.IMPORTED, **users),
        "Ledger": MultiRegionKey(stack, "Ledger", replicas=[], alias="ledger", **users),
        "Further": EncryptionKey(stack, "Further", alias="further", **settings, decrypters=[named["Recovery"]]),
    }
    for name, key in keys.items():
        cdk.CfnOutput(stack, f"{name}Key", value=key.key_arn)
    for name, role in named.items():
        cdk.CfnOutput(stack, f"{name}Role", value=role.role_arn)
