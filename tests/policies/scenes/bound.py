"""A key that names the people of its own stack by name, and binds some people to an encryption context."""

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib import EncryptionKey, Naming, with_context
from tests.policies.scenes.everybody import ONE_KEY_ONLY, WHEN_IAM_ADMINISTERS
from tests.support.intent import read_table
from tests.support.literal_templates import place_of
from tests.support.scene import Built, Scene

_TENANT = "kms:EncryptionContext:tenant"
_CONTEXTS = {
    "for blue": {_TENANT: "blue"},
    "for blue and more": {_TENANT: "blue", "kms:EncryptionContext:purpose": "mail"},
    "for red": {_TENANT: "red"},
    "for green": {_TENANT: "green"},
    "for nobody, saying mail": {"kms:EncryptionContext:purpose": "mail"},
}
_DEPLOYERS = """
    deployer, deployer with kms:*, deployer re-created | *                  | inspect, change          | IAM administers
"""


def _role(stack: cdk.Stack, name: str, **settings: Any) -> iam.Role:
    return iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal(), **settings)


def _build_by_name(app: cdk.App) -> Built:
    stack, other = cdk.Stack(app, "Orders"), cdk.Stack(app, "Reports")
    people = {
        "reader": _role(stack, "Reader", path="/orders/", role_name="Reader"),
        "writer": _role(stack, "Writer"),
        "far reader": _role(other, "Reader"),
    }
    key = EncryptionKey(
        stack, "Key", services=[], naming=Naming.BY_NAME, decrypters=[people["reader"], people["far reader"]]
    )
    key.grant_encrypt(people["writer"])
    return Built(place_of(key), {name: place_of(role) for name, role in people.items()}, creating=())


BY_NAME = Scene(
    "people of the own stack by name",
    _build_by_name,
    read_table(
        WHEN_IAM_ADMINISTERS
        + _DEPLOYERS
        + ONE_KEY_ONLY
        + """
    reader, reader re-created, far reader, far reader re-created | *directly, *via * | decrypt      | named and in IAM
    reader with kms:*, far reader with kms:*           | *                  | decrypt, inspect, change | named, and IAM administers
    reader without IAM, far reader without IAM         | *                  | -                        | IAM is silent
    reader on another path, far reader on another path | *                  | -                        | another name
    writer, writer re-created                          | *directly, *via *  | encrypt                  | named and in IAM
    writer with kms:*                                  | *                  | encrypt, inspect, change | named, and IAM administers
    writer without IAM                                 | *                  | -                        | IAM is silent
    writer on another path                             | *                  | -                        | another name
"""
    ),
    executed=("reader*", "writer*"),
)


def _build_in_context(app: cdk.App) -> Built:
    stack, other = cdk.Stack(app, "Orders"), cdk.Stack(app, "Reports")
    people = {"reader": _role(stack, "Reader"), "far reader": _role(other, "Reader"), "writer": _role(stack, "Writer")}
    blue = {"tenant": "blue"}
    key = EncryptionKey(
        stack,
        "Key",
        services=[],
        decrypters=[with_context(people["reader"], blue)],
        encrypters=[with_context(people["writer"], {"tenant": "red"})],
    )
    key.grant_decrypt(with_context(people["far reader"], blue))
    key.grant_encrypt(with_context(people["writer"], blue))
    places = {name: place_of(role) for name, role in people.items()}
    return Built(place_of(key), places, contexts=_CONTEXTS, creating=())


IN_CONTEXT = Scene(
    "people bound to an encryption context",
    _build_in_context,
    read_table(
        WHEN_IAM_ADMINISTERS
        + _DEPLOYERS
        + ONE_KEY_ONLY
        + """
    reader, reader without IAM                  | for blue*                 | decrypt                  | named, in that context
    far reader, far reader re-created           | for blue*                 | decrypt                  | named and in IAM, in that context
    writer, writer without IAM                  | for blue*, for red        | encrypt                  | named, in that context
    reader with kms:*, far reader with kms:*    | for blue*                 | decrypt, inspect, change | named, and IAM administers
    writer with kms:*                           | for blue*, for red        | encrypt, inspect, change | named, and IAM administers
    reader, reader without IAM, far reader, far reader re-created | for red, for green, for nobody* | - | another context
    writer, writer without IAM                  | for green, for nobody*    | -                        | another context
    reader with kms:*, far reader with kms:*    | *directly, *via *, for red, for green, for nobody* | inspect, change | IAM administers
    writer with kms:*                           | *directly, *via *, for green, for nobody* | inspect, change | IAM administers
    reader, reader without IAM, far reader, far reader re-created, writer, writer without IAM | *directly, *via * | - | no context
    reader re-created, reader on another path, writer re-created, writer on another path | *           | - | another identity
    far reader without IAM                      | *                         | -                        | IAM is silent
    far reader on another path                  | *                         | -                        | another name
"""
    ),
    executed=("reader", "writer", "account administrator"),
)
