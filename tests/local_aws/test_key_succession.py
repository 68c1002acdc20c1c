"""A switch-over deployed: the alias keeps its name, what was signed before is still verified."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from botocore.exceptions import ClientError

from constructs_lib import KeyState, KeySuccession, SigningKey
from local_aws import LocalAws
from tests.support.stack_operation import StackOperation, StackOutcome, error_code
from tests.support.synthesised import template_of

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

pytestmark = pytest.mark.deploy

_ALIAS = "alias/succession-test"
_ALGORITHM: Literal["ECDSA_SHA_256"] = "ECDSA_SHA_256"


class Releases:
    """The stack of an example, in each deployment of a switch-over."""

    def __init__(self, aws: LocalAws, stacks: StackOperation, make_app: Callable[..., cdk.App]) -> None:
        self._aws, self._stacks, self._make_app = aws, stacks, make_app
        self.name = ""

    def deploy(
        self,
        *,
        current: int,
        standby: Sequence[int] = (),
        former: Sequence[int] = (),
        states: Mapping[int, KeyState] | None = None,
    ) -> dict[int, str]:
        """Deploy and give the key id of each year."""
        stack = cdk.Stack(self._make_app(), "Releases")
        roles = {
            name: iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal(), role_name=f"succession-{name}")
            for name in ("ci", "verifier")
        }
        years = (current, *standby, *former)
        keys = {
            year: SigningKey(
                stack, f"Key{year}", alias=f"succession-test-{year}", state=(states or {}).get(year, KeyState.ENABLED)
            )
            for year in sorted(years)
        }
        releases = KeySuccession(
            stack,
            "Releases",
            alias=_ALIAS.removeprefix("alias/"),
            current=keys[current],
            standby=[keys[year] for year in standby],
            former=[keys[year] for year in former],
        )
        releases.grant_sign(roles["ci"])
        releases.grant_verify(roles["verifier"])
        for year, key in keys.items():
            cdk.CfnOutput(stack, f"Id{year}", value=key.key_id)
        outcome = self._put(template_of(stack))
        assert outcome.status.removesuffix("_COMPLETE") in {"CREATE", "UPDATE"}, outcome.failures
        return {year: outcome.outputs[f"Id{year}"] for year in years}

    def _put(self, template: dict[str, Any]) -> StackOutcome:
        resources = template["Resources"]
        outputs = {name: output["Value"] for name, output in template["Outputs"].items()}
        if self.name:
            return self._stacks.update(self.name, resources, outputs)
        created = self._stacks.create(resources, outputs)
        self.name = created.name
        return created

    def kms_of(self, name: str) -> "KMSClient":
        role = f"arn:aws:iam::{self._aws.account}:role/succession-{name}"
        return self._aws.session(self._aws.assume(role)).client("kms")


def _sign(client: "KMSClient", key: str = _ALIAS) -> tuple[str, bytes]:
    signed = client.sign(KeyId=key, Message=b"release", SigningAlgorithm=_ALGORITHM)
    return signed["KeyId"].rsplit("/", 1)[-1], signed["Signature"]


def _verifies(client: "KMSClient", key: str, signature: bytes) -> bool:
    answer = client.verify(KeyId=key, Message=b"release", Signature=signature, SigningAlgorithm=_ALGORITHM)
    return answer["SignatureValid"]


def _refused(call: Callable[[], object]) -> str:
    with pytest.raises(ClientError) as refused:
        call()
    return error_code(refused.value)


def test_a_switch_over_in_its_deployments(
    aws: LocalAws, make_stacks: Callable[..., StackOperation], make_app: Callable[..., cdk.App]
) -> None:
    releases = Releases(aws, make_stacks(), make_app)
    old = releases.deploy(current=2026)[2026]
    signer, verifier = releases.kms_of("ci"), releases.kms_of("verifier")
    key_id, before = _sign(signer)
    assert key_id == old

    new = releases.deploy(current=2026, standby=[2027])[2027]
    assert _sign(signer)[0] == old
    assert _verifies(verifier, new, _sign(signer, new)[1])

    assert releases.deploy(current=2027, standby=[2026]) == {2026: old, 2027: new}
    key_id, after = _sign(signer)
    assert key_id == new
    assert _sign(signer, old)[0] == old  # whoever has not seen the alias change yet

    assert releases.deploy(current=2027, former=[2026]) == {2026: old, 2027: new}
    assert _sign(signer)[0] == new
    assert _verifies(verifier, old, before)
    assert _verifies(verifier, new, after)
    assert _refused(lambda: _sign(signer, old)) == "AccessDeniedException"

    releases.deploy(current=2027, former=[2026], states={2026: KeyState.DISABLED})
    assert _refused(lambda: _verifies(verifier, old, before)) == "DisabledException"
    assert _verifies(verifier, new, after)

    releases.deploy(current=2027)
    state = aws.session().client("kms").describe_key(KeyId=old)["KeyMetadata"]["KeyState"]
    assert state == "Disabled"  # durable: what leaves the stack is kept
    assert _sign(signer)[0] == new
