from typing import Any

import pytest

from certificate_care.issued import CERTIFICATE_ARN, Gate, handle
from tests.support.fake_cloudformation import STACK, DeploymentFailed, FakeCloudFormation, event_of
from tests.support.fake_route53 import FakeZone, PublicDns
from tests.support.passing_time import PassingTime
from tests.support.requesting_acm import RequestingAcm, validation_record


class Scene:
    """A certificate that waits for an outside DNS, and a gate in a stack."""

    def __init__(self) -> None:
        self.time = PassingTime()
        self.dns = PublicDns({"outside": FakeZone("example.com.")})
        self.acm = RequestingAcm(self.time, self.dns)
        self.arn = self.request("1")
        self.stack = FakeCloudFormation(self._invoke)
        self.time.seconds += 3600

    def request(self, token: str) -> str:
        arguments = {"DomainName": "example.com", "KeyAlgorithm": "RSA_2048", "Tags": [{"Key": "a", "Value": "b"}]}
        return str(self.acm.request_certificate(**arguments, IdempotencyToken=token)["CertificateArn"])

    def validate(self) -> None:
        record, value = validation_record("example.com")
        self.dns.zones["outside"].records[record, "CNAME"] = [value]

    def _invoke(self, event: dict[str, Any]) -> None:
        self.time.begin_invocation(60)
        handle(event, self.time, gate=Gate(self.acm, STACK, self.stack.put, self.time.clock, self.time.sleep))


def test_the_gate_opens_once_the_certificate_is_issued() -> None:
    scene = Scene()
    scene.validate()
    scene.acm.describe_certificate(CertificateArn=scene.arn)
    scene.time.seconds += 20

    scene.stack.create({CERTIFICATE_ARN: scene.arn})

    assert scene.stack.physical_id == f"issued/{scene.arn}"
    assert scene.stack.attributes == {CERTIFICATE_ARN: scene.arn}


def test_the_gate_stays_shut_and_names_the_missing_record() -> None:
    scene = Scene()
    record, value = validation_record("example.com")

    with pytest.raises(DeploymentFailed) as failed:
        scene.stack.create({CERTIFICATE_ARN: scene.arn})

    assert str(failed.value).endswith(f"then deploy again: {record} CNAME {value}")
    assert list(scene.acm.certificates) == [scene.arn]


def test_a_replaced_certificate_passes_its_gate_and_leaves_the_former_one_to_its_own_resource() -> None:
    scene = Scene()
    scene.validate()
    first, second = scene.arn, scene.request("2")
    for arn in (first, second):
        scene.time.seconds += 60
        scene.acm.describe_certificate(CertificateArn=arn)
    scene.time.seconds += 60
    scene.stack.create({CERTIFICATE_ARN: first})

    scene.stack.update({CERTIFICATE_ARN: second})

    assert scene.stack.attributes == {CERTIFICATE_ARN: second}
    assert list(scene.acm.certificates) == [first, second]


def test_deleting_the_gate_asks_aws_nothing() -> None:
    scene = Scene()
    scene.stack.physical_id = f"issued/{scene.arn}"

    scene.stack.delete()

    assert [name for name, _ in scene.acm.calls] == ["RequestCertificate"]


@pytest.mark.parametrize("arn", ["", "example.com", ["arn"], None], ids=["empty", "name", "list", "none"])
def test_refuses_what_is_no_certificate(arn: object) -> None:
    scene = Scene()

    with pytest.raises(DeploymentFailed, match=r"^CertificateArn must be the ARN of a certificate in ACM, got "):
        scene.stack.create({CERTIFICATE_ARN: arn})


def test_refuses_what_another_stack_asks_for() -> None:
    scene = Scene()
    event = event_of("Create", {CERTIFICATE_ARN: scene.arn}, StackId=f"{STACK}0")

    handle(event, scene.time, gate=Gate(scene.acm, STACK, scene.stack.put, scene.time.clock, scene.time.sleep))

    (answer,) = scene.stack.answers
    assert (answer["Status"], answer["StackId"]) == ("FAILED", f"{STACK}0")
    assert [name for name, _ in scene.acm.calls] == ["RequestCertificate"]
