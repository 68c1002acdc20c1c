"""The life of key material on the embedded AWS: disabled, rotated and imported, by the commands of the pages."""

import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from botocore.exceptions import ClientError

from constructs_lib import Administration, EncryptionKey, KeyMaterial, KeyState, Lifecycle, MacKey
from constructs_lib.execution_policy.least_policies import execution_policies
from local_aws import LocalAws
from tests.support.operator_commands import OperatorCommands
from tests.support.stack_operation import StackOperation, error_code

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

pytestmark = pytest.mark.deploy

ROOT = Path(__file__).resolve().parents[2]
IMPORTING, ROTATING = ROOT / "docs" / "imported-material.md", ROOT / "docs" / "rotation.md"
PEOPLE = ("Administrator", "Auditor", "Encrypter", "Decrypter")
EVERYTHING = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}

Define = Callable[[cdk.Stack], None]


class Deployed:
    """A stack, deployed under the least execution policy, and whoever acts on its keys."""

    def __init__(self, aws: LocalAws, folder: Path, define: Define, *later: Define) -> None:
        self._aws, self._folder = aws, folder
        self._count = iter(range(100))
        template, statements = self._synthesise(define)
        statements += [statement for each in later for statement in self._synthesise(each)[1]]
        self.deployer = aws.create_role(folder.name, *statements, service="cloudformation.amazonaws.com")
        self._stacks = StackOperation(aws.session(), self.deployer)
        created = self._stacks.create(template["Resources"], _outputs(template))
        assert created.status == "CREATE_COMPLETE", created.failures
        self._name, self.outputs = created.name, created.outputs

    def update(self, define: Define) -> None:
        """Deploy the stack again."""
        template, _ = self._synthesise(define)
        updated = self._stacks.update(self._name, template["Resources"], _outputs(template))
        assert updated.status == "UPDATE_COMPLETE", updated.failures

    def delete(self) -> None:
        """Let the keys and their aliases go."""
        assert self._stacks.delete(self._name).status == "DELETE_COMPLETE"

    def kms_as(self, role_arn: str) -> "KMSClient":
        """Act under a role."""
        return self._aws.session(self._aws.assume(role_arn)).client("kms")

    def _synthesise(self, define: Define) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        app = cdk.App(
            outdir=str(self._folder / f"assembly-{next(self._count)}"),
            analytics_reporting=False,
            tree_metadata=False,
            builtin_cloud_formation_validation=False,
        )
        define(cdk.Stack(app, "Material"))
        assembly = app.synth()
        statements = [each for policy in execution_policies(Path(assembly.directory)) for each in policy["Statement"]]
        return assembly.get_stack_by_name("Material").template, statements


def _outputs(template: dict[str, Any]) -> dict[str, Any]:
    return {name: each["Value"] for name, each in template.get("Outputs", {}).items()}


@pytest.fixture
def deploy(aws: LocalAws, tmp_path: Path) -> Iterator[Callable[..., Deployed]]:
    """Deploy one stack, under what it and its later versions need at least."""
    made: list[Deployed] = []

    def deploy(define: Define, *later: Define) -> Deployed:
        made.append(Deployed(aws, tmp_path, define, *later))
        return made[-1]

    yield deploy
    for each in made:
        each.delete()


def people(stack: cdk.Stack) -> dict[str, iam.Role]:
    """Define everybody, under names of their own for each stack that a test deploys."""
    prefix = Path(cdk.Stage.of(stack).outdir).parent.name  # type: ignore[union-attr]  # it is in an app
    found = {
        name: iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal(), role_name=f"{prefix}-{name}"[-64:])
        for name in PEOPLE
    }
    for name, role in found.items():
        cdk.CfnOutput(stack, f"{name}Arn", value=role.role_arn)
    return found


def symmetric_key(stack: cdk.Stack, **settings: Any) -> None:
    named = people(stack)
    EncryptionKey(
        stack,
        "Key",
        lifecycle=Lifecycle.EPHEMERAL,
        administrators=[named["Administrator"]],
        auditors=[named["Auditor"]],
        encrypters=[named["Encrypter"]],
        decrypters=[named["Decrypter"]],
        services=[],
        **settings,
    )


def refusal(call: Callable[..., object], **parameters: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return error_code(refused.value)


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.1)
    return condition()


def test_a_disabled_key_refuses_and_answers_again_when_it_is_enabled(deploy: Callable[..., Deployed]) -> None:
    def define(state: KeyState) -> Define:
        return lambda stack: symmetric_key(stack, alias="disabled", state=state)

    deployed = deploy(define(KeyState.ENABLED), define(KeyState.DISABLED))
    encrypter, decrypter = (deployed.kms_as(deployed.outputs[f"{name}Arn"]) for name in ("Encrypter", "Decrypter"))
    sealed = encrypter.encrypt(KeyId="alias/disabled", Plaintext=b"data")["CiphertextBlob"]

    deployed.update(define(KeyState.DISABLED))

    assert refusal(encrypter.encrypt, KeyId="alias/disabled", Plaintext=b"data") == "DisabledException"
    assert refusal(decrypter.decrypt, CiphertextBlob=sealed) == "DisabledException"

    deployed.update(define(KeyState.ENABLED))

    assert decrypter.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"data"


def test_an_administrator_rotates_on_demand_up_to_the_limit(deploy: Callable[..., Deployed], tmp_path: Path) -> None:
    deployed = deploy(lambda stack: symmetric_key(stack, alias="orders", rotation_period=cdk.Duration.days(180)))
    clients = {name: deployed.kms_as(deployed.outputs[f"{name}Arn"]) for name in PEOPLE}
    sealed = clients["Encrypter"].encrypt(KeyId="alias/orders", Plaintext=b"data")["CiphertextBlob"]
    operator = OperatorCommands(clients["Administrator"], tmp_path)
    auditor = OperatorCommands(clients["Auditor"], tmp_path)

    status, before = auditor.follow(ROTATING, "By itself")
    assert json.loads(status)["RotationPeriodInDays"] == 180
    operator.follow(ROTATING, "By itself")
    key = operator.variables["KEY_ID"]
    for _ in range(25):
        operator.follow(ROTATING, "On demand")
    _, after = auditor.follow(ROTATING, "By itself")

    assert len(json.loads(after)["Rotations"]) == len(json.loads(before)["Rotations"]) + 25
    assert refusal(clients["Administrator"].rotate_key_on_demand, KeyId=key) == "LimitExceededException"
    for name in ("Encrypter", "Decrypter", "Auditor"):
        assert refusal(clients[name].rotate_key_on_demand, KeyId=key) == "AccessDeniedException"
    assert clients["Decrypter"].decrypt(CiphertextBlob=sealed)["Plaintext"] == b"data"
    newer = clients["Encrypter"].encrypt(KeyId="alias/orders", Plaintext=b"newer")["CiphertextBlob"]
    assert clients["Decrypter"].decrypt(CiphertextBlob=newer)["Plaintext"] == b"newer"


@pytest.fixture
def vault(deploy: Callable[..., Deployed]) -> Deployed:
    """Deploy a key that only its administrator and the deployment administer, without material."""

    return deploy(
        lambda stack: symmetric_key(
            stack,
            alias="vault",
            material=KeyMaterial.IMPORTED,
            administration=Administration.ONLY_NAMED,
            deployers=[iam.ArnPrincipal(_deployer_of(stack))],
        )
    )


def _deployer_of(stack: cdk.Stack) -> str:
    folder = Path(cdk.Stage.of(stack).outdir).parent.name  # type: ignore[union-attr]  # it is in an app
    return f"arn:aws:iam::111122223333:role/{folder}"


@pytest.fixture
def operator(vault: Deployed, tmp_path: Path) -> OperatorCommands:
    return OperatorCommands(vault.kms_as(vault.outputs["AdministratorArn"]), tmp_path)


def test_imported_material_makes_a_pending_key_usable_and_the_page_says_how(
    aws: LocalAws, vault: Deployed, operator: OperatorCommands, tmp_path: Path
) -> None:
    encrypter, decrypter = (vault.kms_as(vault.outputs[f"{name}Arn"]) for name in ("Encrypter", "Decrypter"))
    assert operator.follow(IMPORTING, "Before") == ["PendingImport"]
    assert refusal(encrypter.encrypt, KeyId="alias/vault", Plaintext=b"data") == "KMSInvalidStateException"

    operator.follow(IMPORTING, "Wrap")
    stranger = aws.create_role(f"{tmp_path.name}-stranger", EVERYTHING)
    for arn in (*(vault.outputs[f"{name}Arn"] for name in ("Auditor", "Encrypter", "Decrypter")), stranger):
        assert _refused_imports(vault.kms_as(arn), operator.variables["KEY_ID"], tmp_path) == {"AccessDeniedException"}
    assert operator.follow(IMPORTING, "Import")[-1] == "Enabled"

    sealed = encrypter.encrypt(KeyId="alias/vault", Plaintext=b"data")["CiphertextBlob"]
    assert decrypter.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"data"
    assert refusal(encrypter.decrypt, CiphertextBlob=sealed) == "AccessDeniedException"

    assert operator.follow(IMPORTING, "Taking the material away, and back")[-1] == "PendingImport"
    assert refusal(decrypter.decrypt, CiphertextBlob=sealed) == "KMSInvalidStateException"
    first = (tmp_path / "material.bin").read_bytes()
    (tmp_path / "material.bin").write_bytes(os.urandom(32))
    assert refusal(lambda: operator.follow(IMPORTING, "Wrap", "Import")) == "IncorrectKeyMaterialException"
    (tmp_path / "material.bin").write_bytes(first)
    assert operator.follow(IMPORTING, "Wrap", "Import")[-1] == "Enabled"
    assert decrypter.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"data"


def _refused_imports(kms: "KMSClient", key: str, folder: Path) -> set[str]:
    wrapping: Any = {"WrappingAlgorithm": "RSAES_OAEP_SHA_256", "WrappingKeySpec": "RSA_4096"}
    token, wrapped = ((folder / f"{name}.bin").read_bytes() for name in ("token", "wrapped"))
    return {
        refusal(kms.get_parameters_for_import, KeyId=key, **wrapping),
        refusal(kms.import_key_material, KeyId=key, ImportToken=token, EncryptedKeyMaterial=wrapped),
        refusal(kms.delete_imported_key_material, KeyId=key),
    }


def test_material_that_expires_leaves_the_key_pending_until_it_is_imported_again(
    vault: Deployed, operator: OperatorCommands
) -> None:
    encrypter, decrypter = (vault.kms_as(vault.outputs[f"{name}Arn"]) for name in ("Encrypter", "Decrypter"))
    operator.follow(IMPORTING, "Before", "Wrap")
    operator.variables["VALID_TO"] = (datetime.now(UTC) + timedelta(seconds=3)).isoformat()
    operator.follow(IMPORTING, "Material that expires")
    sealed = encrypter.encrypt(KeyId="alias/vault", Plaintext=b"data")["CiphertextBlob"]

    key = operator.variables["KEY_ID"]
    administrator = vault.kms_as(vault.outputs["AdministratorArn"])
    assert eventually(lambda: administrator.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingImport")
    assert refusal(decrypter.decrypt, CiphertextBlob=sealed) == "KMSInvalidStateException"

    assert operator.follow(IMPORTING, "Wrap", "Import")[-1] == "Enabled"
    assert decrypter.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"data"


def test_new_material_is_rotated_in_and_the_old_still_decrypts(
    vault: Deployed, operator: OperatorCommands, tmp_path: Path
) -> None:
    encrypter, decrypter = (vault.kms_as(vault.outputs[f"{name}Arn"]) for name in ("Encrypter", "Decrypter"))
    operator.follow(IMPORTING, "Before", "Wrap", "Import")
    sealed = encrypter.encrypt(KeyId="alias/vault", Plaintext=b"old")["CiphertextBlob"]
    (tmp_path / "material.bin").unlink()

    operator.follow(IMPORTING, "Before", "Wrap", "Rotating")

    newer = encrypter.encrypt(KeyId="alias/vault", Plaintext=b"new")["CiphertextBlob"]
    assert decrypter.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"old"
    assert decrypter.decrypt(CiphertextBlob=newer)["Plaintext"] == b"new"


def test_a_mac_key_takes_imported_material_by_the_same_page(deploy: Callable[..., Deployed], tmp_path: Path) -> None:
    def define(stack: cdk.Stack) -> None:
        named = people(stack)
        MacKey(
            stack,
            "Key",
            alias="vault",
            lifecycle=Lifecycle.EPHEMERAL,
            material=KeyMaterial.IMPORTED,
            administrators=[named["Administrator"]],
            generators=[named["Encrypter"]],
            verifiers=[named["Decrypter"]],
        )

    deployed = deploy(define)
    operator = OperatorCommands(deployed.kms_as(deployed.outputs["AdministratorArn"]), tmp_path)

    assert operator.follow(IMPORTING, "Before", "Wrap", "Import")[-1] == "Enabled"

    request: Any = {"KeyId": operator.variables["KEY_ID"], "Message": b"data", "MacAlgorithm": "HMAC_SHA_256"}
    mac = deployed.kms_as(deployed.outputs["EncrypterArn"]).generate_mac(**request)["Mac"]
    assert deployed.kms_as(deployed.outputs["DecrypterArn"]).verify_mac(Mac=mac, **request)["MacValid"]
