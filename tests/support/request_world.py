"""An account whose stack asks for a certificate, and what stands around it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from certificate_care.errors import AccessDenied
from certificate_care.hosted_zone import WritesRecords
from certificate_care.request import Deployment, handle
from certificate_care.request_properties import Zone
from tests.support.fake_cloudformation import STACK, DeploymentFailed, FakeCloudFormation
from tests.support.fake_route53 import FakeRoute53, FakeZone, PublicDns
from tests.support.passing_time import PassingTime
from tests.support.requesting_acm import FakeCertificate, RequestingAcm

ROLE = "arn:aws:iam::444455556666:role/certificates"
SHOP, TEAM = "Z0SHOP", "Z0TEAM"
ZONES: list[dict[str, Any]] = [
    {"HostedZoneId": SHOP, "DomainNames": ["shop.example.com"]},
    {"HostedZoneId": TEAM, "DomainNames": ["team.example.net"], "RoleArn": ROLE, "ExternalId": "shop-1"},
]
TAGS = [{"Key": "cdk-key-management:certificate", "Value": "shop/Certificate"}]
WANTED: dict[str, Any] = {
    "DomainName": "shop.example.com",
    "SubjectAlternativeNames": ["*.shop.example.com", "team.example.net"],
    "KeyAlgorithm": "EC_prime256v1",
    "Tags": TAGS,
    "Zones": ZONES,
}
OUTSIDE = {name: value for name, value in WANTED.items() if name != "Zones"}


@dataclass
class RequestWorld:
    """An account with a zone of its own, another account with a zone and a role, and one stack."""

    time: PassingTime = field(default_factory=PassingTime)
    dns: PublicDns = field(
        default_factory=lambda: PublicDns({SHOP: FakeZone("shop.example.com."), TEAM: FakeZone("example.net.")})
    )

    def __post_init__(self) -> None:
        self.acm = RequestingAcm(self.time, self.dns)
        self.own, self.theirs = FakeRoute53(self.dns, frozenset({SHOP})), FakeRoute53(self.dns, frozenset({TEAM}))
        self.assumed: list[tuple[str, str, str]] = []
        self.refused_roles = 0
        self.stack = FakeCloudFormation(self.invoke)

    def invoke(self, event: dict[str, Any]) -> None:
        self.time.begin_invocation()
        deployment = Deployment(self.acm, self.writer, STACK, self.stack.put, self.time.clock, self.time.sleep)
        handle(event, self.time, deployment=deployment)

    def writer(self, zone: Zone, session_name: str) -> WritesRecords:
        if not zone.role_arn:
            return self.own
        self.assumed.append((zone.role_arn, zone.external_id, session_name))
        if self.refused_roles:
            self.refused_roles -= 1
            raise AccessDenied("sts:AssumeRole must be allowed, got AccessDenied")
        return self.theirs

    @property
    def only(self) -> FakeCertificate:
        (found,) = self.acm.certificates.values()
        return found

    def failure(self, deploy: Callable[[dict[str, Any]], None], properties: dict[str, Any]) -> str:
        with pytest.raises(DeploymentFailed) as failed:
            deploy(properties)
        return str(failed.value)
