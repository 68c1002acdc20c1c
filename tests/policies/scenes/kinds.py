"""Keys of every other kind, each with all its people, of its own stack and of another; no AWS service uses them."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib.agreement_key import AgreementKey
from constructs_lib.asymmetric_encryption_key import AsymmetricEncryptionKey
from constructs_lib.encryption_key import EncryptionKey
from constructs_lib.key_resource import KeyResource
from constructs_lib.key_settings import KeyMaterial
from constructs_lib.mac_key import MacKey
from constructs_lib.signing_key import SigningKey
from tests.policies.scenes.everybody import ONE_KEY_ONLY, WHEN_IAM_ADMINISTERS
from tests.support.action_words import (
    AGREEMENT_WORDS,
    ASYMMETRIC_ENCRYPTION_WORDS,
    IMPORTED_WORDS,
    MAC_WORDS,
    SIGNING_WORDS,
    Words,
)
from tests.support.intent import read_table
from tests.support.literal_templates import place_of
from tests.support.scene import Built, Scene

_USED_BY_NO_SERVICE = """
    deployer, deployer with kms:*, deployer re-created          | *                 | inspect, change          | IAM administers
"""
_ADMINISTRATORS_AND_AUDITORS = """
    administrator, administrator without IAM                    | *directly, *via * | inspect, change          | named
    administrator with kms:*                                    | *                 | inspect, change          | named
    administrator re-created, administrator on another path     | *                 | -                        | another identity
    far administrator, far administrator re-created             | *directly, *via * | inspect, change          | named and in IAM
    far administrator with kms:*                                | *                 | inspect, change          | named and in IAM
    far administrator on another path                           | *                 | inspect, change          | IAM administers
    far administrator without IAM                               | *                 | -                        | IAM is silent
    auditor, auditor without IAM                                | *directly, *via * | {audit}                  | named
    auditor with kms:*                                          | *                 | {audit}, change          | named, and IAM administers
    auditor re-created, auditor on another path                 | *                 | -                        | another identity
    far auditor, far auditor re-created                         | *directly, *via * | {audit}                  | named and in IAM
    far auditor with kms:*                                      | *                 | {audit}, change          | named, and IAM administers
    far auditor on another path                                 | *                 | inspect                  | IAM administers
    far auditor without IAM                                     | *                 | -                        | IAM is silent
"""
_USER = """
    {who}, {who} without IAM                                    | *directly, *via * | {may}                    | named
    {who} with kms:*                                            | *                 | {may}, inspect, change   | named, and IAM administers
    {who} re-created, {who} on another path                     | *                 | -                        | another identity
    far {who}, far {who} re-created                             | *directly, *via * | {may}                    | named and in IAM
    far {who} with kms:*                                        | *                 | {may}, inspect, change   | named, and IAM administers
    far {who} on another path                                   | *                 | -                        | another name
    far {who} without IAM                                       | *                 | -                        | IAM is silent
"""


def _build(app: cdk.App, make: type[KeyResource], users: tuple[str, ...], settings: Mapping[str, Any]) -> Built:
    stack, other = cdk.Stack(app, "Orders"), cdk.Stack(app, "Reports")
    kinds = ("administrator", "auditor", *users)
    here = {kind: _role(stack, kind.title()) for kind in kinds}
    far = {kind: _role(other, kind.title(), path="/reports/") for kind in kinds}
    people: dict[str, Any] = {f"{kind}s": [here[kind], far[kind]] for kind in kinds}
    key = make(stack, "Key", **people, **settings)
    named = here | {f"far {kind}": role for kind, role in far.items()}
    places = {name: place_of(role) for name, role in named.items()}
    return Built(place_of(key), places, via=(), creating=())


def _role(stack: cdk.Stack, name: str, **settings: Any) -> iam.Role:
    return iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal(), **settings)


def _scene(
    name: str, make: type[KeyResource], words: Words, audit: str, users: Mapping[str, str], **settings: Any
) -> Scene:
    table = WHEN_IAM_ADMINISTERS + _USED_BY_NO_SERVICE + ONE_KEY_ONLY
    table += _ADMINISTRATORS_AND_AUDITORS.format(audit=audit)
    table += "".join(_USER.format(who=who, may=may) for who, may in users.items())
    executed = ("administrator", "auditor", *users, "stranger with kms:[*]", "account administrator", "deployer")
    build = partial(_build, make=make, users=tuple(users), settings=settings)
    return Scene(name, build, read_table(table, words), words, executed)


_METADATA, _METADATA_AND_PUBLIC_KEY = "inspect", "inspect, read the public key"

SIGNING = _scene(
    "a signing key",
    SigningKey,
    SIGNING_WORDS,
    _METADATA_AND_PUBLIC_KEY,
    {"signer": "sign", "verifier": "verify, read the public key"},
)
MAC = _scene("a MAC key", MacKey, MAC_WORDS, _METADATA, {"generator": "generate", "verifier": "verify"})
AGREEMENT = _scene(
    "a key agreement key",
    AgreementKey,
    AGREEMENT_WORDS,
    _METADATA_AND_PUBLIC_KEY,
    {"deriver": "derive, read the public key", "peer": "read the public key"},
)
ASYMMETRIC_ENCRYPTION = _scene(
    "an asymmetric encryption key",
    AsymmetricEncryptionKey,
    ASYMMETRIC_ENCRYPTION_WORDS,
    _METADATA_AND_PUBLIC_KEY,
    {"encrypter": "encrypt, read the public key", "decrypter": "decrypt"},
)
IMPORTED = _scene(
    "a key of imported material",
    EncryptionKey,
    IMPORTED_WORDS,
    _METADATA,
    {"encrypter": "encrypt", "decrypter": "decrypt"},
    material=KeyMaterial.IMPORTED,
    services=[],
)
