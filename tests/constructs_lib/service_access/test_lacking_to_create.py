"""Whether whoever creates resources may do so with a key, and what he lacks."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import Conditions, Permission, Principal
from constructs_lib.service_access.creators import CREATORS
from constructs_lib.service_access.lacking_to_create import lacking_to_create
from constructs_lib.service_access.service_use import via

ROLES = "arn:{}:iam::111122223333:role/"
OWN = ROLES.format("${AWS::Partition}") + "deploys-111122223333-eu-west-1"
OTHER = ROLES.format("aws") + "deploys-111122223333-us-east-1"
PIPELINE = ROLES.format("aws") + "pipeline"
ANYWHERE = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/deploys-${AWS::AccountId}-${AWS::Region}"
STORAGE = ("kms:CreateGrant", "kms:DescribeKey")


@dataclass(frozen=True)
class Policy:
    services: Sequence[str] | None = ()
    deployers: Sequence[Principal] = (Principal.by_name(OWN),)
    region: str = "eu-west-1"


def granted(role: str, *actions: str, conditions: Conditions | None = None) -> Permission:
    return Permission(Principal.by_arn(role), actions, conditions or {})


@pytest.mark.parametrize("services", [None, ["rds"], ["lambda", "rds"]])
@pytest.mark.parametrize("deployer", ["", OWN, OWN.replace("${AWS::Partition}", "aws"), ANYWHERE])
def test_deployers_lack_nothing_through_a_service_that_the_key_was_told(
    deployer: str, services: list[str] | None
) -> None:
    assert lacking_to_create("rds", Policy(services), deployer=deployer, usual=OWN) == ()


@pytest.mark.parametrize("deployer", ["", OWN, OTHER, PIPELINE])
def test_without_the_service_all_that_its_creator_needs_is_lacking(deployer: str) -> None:
    assert lacking_to_create("rds", Policy(["lambda"]), deployer=deployer, usual=OWN) == STORAGE


@pytest.mark.parametrize("service", CREATORS)
def test_what_is_lacking_is_what_the_catalogue_says(service: str) -> None:
    assert set(CREATORS[service].actions) <= set(lacking_to_create(service, Policy()))


@pytest.mark.parametrize("services", [None, ["rds"]])
def test_somebody_else_than_the_keys_deployers_lacks_it_whatever_the_services(services: list[str] | None) -> None:
    assert lacking_to_create("rds", Policy(services), deployer=OTHER, usual=OWN) == STORAGE


def test_who_deploys_is_not_known_where_the_key_does_not_admit_the_usual_deployer() -> None:
    policy = Policy(["rds"], [Principal.by_arn(PIPELINE)])

    assert lacking_to_create("rds", policy, deployer=OWN, usual=OWN) == ()
    assert lacking_to_create("rds", policy, deployer=OTHER, usual=OWN) == ()
    assert lacking_to_create("rds", policy, deployer=OTHER) == STORAGE
    assert lacking_to_create("lambda", policy, deployer=OWN, usual=OWN) != ()


@pytest.mark.parametrize(
    "conditions",
    [{}, via("rds", "eu-west-1"), {"StringLike": {"kms:viaservice": ("rds.*.amazonaws.com",)}}],
    ids=["none", "through it", "through it anywhere"],
)
def test_what_was_granted_counts(conditions: Conditions) -> None:
    grants = [granted(OTHER, *STORAGE, conditions=conditions)]

    assert lacking_to_create("rds", Policy(), granted=grants, deployer=OTHER, usual=OWN) == ()
    assert lacking_to_create("rds", Policy(), granted=grants, deployer=OWN, usual=OWN) == STORAGE


@pytest.mark.parametrize(
    ("permission", "lacking"),
    [
        (granted(OTHER, "kms:DescribeKey"), ("kms:CreateGrant",)),
        (granted(OTHER, *STORAGE, conditions=via("ec2", "eu-west-1")), STORAGE),
        (granted(OTHER, *STORAGE, conditions=via("rds", "us-east-1")), STORAGE),
        (granted(OTHER, *STORAGE, conditions={"StringNotEquals": via("rds", "eu-west-1")["StringEquals"]}), STORAGE),
        (granted(PIPELINE, *STORAGE), STORAGE),
        (Permission(Principal.by_arn(OTHER), STORAGE, effect="Deny"), STORAGE),
        (Permission(Principal("Service", "rds.amazonaws.com"), STORAGE), STORAGE),
    ],
    ids=["a part", "another service", "another region", "all but it", "another role", "denied", "the service itself"],
)
def test_what_was_granted_otherwise_does_not_count(permission: Permission, lacking: tuple[str, ...]) -> None:
    assert lacking_to_create("rds", Policy(), granted=[permission], deployer=OTHER, usual=OWN) == lacking


def test_refuses_a_service_that_is_none() -> None:
    with pytest.raises(ConfigurationError, match=r"got 'databases'"):
        lacking_to_create("databases", Policy())
