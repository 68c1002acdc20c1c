"""Keys in two Regions, deployed by the CDK CLI under the least execution policy, lose replicas and get them back."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from botocore.exceptions import ClientError

from constructs_lib import Administration, Lifecycle, MultiRegionKey
from constructs_lib.execution_policy.least_policies import execution_policies
from local_aws import LocalAws
from tests.support.stack_operation import error_code

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

pytestmark = pytest.mark.deploy

HERE, THERE = "eu-central-1", "us-east-1"
CONTEXT = {"tenant": "blue"}
KEPT, GONE = "alias/kept", "alias/gone"


def _app(app: cdk.App, account: str, *, replicated: bool) -> None:
    """Define a durable and an ephemeral key, whose people are in both stacks, and one person of the second alone."""
    here, there = (
        cdk.Stack(app, name, env=cdk.Environment(account=account, region=region))
        for name, region in (("Here", HERE), ("There", THERE))
    )
    people = {
        name: iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal(), role_name=name)
        for name, stack in {"Reader": here, "Writer": there, "Local": there, "Security": here}.items()
    }
    for alias, settings in (
        ("kept", {"administration": Administration.ONLY_NAMED, "administrators": [people["Security"]]}),
        ("gone", {"lifecycle": Lifecycle.EPHEMERAL}),
    ):
        key = MultiRegionKey(
            here,
            alias.capitalize(),
            replicas=[there] if replicated else [],
            alias=alias,
            decrypters=[people["Reader"]],
            encrypters=[people["Writer"]],
            services=[],
            **settings,
        )
        if replicated:
            key.in_region_of(there).grant_decrypt(people["Local"])


@dataclass(frozen=True)
class Regions:
    """The account, and what is done in its two Regions."""

    aws: LocalAws

    def kms(self, region: str, role: str = "") -> "KMSClient":
        """Return the KMS of a Region for a role, or for the administrator."""
        who = self.aws.assume(f"arn:aws:iam::{self.aws.account}:role/{role}") if role else None
        return self.aws.session(who).client("kms", region_name=region)

    def encrypt(self, region: str, alias: str, role: str = "Writer") -> bytes:
        """Encrypt in a Region under the key of an alias."""
        client = self.kms(region, role)
        return client.encrypt(KeyId=alias, Plaintext=b"orders", EncryptionContext=CONTEXT)["CiphertextBlob"]

    def decrypt(self, region: str, alias: str, sealed: bytes, role: str = "Reader") -> bytes:
        """Decrypt in a Region under the key of an alias."""
        client = self.kms(region, role)
        return client.decrypt(KeyId=alias, CiphertextBlob=sealed, EncryptionContext=CONTEXT)["Plaintext"]

    def target(self, region: str, alias: str) -> str | None:
        """Say which key an alias of a Region stands for."""
        found = {each["AliasName"]: each["TargetKeyId"] for each in self.kms(region).list_aliases()["Aliases"]}
        return found.get(alias)

    def state(self, key_id: str) -> str:
        """Say what state the key of an id is in, in the second Region."""
        return self.kms(THERE).describe_key(KeyId=key_id)["KeyMetadata"]["KeyState"]

    def update(self, template: dict[str, Any]) -> tuple[str, list[str]]:
        """Update the stack of the second Region with the role that it has; say how that ended and what failed why."""
        client = self.aws.session().client("cloudformation", region_name=THERE)
        client.update_stack(StackName="There", TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_NAMED_IAM"])
        status = "_IN_PROGRESS"
        while status.endswith("_IN_PROGRESS"):
            status = client.describe_stacks(StackName="There")["Stacks"][0]["StackStatus"]
        reasons = []
        for event in client.describe_stack_events(StackName="There")["StackEvents"]:  # the last one first
            if event.get("ResourceStatusReason") == "User Initiated":
                break
            if event["ResourceStatus"].endswith("_FAILED"):
                reasons.append(event.get("ResourceStatusReason", ""))
        return status, reasons


Synthesise = Callable[..., Path]


@pytest.fixture
def synthesise(make_app: Callable[..., cdk.App], tmp_path: Path) -> Synthesise:
    count = iter(range(100))

    def synthesise(*, replicated: bool = True, **context: str) -> Path:
        app = make_app(outdir=tmp_path / f"assembly-{next(count)}", **context)
        _app(app, "111122223333", replicated=replicated)
        return Path(app.synth().directory)

    return synthesise


@pytest.fixture
def regions(synthesise: Synthesise) -> Iterator[Regions]:
    with LocalAws(region=HERE) as aws:
        aws.bootstrap(*execution_policies(synthesise()), regions=[HERE, THERE])
        yield Regions(aws)


def _refused(call: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(ClientError) as error:
        call(*arguments)
    return error_code(error.value)


def _template(assembly: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((assembly / "There.template.json").read_text())
    return found


def _mapping(template: dict[str, Any], ids: dict[str, str], path: Path) -> Path:
    """Write down what `cdk import` takes back: both replicas, and the alias of the durable one."""
    names = {(each["Type"], f"alias/{name[:4].lower()}"): name for name, each in template["Resources"].items()}
    replicas = {names["AWS::KMS::ReplicaKey", alias]: {"KeyId": key_id} for alias, key_id in ids.items()}
    path.write_text(json.dumps({**replicas, names["AWS::KMS::Alias", KEPT]: {"AliasName": KEPT}}))
    return path


def test_keys_of_two_regions_live_their_life(regions: Regions, synthesise: Synthesise, tmp_path: Path) -> None:
    assembly = synthesise()
    regions.aws.deploy(assembly)

    ids = {alias: str(regions.target(HERE, alias)) for alias in (KEPT, GONE)}
    for alias, key_id in ids.items():
        assert key_id.startswith("mrk-")
        assert regions.target(THERE, alias) == key_id
        _check_people(regions, alias)
    _check_promotion(regions, ids[KEPT])
    sealed = {alias: regions.encrypt(THERE, alias) for alias in ids}

    # Both replicas leave the app: the durable key and its alias stay, the ephemeral ones go.
    assert regions.update(_template(synthesise(replicated=False))) == ("UPDATE_COMPLETE", [])
    assert regions.decrypt(THERE, KEPT, sealed[KEPT], "Local") == b"orders"
    assert (regions.state(ids[GONE]), regions.target(THERE, GONE)) == ("PendingDeletion", None)
    assert regions.decrypt(HERE, GONE, sealed[GONE]) == b"orders"

    # Neither can be made again as long as the old one is there.
    template = _template(assembly)
    for alias, construct in ((KEPT, "Kept"), (GONE, "Gone")):
        alone = {name: each for name, each in template["Resources"].items() if not _is_of_the_other(name, construct)}
        status, reasons = regions.update({**template, "Resources": alone})
        assert (status, len(reasons)) == ("UPDATE_ROLLBACK_COMPLETE", 1)
        assert f":key/{ids[alias]} already exists." in reasons[0]

    regions.kms(THERE).cancel_key_deletion(KeyId=ids[GONE])
    regions.kms(THERE).enable_key(KeyId=ids[GONE])
    taken_back = synthesise(**{"cdk-key-management:take-back": "true"})
    regions.aws.take_back(taken_back, "There", _mapping(template, ids, tmp_path / "keys.json"))
    regions.aws.deploy(assembly)

    for alias, key_id in ids.items():
        assert regions.target(THERE, alias) == key_id
        assert regions.decrypt(THERE, alias, sealed[alias]) == b"orders"
        _check_people(regions, alias)


def _is_of_the_other(name: str, construct: str) -> bool:
    return name.startswith(("Kept", "Gone")) and not name.startswith(construct)


def _check_promotion(regions: Regions, key_id: str) -> None:
    """Let an administrator make the replica the primary key, and take that back."""
    for here, there in ((HERE, THERE), (THERE, HERE)):
        regions.kms(here, "Security").update_primary_region(KeyId=key_id, PrimaryRegion=there)
        found = regions.kms(there, "Security").describe_key(KeyId=key_id)["KeyMetadata"]["MultiRegionConfiguration"]
        assert (found["MultiRegionKeyType"], found["PrimaryKey"]["Region"]) == ("PRIMARY", there)
        assert _refused(_promote, regions, here, key_id) == "AccessDeniedException"


def _promote(regions: Regions, region: str, key_id: str) -> None:
    regions.kms(region, "Writer").update_primary_region(KeyId=key_id, PrimaryRegion=region)


def _check_people(regions: Regions, alias: str) -> None:
    for one, other in ((HERE, THERE), (THERE, HERE)):
        sealed = regions.encrypt(one, alias)
        assert regions.decrypt(other, alias, sealed) == b"orders"
        assert _refused(regions.decrypt, other, alias, sealed, "Writer") == "AccessDeniedException"
        assert _refused(regions.encrypt, one, alias, "Reader") == "AccessDeniedException"
        assert _refused(regions.decrypt, other, alias, sealed, "Security") == "AccessDeniedException"
    sealed = regions.encrypt(HERE, alias)
    assert regions.decrypt(THERE, alias, sealed, "Local") == b"orders"
    assert _refused(regions.decrypt, HERE, alias, sealed, "Local") == "AccessDeniedException"
