from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from syrupy.assertion import SnapshotAssertion

from constructs_lib import (
    AgreementKey,
    AsymmetricEncryptionKey,
    EncryptionKey,
    KeyMaterial,
    MacKey,
    SigningKey,
    SigningSpec,
)

_KINDS: dict[str, tuple[Any, tuple[str, str], dict[str, Any]]] = {
    "symmetric": (EncryptionKey, ("encrypters", "decrypters"), {}),
    "imported": (EncryptionKey, ("encrypters", "decrypters"), {"material": KeyMaterial.IMPORTED, "services": []}),
    "signing": (SigningKey, ("signers", "verifiers"), {"spec": SigningSpec.ML_DSA_65}),
    "mac": (MacKey, ("generators", "verifiers"), {}),
    "agreement": (AgreementKey, ("derivers", "peers"), {}),
    "asymmetric_encryption": (AsymmetricEncryptionKey, ("encrypters", "decrypters"), {}),
}


@pytest.mark.parametrize("kind", _KINDS)
def test_the_template_of_a_kind_of_key_is_as_reviewed(
    kind: str, make_app: Callable[..., cdk.App], template_snapshot: SnapshotAssertion
) -> None:
    app = make_app()
    stack, other = cdk.Stack(app, "Keys"), cdk.Stack(app, "Users")
    make, users, settings = _KINDS[kind]
    people: dict[str, Any] = {
        argument: [iam.Role(scope, argument.title(), assumed_by=iam.AccountRootPrincipal()) for scope in (stack, other)]
        for argument in (*users, "administrators", "auditors")
    }
    make(stack, "Key", alias=kind, **people, **settings)

    templates = {each.stack_name: each.template for each in app.synth().stacks}

    assert templates == template_snapshot
