"""Every spec that KMS has belongs to the kinds of key that KMS pairs it with, and to no other."""

from collections.abc import Callable
from enum import Enum
from typing import Any

import aws_cdk as cdk
import pytest
from botocore.session import Session

from constructs_lib.errors import ConfigurationError
from constructs_lib.key_specs import AgreementSpec, AsymmetricEncryptionSpec, MacSpec, SigningSpec, check_spec

MakeApp = Callable[..., cdk.App]

# https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
RSA, NIST = ["RSA_2048", "RSA_3072", "RSA_4096"], ["ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521"]
PAIRS: dict[type[Enum], list[str]] = {
    SigningSpec: [
        *RSA,
        *NIST,
        "ECC_NIST_EDWARDS25519",
        "ECC_SECG_P256K1",
        "ML_DSA_44",
        "ML_DSA_65",
        "ML_DSA_87",
        "SM2",
    ],
    MacSpec: ["HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512"],
    AgreementSpec: [*NIST, "SM2"],
    AsymmetricEncryptionSpec: [*RSA, "SM2"],
}
MEMBERS = [(allowed, spec) for allowed in PAIRS for spec in allowed]


@pytest.fixture
def make_stack(make_app: MakeApp) -> Callable[[str | None], cdk.Stack]:
    def make(region: str | None) -> cdk.Stack:
        return cdk.Stack(make_app(), "S", env=cdk.Environment(region=region) if region else None)

    return make


@pytest.mark.parametrize("allowed", PAIRS)
def test_a_kind_of_key_has_the_specs_that_kms_pairs_it_with(allowed: type[Enum]) -> None:
    assert [spec.value for spec in allowed] == PAIRS[allowed]


def test_every_spec_that_kms_has_belongs_to_a_kind_of_key() -> None:
    shape: Any = Session().get_service_model("kms").shape_for("KeySpec")
    known = set(shape.enum)
    ours = {spec.value for _, spec in MEMBERS}

    assert ours <= known
    # Newer descriptions of the API have post-quantum encapsulation, which CloudFormation has not.
    assert {name for name in known - ours if not name.startswith("ML_KEM_")} == {"SYMMETRIC_DEFAULT"}


@pytest.mark.parametrize(("allowed", "spec"), MEMBERS)
def test_a_spec_of_the_kind_is_what_kms_calls_it(
    allowed: type[Enum], spec: Enum, make_stack: Callable[[str | None], cdk.Stack]
) -> None:
    for region in ("cn-north-1", None):
        assert check_spec(make_stack(region), spec, allowed) == spec.value


@pytest.mark.parametrize("allowed", PAIRS)
def test_refuses_a_spec_of_another_kind_or_its_name(
    allowed: type[Enum], make_stack: Callable[[str | None], cdk.Stack]
) -> None:
    others: list[Any] = [spec for other, spec in MEMBERS if other is not allowed]
    for given in (*others, *PAIRS[allowed], None, "SYMMETRIC_DEFAULT", 3072):
        with pytest.raises(ConfigurationError) as refused:
            check_spec(make_stack(None), given, allowed)
        names = ", ".join(spec.name for spec in allowed)
        assert str(refused.value) == f"spec must be a member of {allowed.__name__} ({names}), got {given!r}"


@pytest.mark.parametrize("spec", [SigningSpec.SM2, AgreementSpec.SM2, AsymmetricEncryptionSpec.SM2])
def test_refuses_sm2_outside_of_china(spec: Enum, make_stack: Callable[[str | None], cdk.Stack]) -> None:
    with pytest.raises(
        ConfigurationError, match=r"^spec must be another than SM2 outside of China, got SM2 in eu-west-1$"
    ):
        check_spec(make_stack("eu-west-1"), spec, type(spec))
