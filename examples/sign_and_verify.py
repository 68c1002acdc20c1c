"""How do I sign what I release, and let anybody verify it without AWS?

Synthesised like the other examples. Once it is deployed, with boto3 and cryptography installed:

    python examples/sign_and_verify.py sign app.tar.gz       # in CI, as the signer: writes app.tar.gz.sig
    python examples/sign_and_verify.py publish releases.pem  # once: the public key, to be given to everybody
    python examples/sign_and_verify.py verify app.tar.gz releases.pem  # anywhere, without AWS
"""

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import aws_cdk as cdk
import boto3
from aws_cdk import aws_iam as iam
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from constructs_lib import SigningKey, SigningSpec

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

ALIAS = "releases"


def define(app: cdk.App) -> None:
    """Define a signing key, the role of CI that signs, and a role that publishes the public key."""
    stack = cdk.Stack(app, "Releases")
    ci = iam.Role(stack, "Ci", assumed_by=iam.AccountRootPrincipal())
    publisher = iam.Role(stack, "Publisher", assumed_by=iam.AccountRootPrincipal())
    SigningKey(stack, "Key", alias=ALIAS, spec=SigningSpec.ECC_NIST_P256, signers=[ci], verifiers=[publisher])


def sign(kms: "KMSClient", artefact: Path) -> Path:
    """Have KMS sign the digest of a file, of any size, and write the signature beside it."""
    digest = hashlib.sha256(artefact.read_bytes()).digest()
    signed = kms.sign(KeyId=f"alias/{ALIAS}", Message=digest, MessageType="DIGEST", SigningAlgorithm="ECDSA_SHA_256")
    signature = artefact.with_name(f"{artefact.name}.sig")
    signature.write_bytes(signed["Signature"])
    return signature


def publish(kms: "KMSClient", public_key: Path) -> None:
    """Write the public key; it stays the same for as long as the alias names this key."""
    der = kms.get_public_key(KeyId=f"alias/{ALIAS}")["PublicKey"]
    public_key.write_bytes(
        serialization.load_der_public_key(der).public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )


def verify(artefact: Path, public_key: Path) -> None:
    """Verify a file with the signature beside it; no AWS, no network.

    Raises:
        InvalidSignature: From cryptography, if somebody else signed, or something else.
        TypeError: If the public key is of another kind.
    """
    key = serialization.load_pem_public_key(public_key.read_bytes())
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise TypeError(f"public_key must be a NIST P-256 key, got {type(key).__name__}")
    signature = artefact.with_name(f"{artefact.name}.sig").read_bytes()
    key.verify(signature, artefact.read_bytes(), ec.ECDSA(hashes.SHA256()))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["sign", file]:
            sign(boto3.client("kms"), Path(file))
        case ["publish", file]:
            publish(boto3.client("kms"), Path(file))
        case ["verify", file, public_key]:
            verify(Path(file), Path(public_key))
        case _:
            app = cdk.App()
            define(app)
            app.synth()
