from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3

from constructs_lib.auditing.searched_logs import searched_logs
from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.recorded_trail import TrailReach
from tests.support.announcements import announcements
from tests.support.synthesised import app_of

MakeApp = Callable[..., cdk.App]
IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")
ORGANIZATION = "o-a1b2c3d4e5"


@dataclass(frozen=True)
class Trail:
    """A trail of nobody's make."""

    bucket: s3.IBucket
    encryption_key: None = None
    trail_name: str = "main"
    trail_arn: str = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main"
    home_region: str = "eu-west-1"
    home_account: str = "111122223333"
    reach: TrailReach = TrailReach.EVERY_REGION
    organization_id: str | None = None
    prefix: str = ""
    log_group: None = None


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "Audit", env=IRELAND)


@pytest.fixture
def trail(stack: cdk.Stack) -> Any:
    return Trail(s3.Bucket.from_bucket_name(stack, "Logs", "logs"))


def searched(stack: cdk.Stack, trail: Any, **changed: Any) -> Any:
    return searched_logs(stack, trail, **{"accounts": (), "regions": (), "since": date(2026, 1, 1), **changed})


def test_a_trail_of_one_account_is_searched_in_every_region_of_its_partition(stack: cdk.Stack, trail: Any) -> None:
    found = searched(stack, trail)

    assert found.accounts == ("111122223333",)
    assert {"eu-west-1", "us-east-1", "mx-central-1"} <= set(found.regions)
    assert not {each for each in found.regions if each.startswith(("cn-", "us-gov-", "us-iso"))}


def test_a_trail_of_one_region_is_searched_there(stack: cdk.Stack, trail: Any) -> None:
    assert searched(stack, replace(trail, reach=TrailReach.HOME_REGION)).regions == ("eu-west-1",)


def test_the_regions_of_china_are_those_of_a_stack_there(make_app: MakeApp) -> None:
    there = cdk.Stack(make_app(), "Audit", env=cdk.Environment(account="111122223333", region="cn-north-1"))

    found = searched(there, Trail(s3.Bucket.from_bucket_name(there, "Logs", "logs")))

    assert found.regions == ("cn-north-1", "cn-northwest-1")


def test_what_is_said_is_searched(stack: cdk.Stack, trail: Any) -> None:
    accounts = ["111122223333", "444455556666"]

    found = searched(
        stack,
        replace(trail, organization_id=ORGANIZATION, prefix="audit/"),
        accounts=accounts,
        regions=["us-east-1", "eu-west-1"],
    )

    assert (found.accounts, found.regions) == (tuple(accounts), ("us-east-1", "eu-west-1"))
    assert found.folder == f"audit/AWSLogs/{ORGANIZATION}/"


def test_the_first_day_of_cloudtrail_and_today_are_days_of_a_record(stack: cdk.Stack, trail: Any) -> None:
    for day in (date(2013, 11, 13), datetime.now(UTC).date()):
        assert searched(stack, trail, since=day).since == day


def test_tokens_are_settled_by_the_deployment(make_app: MakeApp) -> None:
    anywhere = cdk.Stack(make_app(), "Audit")
    trail = Trail(s3.Bucket(anywhere, "Logs"), home_account=anywhere.account, home_region=anywhere.region)

    found = searched(anywhere, trail, regions=[anywhere.region])

    assert (found.accounts, found.regions) == ((anywhere.account,), (anywhere.region,))


@pytest.mark.parametrize(("regions", "told"), [(["eu-west-1"], True), (["eu-west-1", "us-east-1"], False), ([], False)])
def test_it_is_said_where_the_calls_of_iam_are_not_searched(
    stack: cdk.Stack, trail: Any, regions: list[str], *, told: bool
) -> None:
    searched(stack, trail, regions=regions)

    infos = announcements(app_of(stack).synth().directory, "Audit", "info")
    said = [each for each in infos if "without us-east-1" in each]
    assert bool(said) is told


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"accounts": ["11112222333"]}, "accounts must be an account number of 12 digits, got '11112222333'"),
        ({"accounts": "111122223333"}, "accounts must be a list of texts, got '111122223333'"),
        ({"accounts": None}, "accounts must be a list of texts, got None"),
        ({"accounts": [111122223333]}, r"accounts must be a list of texts, got \[111122223333\]"),
        ({"accounts": ["111122223333"] * 2}, "accounts must hold each of them once, got 111122223333 twice"),
        ({"regions": ["eu-west-9"]}, "regions must be Regions of AWS that the CDK knows, got 'eu-west-9'"),
        ({"regions": ["eu-west-1"] * 2}, "regions must hold each of them once, got eu-west-1 twice"),
        ({"regions": "eu-west-1"}, "regions must be a list of texts, got 'eu-west-1'"),
        ({"since": date(2013, 11, 12)}, "since must be 2013-11-13, when CloudTrail began, or later, got 2013-11-12"),
        ({"since": datetime.now(UTC).date() + timedelta(days=2)}, "since must not be in the future, got 2"),
        ({"since": datetime(2026, 1, 1, tzinfo=UTC)}, "since must be a datetime.date, got datetime"),
        ({"since": "2026-01-01"}, "since must be a datetime.date, got '2026-01-01'"),
    ],
)
def test_refuses_what_no_record_is_of(stack: cdk.Stack, trail: Any, changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        searched(stack, trail, **changed)


def test_one_account_of_an_organization_may_be_asked_about(stack: cdk.Stack, trail: Any) -> None:
    found = searched(stack, replace(trail, organization_id=ORGANIZATION), accounts=["444455556666"])

    assert (found.accounts, found.folder) == (("444455556666",), f"AWSLogs/{ORGANIZATION}/")


def test_refuses_no_account_of_an_organization_and_says_what_to_give(stack: cdk.Stack, trail: Any) -> None:
    with pytest.raises(
        ConfigurationError,
        match=rf"accounts must name those of the organization {ORGANIZATION} .* such as \['111122223333'\], .* none$",
    ):
        searched(stack, replace(trail, organization_id=ORGANIZATION))


def test_refuses_other_regions_of_a_trail_of_one(stack: cdk.Stack, trail: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"regions must be eu-west-1 alone, .*, got \['us-east-1'\]"):
        searched(stack, replace(trail, reach=TrailReach.HOME_REGION), regions=["eu-west-1", "us-east-1"])


@pytest.mark.parametrize("given", [None, "main", 1])
def test_refuses_what_is_no_trail(stack: cdk.Stack, given: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"trail must be AuditTrail\(...\) or"):
        searched(stack, given)


def test_refuses_a_trail_without_a_bucket(stack: cdk.Stack, trail: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"trail.bucket must be a bucket"):
        searched(stack, replace(trail, bucket=None))


def test_refuses_log_files_of_another_region(stack: cdk.Stack, trail: Any) -> None:
    elsewhere = s3.Bucket.from_bucket_attributes(stack, "Elsewhere", bucket_name="logs", region="us-east-1")

    with pytest.raises(ConfigurationError, match=r"trail must have its log files in eu-west-1, .* in us-east-1"):
        searched(stack, replace(trail, bucket=elsewhere))
