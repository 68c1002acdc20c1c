from dataclasses import dataclass, field

import pytest

from certificate_care.errors import AccessDenied, NotIssued
from certificate_care.hosted_zone import SECONDS_TO_LIVE, HostedZone
from certificate_care.validation_records import ValidationRecord
from tests.support.fake_route53 import FakeRoute53, FakeZone, PublicDns

ZONE = "Z1"
RECORD = ValidationRecord("shop.example.com", "_a.shop.example.com", "_b.abc.acm-validations.aws")
NAME, VALUE = "_a.shop.example.com.", "_b.abc.acm-validations.aws."


@dataclass
class Scene:
    """One zone and who writes into it."""

    zone: FakeZone = field(default_factory=lambda: FakeZone("example.com."))

    def __post_init__(self) -> None:
        self.route53 = FakeRoute53(PublicDns({ZONE: self.zone}), frozenset({ZONE, "Z2"}))

    def put(self, zone_id: str = ZONE, record: ValidationRecord = RECORD) -> None:
        HostedZone(self.route53, zone_id).put(record)

    @property
    def changes(self) -> list[str]:
        return [name for name, _ in self.route53.calls if name == "ChangeResourceRecordSets"]


def test_a_record_is_created_where_there_is_none() -> None:
    scene = Scene()

    scene.put()

    assert scene.zone.records == {(NAME, "CNAME"): [VALUE]}
    _, asked = scene.route53.calls[-1]
    (change,) = asked["ChangeBatch"]["Changes"]
    assert change["Action"] == "CREATE"
    assert change["ResourceRecordSet"]["TTL"] == SECONDS_TO_LIVE


def test_a_neighbour_is_not_taken_for_it() -> None:
    scene = Scene()
    scene.zone.records |= {("_aa.shop.example.com.", "CNAME"): ["x."], ("z.example.com.", "A"): ["192.0.2.1"]}

    scene.put()

    assert scene.zone.records[NAME, "CNAME"] == [VALUE]


@pytest.mark.parametrize("value", [VALUE, VALUE[1:], VALUE.rstrip(".")], ids=["same", "no underscore", "no dot"])
def test_a_record_that_acm_takes_is_left_alone(value: str) -> None:
    scene = Scene()
    scene.zone.records[NAME, "CNAME"] = [value]

    scene.put()

    assert scene.changes == []


@pytest.mark.parametrize(
    ("kind", "value"),
    [("CNAME", "elsewhere.example.org."), ("TXT", '"x"'), ("A", "192.0.2.1")],
    ids=["value", "TXT", "A"],
)
def test_refuses_to_touch_what_stands_at_the_name(kind: str, value: str) -> None:
    scene = Scene()
    scene.zone.records[NAME, kind] = [value]

    with pytest.raises(NotIssued) as refused:
        scene.put()

    assert str(refused.value) == (
        f"_a.shop.example.com must hold nothing or a CNAME record to _b.abc.acm-validations.aws, got {kind} "
        f"[{value!r}] in the hosted zone Z1: remove that record, then deploy again"
    )
    assert scene.changes == []


def test_a_record_that_somebody_else_creates_at_the_same_moment_is_found() -> None:
    scene = Scene()
    create = scene.route53.change_resource_record_sets

    def after_somebody_else(**asked: object) -> object:
        scene.zone.records[NAME, "CNAME"] = [VALUE]
        return create(**asked)  # type: ignore[arg-type]

    scene.route53.change_resource_record_sets = after_somebody_else  # type: ignore[method-assign, assignment]

    scene.put()

    assert len(scene.changes) == 1


def test_another_record_that_somebody_else_creates_at_the_same_moment_is_not_overwritten() -> None:
    scene = Scene()
    create = scene.route53.change_resource_record_sets

    def after_somebody_else(**asked: object) -> object:
        scene.zone.records[NAME, "CNAME"] = ["elsewhere."]
        return create(**asked)  # type: ignore[arg-type]

    scene.route53.change_resource_record_sets = after_somebody_else  # type: ignore[method-assign, assignment]

    with pytest.raises(NotIssued, match="remove that record"):
        scene.put()

    assert scene.zone.records == {(NAME, "CNAME"): ["elsewhere."]}


def test_refuses_a_zone_that_does_not_contain_the_name() -> None:
    scene = Scene(FakeZone("example.net."))

    with pytest.raises(NotIssued, match=r"got InvalidChangeBatch: does the zone contain shop\.example\.com$"):
        scene.put()


def test_refuses_a_zone_that_does_not_exist() -> None:
    with pytest.raises(NotIssued, match=r"^the hosted zone of shop\.example\.com must exist, got none with Z2$"):
        Scene().put("Z2")


def test_a_zone_that_may_not_be_written_into_is_told() -> None:
    with pytest.raises(AccessDenied, match=r"^route53:ListResourceRecordSets must be allowed, got AccessDenied"):
        Scene().put("Z3")
