from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib import EncryptionKey, ExistingKey
from tests.support.synthesised import app_of
from tests.support.told_events import ACCOUNT, REGION
from tests.support.watch_scene import OTHER_ACCOUNT, THERE, messages, stack_of, watched

TRUST = iam.AccountRootPrincipal


def warned(stack: cdk.Stack) -> list[str]:
    app_of(stack).synth()
    return [each for each in messages(stack) if "roles-not-watched" in each]


@pytest.fixture(scope="module")
def scene() -> dict[str, Any]:
    stack = stack_of()
    elsewhere = cdk.Stack(app_of(stack), "Elsewhere", env=cdk.Environment(account=ACCOUNT, region=REGION))
    roles = {
        "made here": iam.Role(stack, "Here", assumed_by=TRUST()),
        "named here": iam.Role(stack, "Named", role_name="named-reader", assumed_by=TRUST()),
        "made in another stack": iam.Role(elsewhere, "There", assumed_by=TRUST()),
        "imported": iam.Role.from_role_arn(stack, "Imported", f"arn:aws:iam::{ACCOUNT}:role/team/imported"),
    }
    foreign = iam.Role.from_role_arn(stack, "Foreign", f"arn:aws:iam::{OTHER_ACCOUNT}:role/foreign")
    key = EncryptionKey(stack, "Orders", alias="orders", decrypters=[*roles.values(), foreign])
    key.grant_encrypt(roles["imported"])
    return {"stack": stack, "roles": roles, "key": key}


def test_roles_that_may_use_a_key_and_are_not_watched_are_announced_and_watched_ones_are_not() -> None:
    stack = stack_of()
    watched_role, other, imported = (
        iam.Role(stack, "Watched", assumed_by=TRUST()),
        iam.Role(stack, "Other", role_name="other-reader", assumed_by=TRUST()),
        iam.Role.from_role_arn(stack, "Imported", f"arn:aws:iam::{ACCOUNT}:role/team/imported"),
    )
    key = EncryptionKey(stack, "Orders", alias="orders", decrypters=[watched_role])
    watched(stack, keys=[key], roles=[watched_role])
    key.grant_encrypt(other)  # also what is granted after the watch was made
    key.grant_decrypt(imported)
    key.grant_decrypt(iam.Role.from_role_arn(stack, "Foreign", f"arn:aws:iam::{OTHER_ACCOUNT}:role/foreign"))

    (warning,) = warned(stack)

    assert "Orders/Other (Orders/Orders), team/imported (Orders/Orders)." in warning
    assert "Watched" not in warning
    assert "foreign" not in warning


def test_every_role_is_known_wherever_it_was_made(scene: dict[str, Any]) -> None:
    audit = cdk.Stack(app_of(scene["stack"]), "Audit", env=cdk.Environment(account=ACCOUNT, region=REGION))
    watched(audit, keys=[scene["key"]], roles=list(scene["roles"].values()))

    assert warned(audit) == []


def test_roles_are_known_by_names_of_a_place_that_is_not_known_yet() -> None:
    app = cdk.App(builtin_cloud_formation_validation=False)
    stack, elsewhere, audit = (cdk.Stack(app, name) for name in ("Keys", "Elsewhere", "Audit"))
    role = iam.Role(elsewhere, "Reader", assumed_by=TRUST())
    key = EncryptionKey(stack, "Orders", alias="orders", decrypters=[role])

    watched(audit, keys=[key], roles=[role])

    assert warned(audit) == []


def test_other_keys_say_nothing() -> None:
    stack = stack_of()
    key = kms.Key(stack, "Plain")
    key.grant_decrypt(iam.Role(stack, "Reader", assumed_by=TRUST()))

    watched(stack, keys=[key, ExistingKey.from_arn(stack, "There", key_arn=THERE)])

    assert warned(stack) == []
