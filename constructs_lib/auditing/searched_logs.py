"""Which log files of a trail are searched: of which accounts and Regions, and since when."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk.region_info import Fact, FactName
from constructs import Construct

from constructs_lib.auditing.trail_table import LogFiles
from constructs_lib.errors import ConfigurationError
from constructs_lib.service_access.resource_names import checked_account
from constructs_lib.wiring.given_resources import check_bucket
from constructs_lib.wiring.places import are_apart
from constructs_lib.wiring.recorded_trail import TrailReach, check_trail

if TYPE_CHECKING:
    from constructs_lib.wiring.recorded_trail import RecordedTrail

# https://aws.amazon.com/about-aws/whats-new/2013/11/13/announcing-aws-cloudtrail/
_FIRST_DAY = date(2013, 11, 13)
_USUAL_PARTITION = "aws"
_RECORDS_FOR_ALL_REGIONS = "us-east-1"


def searched_logs(
    scope: "Construct", trail: "RecordedTrail", *, accounts: Sequence[str], regions: Sequence[str], since: date
) -> LogFiles:
    """Return which log files are searched.

    Args:
        scope: Where Athena is.
        trail: Whose log files.
        accounts: Of which accounts; none for the trail's own.
        regions: Of which Regions; none for those that the trail records.
        since: From which day on.

    Raises:
        ConfigurationError: If the trail is none or its log files are in another Region, or the accounts, the Regions or
            the day are not those of a record.
    """
    _check_trail(scope, trail)
    return LogFiles(
        bucket_name=trail.bucket.bucket_name,
        prefix=trail.prefix,
        organization_id=trail.organization_id,
        accounts=_accounts(trail, accounts),
        regions=_regions(scope, trail, regions),
        since=_day("since", since),
    )


def _check_trail(scope: "Construct", trail: "RecordedTrail") -> None:
    check_trail(trail)
    check_bucket("trail.bucket", trail.bucket)
    here, there = cdk.Stack.of(scope).region, trail.bucket.env.region
    if are_apart(here, there):
        # https://docs.aws.amazon.com/athena/latest/ug/encryption.html
        raise ConfigurationError(
            f"trail must have its log files in {here}, the Region of the queries, since Athena reads no encrypted "
            f"objects of another one, got {trail.bucket.node.path} in {there}"
        )


def _accounts(trail: "RecordedTrail", accounts: Sequence[str]) -> tuple[str, ...]:
    given = _texts("accounts", accounts)
    for account in given:
        if not cdk.Token.is_unresolved(account):
            checked_account("accounts", account)
    if trail.organization_id is not None and not given:
        raise ConfigurationError(
            f"accounts must name those of the organization {trail.organization_id} whose records are asked, one or "
            f"more, such as [{trail.home_account!r}], since nothing here knows its accounts, got none"
        )
    # What a trail of this app records is known; ExistingTrail may read a bucket into which several accounts write.
    elsewhere = [each for each in given if each != trail.home_account]
    known = not any(map(cdk.Token.is_unresolved, (*given, trail.home_account)))
    if trail.organization_id is None and isinstance(trail, Construct) and elsewhere and known:
        raise ConfigurationError(
            f"accounts must be {trail.home_account} alone, which is all that the trail records, got {elsewhere}"
        )
    return given or (trail.home_account,)


def _regions(scope: "Construct", trail: "RecordedTrail", regions: Sequence[str]) -> tuple[str, ...]:
    given = _texts("regions", regions)
    for region in given:
        if not cdk.Token.is_unresolved(region) and region not in _known_regions():
            raise ConfigurationError(f"regions must be Regions of AWS that the CDK knows, got {region!r}")
    if trail.reach is TrailReach.HOME_REGION:
        elsewhere = [each for each in given if each != trail.home_region]
        if elsewhere and not any(map(cdk.Token.is_unresolved, (*given, trail.home_region))):
            raise ConfigurationError(
                f"regions must be {trail.home_region} alone, which is all that the trail records, got {elsewhere}"
            )
        return given or (trail.home_region,)
    everywhere = _regions_of_partition(cdk.Stack.of(scope).region)
    if given and _RECORDS_FOR_ALL_REGIONS in everywhere and _RECORDS_FOR_ALL_REGIONS not in given:
        cdk.Annotations.of(scope).add_info_v2(
            "cdk-key-management:global-events-not-searched",
            f"regions: without {_RECORDS_FOR_ALL_REGIONS} the queries do not see what happened in IAM, whose calls are "
            "recorded there",
        )
    return given or everywhere


def _texts(argument: str, given: Sequence[str]) -> tuple[str, ...]:
    is_list = isinstance(given, Sequence) and not isinstance(given, str)
    if not is_list or not all(isinstance(each, str) for each in given):
        raise ConfigurationError(f"{argument} must be a list of texts, got {given!r}")
    twice = sorted({each for each in given if list(given).count(each) > 1})
    if twice:
        raise ConfigurationError(f"{argument} must hold each of them once, got {twice[0]} twice")
    return tuple(given)


def _day(argument: str, given: date) -> date:
    if not isinstance(given, date) or isinstance(given, datetime):
        raise ConfigurationError(f"{argument} must be a datetime.date, got {given!r}")
    if given < _FIRST_DAY:
        raise ConfigurationError(f"{argument} must be {_FIRST_DAY}, when CloudTrail began, or later, got {given}")
    if given > datetime.now(UTC).date():
        raise ConfigurationError(f"{argument} must not be in the future, got {given}")
    return given


@lru_cache(maxsize=1)
def _known_regions() -> dict[str, str]:
    """Region to partition, as the CDK knows them."""
    return {region: str(Fact.find(region, FactName.PARTITION)) for region in sorted(Fact.regions)}


def _regions_of_partition(region: str) -> tuple[str, ...]:
    partition = _known_regions().get(region, _USUAL_PARTITION)
    return tuple(each for each, its in _known_regions().items() if its == partition)
