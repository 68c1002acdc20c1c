"""A key with every kind of person, of its own stack (named by identity) and of another (named by name)."""

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib.encryption_key import EncryptionKey
from constructs_lib.key_policy import Administration
from tests.policies.scenes.everybody import DEPLOYERS, ONE_KEY_ONLY, WHEN_IAM_ADMINISTERS, WHEN_ONLY_NAMED_ADMINISTER
from tests.support.intent import read_table
from tests.support.literal_templates import place_of
from tests.support.scene import Built, Scene

_KINDS = ("administrator", "encrypter", "decrypter", "auditor")


def _build(app: cdk.App, administration: Administration) -> Built:
    stack, other = cdk.Stack(app, "Orders"), cdk.Stack(app, "Reports")
    here = {kind: _role(stack, kind.title()) for kind in _KINDS}
    far = {kind: _role(other, kind.title(), path="/reports/") for kind in _KINDS}
    key = EncryptionKey(
        stack,
        "Key",
        administration=administration,
        administrators=[here["administrator"], far["administrator"]],
        encrypters=[here["encrypter"], far["encrypter"]],
        decrypters=[here["decrypter"], far["decrypter"]],
        auditors=[here["auditor"], far["auditor"]],
    )
    people = here | {f"far {kind}": role for kind, role in far.items()}
    return Built(place_of(key), {name: place_of(role) for name, role in people.items()})


def _build_through_iam(app: cdk.App) -> Built:
    return _build(app, Administration.THROUGH_IAM)


def _build_only_named(app: cdk.App) -> Built:
    return _build(app, Administration.ONLY_NAMED)


def _role(stack: cdk.Stack, name: str, **settings: Any) -> iam.Role:
    return iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal(), **settings)


ALL_PEOPLE = Scene(
    "all people named",
    _build_through_iam,
    read_table(
        WHEN_IAM_ADMINISTERS
        + DEPLOYERS
        + ONE_KEY_ONLY
        + """
    administrator, administrator without IAM  | *directly, *via * | inspect, change          | named
    administrator with kms:*                  | *                | inspect, change          | named
    administrator re-created                  | *                | -                        | another identity
    administrator on another path             | *                | -                        | another identity
    encrypter, encrypter without IAM          | *directly, *via * | encrypt                  | named
    encrypter with kms:*                      | *                | encrypt, inspect, change | named, and IAM administers
    encrypter re-created                      | *                | -                        | another identity
    encrypter on another path                 | *                | -                        | another identity
    decrypter, decrypter without IAM          | *directly, *via * | decrypt                  | named
    decrypter with kms:*                      | *                | decrypt, inspect, change | named, and IAM administers
    decrypter re-created                      | *                | -                        | another identity
    decrypter on another path                 | *                | -                        | another identity
    auditor, auditor without IAM              | *directly, *via * | inspect                  | named
    auditor with kms:*                        | *                | inspect, change          | named, and IAM administers
    auditor re-created                        | *                | -                        | another identity
    auditor on another path                   | *                | -                        | another identity

    far administrator                         | *directly, *via * | inspect, change          | named and in IAM
    far administrator re-created              | *                | inspect, change          | the same name
    far administrator with kms:*              | *                | inspect, change          | named and in IAM
    far administrator on another path         | *                | inspect, change          | IAM administers
    far administrator without IAM             | *                | -                        | IAM is silent
    far encrypter                             | *directly, *via * | encrypt                  | named and in IAM
    far encrypter re-created                  | *                | encrypt                  | the same name
    far encrypter with kms:*                  | *                | encrypt, inspect, change | named, and IAM administers
    far encrypter on another path             | *                | -                        | another name
    far encrypter without IAM                 | *                | -                        | IAM is silent
    far decrypter                             | *directly, *via * | decrypt                  | named and in IAM
    far decrypter re-created                  | *                | decrypt                  | the same name
    far decrypter with kms:*                  | *                | decrypt, inspect, change | named, and IAM administers
    far decrypter on another path             | *                | -                        | another name
    far decrypter without IAM                 | *                | -                        | IAM is silent
    far auditor                               | *directly, *via * | inspect                  | named and in IAM
    far auditor re-created                    | *                | inspect                  | the same name
    far auditor with kms:*                    | *                | inspect, change          | IAM administers
    far auditor on another path               | *                | inspect                  | IAM administers
    far auditor without IAM                   | *                | -                        | IAM is silent
"""
    ),
)


ONLY_NAMED = Scene(
    "only named people administer",
    _build_only_named,
    read_table(
        WHEN_ONLY_NAMED_ADMINISTER
        + DEPLOYERS
        + ONE_KEY_ONLY
        + """
    administrator, administrator without IAM, administrator with kms:*            | *directly, *via * | inspect, change | named
    encrypter, encrypter without IAM, encrypter with kms:*                        | *directly, *via * | encrypt         | named
    decrypter, decrypter without IAM, decrypter with kms:*                        | *directly, *via * | decrypt         | named
    auditor, auditor without IAM, auditor with kms:*                              | *directly, *via * | inspect         | named
    far administrator, far administrator re-created, far administrator with kms:* | *directly, *via * | inspect, change | named and in IAM
    far encrypter, far encrypter re-created, far encrypter with kms:*             | *directly, *via * | encrypt         | named and in IAM
    far decrypter, far decrypter re-created, far decrypter with kms:*             | *directly, *via * | decrypt         | named and in IAM
    far auditor, far auditor re-created, far auditor with kms:*                   | *directly, *via * | inspect         | named and in IAM

    administrator re-created, administrator on another path | *                | -                        | another identity
    encrypter re-created, encrypter on another path         | *                | -                        | another identity
    decrypter re-created, decrypter on another path         | *                | -                        | another identity
    auditor re-created, auditor on another path             | *                | -                        | another identity
    far * on another path                                   | *                | -                        | another name
    far * without IAM                                       | *                | -                        | IAM is silent
"""
    ),
)
