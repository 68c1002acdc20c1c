"""Regions, stacks and arguments with which a multi-Region key cannot work, each one thing away from one that does."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from constructs import Construct

from constructs_lib import ConfigurationError, KeyMaterial, MultiRegionKey, RotatesWithin

MakeApp = Callable[..., cdk.App]
Place = Callable[[cdk.App], Any]
ACCOUNT = "111122223333"


def stack(region: str | None, *, account: str | None = ACCOUNT, name: str = "Other") -> Place:
    return lambda app: cdk.Stack(app, name, env=cdk.Environment(account=account, region=region))


def nested(place: Place) -> Place:
    return lambda app: cdk.NestedStack(place(app), "Nested")


def of_another_stage(app: cdk.App) -> cdk.Stack:
    return cdk.Stack(cdk.Stage(app, "Prod"), "Other", env=cdk.Environment(account=ACCOUNT, region="us-east-1"))


def of_another_app(app: cdk.App) -> Any:
    return stack("us-east-1")(cdk.App(outdir=f"{app.outdir}-other", analytics_reporting=False))


def with_a_key(app: cdk.App) -> Any:
    taken = stack("us-east-1")(app)
    Construct(taken, "Key")
    return taken


OREGON = stack("us-west-2", name="Oregon")
DIFFERENT = "replicas must each be in another Region than the primary key and the rest, got Other in "


@pytest.mark.parametrize(
    ("primary", "message"),
    [
        (stack(None), "scope must be in a stack of a known Region, got Other of any Region"),
        (
            stack(None, account=None),
            "scope must be in a stack of a known Region, got Other of any Region",
        ),
        (
            nested(stack("us-east-1")),
            "scope must be in a stack that is not nested, whose outputs other Regions can read, got Other/Nested",
        ),
    ],
)
def test_refuses_a_primary_key_that_no_other_region_can_find(primary: Place, message: str, make_app: MakeApp) -> None:
    app = make_app()
    scope = primary(app)

    with pytest.raises(ConfigurationError) as refused:
        MultiRegionKey(scope, "Key", replicas=[OREGON(app)])

    assert str(refused.value) == message
    assert scope.node.try_find_child("Key") is None


@pytest.mark.parametrize(
    ("replica", "message"),
    [
        (stack(None), "replicas must be in stacks of known Regions, got Other of any Region"),
        (stack("eu-west-1"), f"{DIFFERENT}eu-west-1 again"),
        (stack("us-west-2"), f"{DIFFERENT}us-west-2 again"),
        (
            stack("us-east-1", account="444455556666"),
            "replicas must be in the account of the primary key, 111122223333, got Other in 444455556666",
        ),
        (
            stack("us-east-1", account=None),
            "replicas must be in the account of the primary key, 111122223333, got Other in one known at deployment",
        ),
        (
            stack("cn-north-1"),
            "replicas must be in the partition of the primary key, aws, got Other in aws-cn",
        ),
        (
            stack("us-gov-west-1"),
            "replicas must be in the partition of the primary key, aws, got Other in aws-us-gov",
        ),
        (of_another_stage, "replicas must be in the app and Stage of the primary key, got Prod/Other"),
        (of_another_app, "replicas must be in the app and Stage of the primary key, got Other"),
        (with_a_key, "replicas must have room for a Key, got Other, which has one"),
        (lambda _: "us-east-1", "replicas must be stacks or constructs, got str"),
        (lambda _: None, "replicas must be stacks or constructs, got NoneType"),
    ],
    ids=[
        "any Region", "primary's Region", "same Region", "other account", "any account", "China", "GovCloud", "Stage",
        "app", "taken", "text", "none",
    ],
)  # fmt: skip
def test_refuses_a_replica_that_kms_or_cloudformation_would(replica: Place, message: str, make_app: MakeApp) -> None:
    app = make_app()
    ireland = stack("eu-west-1", name="Ireland")(app)
    oregon = OREGON(app)

    with pytest.raises(ConfigurationError) as refused:
        MultiRegionKey(ireland, "Key", replicas=[oregon, replica(app)])

    assert str(refused.value) == message
    assert [each.node.try_find_child("Key") for each in (ireland, oregon)] == [None, None]


def test_refuses_a_replica_of_a_known_account_for_a_primary_key_of_any(make_app: MakeApp) -> None:
    app = make_app()
    ireland = stack("eu-west-1", account=None, name="Ireland")(app)

    with pytest.raises(ConfigurationError) as refused:
        MultiRegionKey(ireland, "Key", replicas=[OREGON(app)])

    assert str(refused.value) == (
        "replicas must be in the account of the primary key, one known at deployment, got Oregon in 111122223333"
    )


@pytest.mark.parametrize("wrap", [lambda one: one, str, lambda one: {one: one}])
def test_refuses_replicas_that_are_no_sequence(wrap: Callable[[Any], Any], make_app: MakeApp) -> None:
    app = make_app()
    given = wrap(OREGON(app))

    with pytest.raises(ConfigurationError) as refused:
        MultiRegionKey(stack("eu-west-1")(app), "Key", replicas=given)

    assert str(refused.value) == f"replicas must be a sequence of stacks or constructs, got {type(given).__name__}"


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"services": "lambda"}, "services must be a sequence of names, got 'lambda'"),
        (
            {"rotation_period": cdk.Duration.days(89)},
            "rotation_period must be a Duration of 90 to 2560 whole days, got 89 days",
        ),
        (
            {"material": KeyMaterial.IMPORTED, "rotation_period": cdk.Duration.days(90)},
            "rotation_period must be left out for imported material, which KMS does not rotate by itself, got 90 days",
        ),
        (
            {"guards": [RotatesWithin(days=90)]},
            "guards must allow the rotation period of the key, 365 days, got RotatesWithin(days=90)",
        ),
        ({"encrypters": "me"}, "encrypters must be a sequence of IAM principals, got str"),
        ({"multi_region": True}, "settings must be of administration, "),
    ],
    ids=["services", "period", "imported", "guards", "people", "unknown"],
)
def test_refuses_what_an_encryption_key_refuses(option: dict[str, Any], message: str, make_app: MakeApp) -> None:
    app = make_app()

    with pytest.raises(ConfigurationError) as refused:
        MultiRegionKey(stack("eu-west-1")(app), "Key", replicas=[OREGON(app)], **option)

    assert message in str(refused.value)


def test_refuses_people_of_a_region_without_the_key_when_nothing_names_the_key_there(make_app: MakeApp) -> None:
    app = make_app()
    tokyo = stack("ap-northeast-1")(app)
    reader = iam.Role(tokyo, "Reader", assumed_by=iam.AccountRootPrincipal(), role_name="Reader")

    with pytest.raises(
        ConfigurationError, match=r"^\[Ireland/Key\] alias must be set to grant the key to Other/Reader"
    ):
        MultiRegionKey(stack("eu-west-1", name="Ireland")(app), "Key", replicas=[OREGON(app)], decrypters=[reader])
