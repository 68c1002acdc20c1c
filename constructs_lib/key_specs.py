"""The key specs that each kind of key can have: only pairs of spec and usage that KMS takes can be written.

https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
"""

from enum import Enum
from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.token_text import tokens_in

if TYPE_CHECKING:
    from constructs import Construct

_SM2 = "SM2"
_CHINA = "cn-"


class SigningSpec(Enum):
    """What a signing key signs with."""

    RSA_2048 = "RSA_2048"
    RSA_3072 = "RSA_3072"
    RSA_4096 = "RSA_4096"
    ECC_NIST_P256 = "ECC_NIST_P256"
    ECC_NIST_P384 = "ECC_NIST_P384"
    ECC_NIST_P521 = "ECC_NIST_P521"
    ED25519 = "ECC_NIST_EDWARDS25519"
    SECP256K1 = "ECC_SECG_P256K1"
    """The curve of cryptocurrencies."""

    ML_DSA_44 = "ML_DSA_44"
    """Post-quantum, FIPS 204."""

    ML_DSA_65 = "ML_DSA_65"
    ML_DSA_87 = "ML_DSA_87"
    SM2 = _SM2
    """In Regions of China only."""


class AsymmetricEncryptionSpec(Enum):
    """What an asymmetric encryption key encrypts with."""

    RSA_2048 = "RSA_2048"
    """For whom a partner's system forces it: NIST and Control Tower (CT.KMS.PR.2) ask for more bits."""

    RSA_3072 = "RSA_3072"
    RSA_4096 = "RSA_4096"
    SM2 = _SM2
    """In Regions of China only."""


class MacSpec(Enum):
    """What a MAC key authenticates with."""

    HMAC_224 = "HMAC_224"
    HMAC_256 = "HMAC_256"
    HMAC_384 = "HMAC_384"
    HMAC_512 = "HMAC_512"


class AgreementSpec(Enum):
    """The curve on which a key agreement key derives shared secrets (ECDH)."""

    ECC_NIST_P256 = "ECC_NIST_P256"
    ECC_NIST_P384 = "ECC_NIST_P384"
    ECC_NIST_P521 = "ECC_NIST_P521"
    SM2 = _SM2
    """In Regions of China only."""


def check_spec(scope: "Construct", spec: Enum, allowed: type[Enum]) -> str:
    """Return what KMS calls a spec.

    Args:
        scope: Where the key will be.
        spec: The spec.
        allowed: The specs of the kind of key.

    Raises:
        ConfigurationError: If it is a spec of another kind of key, or one that the Region does not have.
    """
    if not isinstance(spec, allowed):
        names = ", ".join(member.name for member in allowed)
        raise ConfigurationError(f"spec must be a member of {allowed.__name__} ({names}), got {spec!r}")
    region = cdk.Stack.of(scope).region if spec.value == _SM2 else _CHINA
    if not tokens_in(region) and not region.startswith(_CHINA):
        raise ConfigurationError(f"spec must be another than {_SM2} outside of China, got {_SM2} in {region}")
    return str(spec.value)
