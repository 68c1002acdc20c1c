"""Each kind of key under the least execution policy: it works for the right people and refuses the wrong ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from botocore.exceptions import ClientError
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from constructs_lib import (
    AgreementKey,
    AgreementSpec,
    AsymmetricEncryptionKey,
    EncryptionKey,
    Lifecycle,
    MacKey,
    MacSpec,
    SigningKey,
    SigningSpec,
)
from constructs_lib.execution_policy.least_policies import execution_policies
from local_aws import LocalAws
from tests.support.stack_operation import StackOperation, error_code

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

pytestmark = pytest.mark.deploy

ALGORITHMS = {
    SigningSpec.RSA_3072: "RSASSA_PSS_SHA_256",
    SigningSpec.ECC_NIST_P256: "ECDSA_SHA_256",
    SigningSpec.ECC_NIST_P384: "ECDSA_SHA_384",
    SigningSpec.ECC_NIST_P521: "ECDSA_SHA_512",
    SigningSpec.SECP256K1: "ECDSA_SHA_256",
    SigningSpec.ED25519: "ED25519_SHA_512",
    SigningSpec.ML_DSA_44: "ML_DSA_SHAKE_256",
    SigningSpec.ML_DSA_65: "ML_DSA_SHAKE_256",
    SigningSpec.ML_DSA_87: "ML_DSA_SHAKE_256",
}
PEOPLE = (
    *("Signer", "SignatureVerifier", "Generator", "MacVerifier", "Deriver", "Peer"),
    *("Encrypter", "Decrypter", "Administrator", "Auditor"),
)
MESSAGE = b"what is released"
CONTEXT = {"tenant": "blue"}
EVERYTHING = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}


@dataclass(frozen=True)
class Kinds:
    """What was deployed: keys and people by their names."""

    aws: LocalAws
    outputs: Mapping[str, str]
    stranger: str
    _clients: dict[str, "KMSClient"] = field(default_factory=dict)

    def acting_as(self, who: str) -> "KMSClient":
        if who not in self._clients:
            role = self.stranger if who == "Stranger" else self.outputs[f"{who}Arn"]
            self._clients[who] = self.aws.session(self.aws.assume(role)).client("kms")
        return self._clients[who]

    def key(self, name: str) -> str:
        return self.outputs[f"{name.replace('_', '')}Id"]

    def refuses(self, who: str, operation: str, **parameters: Any) -> bool:
        """Whether KMS refuses somebody an operation for want of permission."""
        try:
            getattr(self.acting_as(who), operation)(**parameters)
        except ClientError as error:
            return error_code(error) == "AccessDeniedException"
        return False


def define(app: cdk.App) -> None:
    stack = cdk.Stack(app, "Kinds")
    people = {
        name: iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal(), role_name=f"kinds-{name}") for name in PEOPLE
    }
    shared: dict[str, Any] = {
        "lifecycle": Lifecycle.EPHEMERAL,
        "administrators": [people["Administrator"]],
        "auditors": [people["Auditor"]],
    }
    signing: dict[str, Any] = {"signers": [people["Signer"]], "verifiers": [people["SignatureVerifier"]]}
    agreeing: dict[str, Any] = {"derivers": [people["Deriver"]], "peers": [people["Peer"]]}
    encrypting: dict[str, Any] = {"encrypters": [people["Encrypter"]], "decrypters": [people["Decrypter"]]}
    keys: dict[str, Any] = {
        spec.name: SigningKey(stack, f"Signing{spec.name}", spec=spec, **signing, **shared) for spec in ALGORITHMS
    }
    keys["Mac"] = MacKey(
        stack,
        "MacKey",
        spec=MacSpec.HMAC_512,
        generators=[people["Generator"]],
        verifiers=[people["MacVerifier"]],
        **shared,
    )
    for name in ("Ours", "Theirs"):
        keys[name] = AgreementKey(stack, f"{name}Key", spec=AgreementSpec.ECC_NIST_P384, **agreeing, **shared)
    keys["Rsa"] = AsymmetricEncryptionKey(stack, "RsaKey", **encrypting, **shared)
    keys["Symmetric"] = EncryptionKey(stack, "SymmetricKey", services=[], **encrypting, **shared)
    for name, key in keys.items():
        cdk.CfnOutput(stack, f"{name.replace('_', '')}Id", value=key.key_id)
    for name, role in people.items():
        cdk.CfnOutput(stack, f"{name}Arn", value=role.role_arn)


@pytest.fixture(scope="module")
def kinds(aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Kinds:
    app = cdk.App(
        outdir=str(tmp_path_factory.mktemp("kinds")),
        analytics_reporting=False,
        tree_metadata=False,
        builtin_cloud_formation_validation=False,
    )
    define(app)
    assembly = app.synth()
    statements = [each for policy in execution_policies(Path(assembly.directory)) for each in policy["Statement"]]
    deployer = aws.create_role("kinds-deployer", *statements, service="cloudformation.amazonaws.com")
    template = assembly.get_stack_by_name("Kinds").template
    outputs = {name: each["Value"] for name, each in template["Outputs"].items()}
    created = StackOperation(aws.session(), deployer).create(template["Resources"], outputs)
    assert created.status == "CREATE_COMPLETE", created.failures
    return Kinds(aws, created.outputs, aws.create_role("kinds-stranger", EVERYTHING))


def offline_verify(public_key: Any, signature: bytes) -> None:
    """Verify without KMS, by the kinds of public key that this file knows; raise if it is not authentic."""
    if isinstance(public_key, rsa.RSAPublicKey):
        pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)
        public_key.verify(signature, MESSAGE, pss, hashes.SHA256())
    elif isinstance(public_key, ec.EllipticCurvePublicKey):
        sizes: dict[int, Any] = {256: hashes.SHA256(), 384: hashes.SHA384(), 521: hashes.SHA512()}
        public_key.verify(signature, MESSAGE, ec.ECDSA(sizes[public_key.curve.key_size]))
    else:  # Ed25519 and ML-DSA hash by themselves
        public_key.verify(signature, MESSAGE)


@pytest.mark.parametrize("spec", ALGORITHMS, ids=lambda spec: spec.name)
def test_a_signature_of_the_signer_is_verified_with_kms_and_without(spec: SigningSpec, kinds: Kinds) -> None:
    request: Any = {"KeyId": kinds.key(spec.name), "Message": MESSAGE, "SigningAlgorithm": ALGORITHMS[spec]}

    signature = kinds.acting_as("Signer").sign(**request)["Signature"]

    verifier = kinds.acting_as("SignatureVerifier")
    assert verifier.verify(Signature=signature, **request)["SignatureValid"]
    public_key = serialization.load_der_public_key(verifier.get_public_key(KeyId=kinds.key(spec.name))["PublicKey"])
    offline_verify(public_key, signature)
    forged = bytes([*signature[:-1], signature[-1] ^ 1])
    with pytest.raises(InvalidSignature):
        offline_verify(public_key, forged)
    with pytest.raises(ClientError, match="KMSInvalidSignatureException"):
        verifier.verify(Signature=forged, **request)
    for who in ("SignatureVerifier", "Administrator", "Auditor", "Stranger", "Generator"):
        assert kinds.refuses(who, "sign", **request)
    for who in ("Signer", "Administrator", "Auditor", "Stranger"):
        assert kinds.refuses(who, "verify", Signature=signature, **request)


def test_a_mac_of_the_generator_is_verified_by_the_verifier(kinds: Kinds) -> None:
    request: Any = {"KeyId": kinds.key("Mac"), "Message": MESSAGE, "MacAlgorithm": "HMAC_SHA_512"}

    mac = kinds.acting_as("Generator").generate_mac(**request)["Mac"]

    assert kinds.acting_as("MacVerifier").verify_mac(Mac=mac, **request)["MacValid"]
    with pytest.raises(ClientError, match="KMSInvalidMacException"):
        kinds.acting_as("MacVerifier").verify_mac(Mac=bytes(len(mac)), **request)
    for who in ("MacVerifier", "Administrator", "Auditor", "Stranger", "Signer"):
        assert kinds.refuses(who, "generate_mac", **request)
    for who in ("Generator", "Administrator", "Auditor", "Stranger"):
        assert kinds.refuses(who, "verify_mac", Mac=mac, **request)


def test_both_sides_derive_the_same_secret(kinds: Kinds) -> None:
    def derived(name: str, public_key: bytes) -> bytes:
        request: Any = {"KeyId": kinds.key(name), "KeyAgreementAlgorithm": "ECDH", "PublicKey": public_key}
        for who in ("Peer", "Administrator", "Auditor", "Stranger"):
            assert kinds.refuses(who, "derive_shared_secret", **request)
        return kinds.acting_as("Deriver").derive_shared_secret(**request)["SharedSecret"]

    peer = kinds.acting_as("Peer")
    ours, theirs = (peer.get_public_key(KeyId=kinds.key(name))["PublicKey"] for name in ("Ours", "Theirs"))
    assert derived("Ours", theirs) == derived("Theirs", ours)

    outside = ec.generate_private_key(ec.SECP384R1())
    sent = outside.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    public_key = serialization.load_der_public_key(ours)
    assert isinstance(public_key, ec.EllipticCurvePublicKey)
    assert derived("Ours", sent) == outside.exchange(ec.ECDH(), public_key)
    assert kinds.refuses("Stranger", "get_public_key", KeyId=kinds.key("Ours"))


def test_what_anybody_encrypts_with_the_public_key_the_decrypter_decrypts(kinds: Kinds) -> None:
    key: Any = {"KeyId": kinds.key("Rsa"), "EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}
    encrypter, decrypter = kinds.acting_as("Encrypter"), kinds.acting_as("Decrypter")
    public_key = serialization.load_der_public_key(encrypter.get_public_key(KeyId=kinds.key("Rsa"))["PublicKey"])
    assert isinstance(public_key, rsa.RSAPublicKey)
    assert public_key.key_size == 3072
    oaep = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)

    for sealed in (public_key.encrypt(MESSAGE, oaep), encrypter.encrypt(Plaintext=MESSAGE, **key)["CiphertextBlob"]):
        assert decrypter.decrypt(CiphertextBlob=sealed, **key)["Plaintext"] == MESSAGE
        for who in ("Encrypter", "Administrator", "Auditor", "Stranger"):
            assert kinds.refuses(who, "decrypt", CiphertextBlob=sealed, **key)
    for who in ("Decrypter", "Administrator", "Auditor", "Stranger"):
        assert kinds.refuses(who, "encrypt", Plaintext=MESSAGE, **key)


def test_what_the_encrypter_encrypts_the_decrypter_decrypts_and_nobody_else(kinds: Kinds) -> None:
    key: Any = {"KeyId": kinds.key("Symmetric"), "EncryptionContext": CONTEXT}
    encrypter, decrypter = kinds.acting_as("Encrypter"), kinds.acting_as("Decrypter")

    data_key = encrypter.generate_data_key(KeySpec="AES_256", **key)

    assert decrypter.decrypt(CiphertextBlob=data_key["CiphertextBlob"], **key)["Plaintext"] == data_key["Plaintext"]
    for who in ("Encrypter", "Administrator", "Auditor", "Stranger"):
        assert kinds.refuses(who, "decrypt", CiphertextBlob=data_key["CiphertextBlob"], **key)
    for who in ("Decrypter", "Administrator", "Auditor", "Stranger"):
        assert kinds.refuses(who, "generate_data_key", KeySpec="AES_256", **key)
    for who in ("Encrypter", "Decrypter", "Administrator"):
        assert kinds.refuses(who, "generate_data_key_pair", KeyPairSpec="ECC_NIST_P256", **key)
        assert kinds.refuses(
            who, "create_grant", KeyId=kinds.key("Symmetric"), GranteePrincipal=kinds.stranger, Operations=["Decrypt"]
        )


KEYS = ("ECC_NIST_P256", "Mac", "Ours", "Rsa", "Symmetric")


@pytest.mark.parametrize("name", KEYS)
def test_the_administrator_administers_every_kind_and_the_auditor_reads(name: str, kinds: Kinds) -> None:
    key = kinds.key(name)

    kinds.acting_as("Administrator").update_key_description(KeyId=key, Description="audited")

    assert kinds.acting_as("Auditor").describe_key(KeyId=key)["KeyMetadata"]["Description"] == "audited"
    assert kinds.acting_as("Auditor").get_key_policy(KeyId=key)["Policy"]
    for who in ("Auditor", "Signer", "Generator", "Deriver", "Encrypter"):
        assert kinds.refuses(who, "update_key_description", KeyId=key, Description="mine")
        assert kinds.refuses(who, "schedule_key_deletion", KeyId=key)


@pytest.mark.parametrize("name", [name for name in KEYS if name != "Symmetric"])
def test_nobody_rotates_what_kms_does_not_rotate(name: str, kinds: Kinds) -> None:
    for operation in ("rotate_key_on_demand", "enable_key_rotation"):
        assert kinds.refuses("Administrator", operation, KeyId=kinds.key(name))
        assert kinds.refuses("Stranger", operation, KeyId=kinds.key(name))
