"""Copies of a secret in other Regions, each under a key of its own."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from constructs_lib import ExistingKey
from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.replicas import Replica, check_replicas

ARN = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.fixture(scope="module")
def key() -> kms.IKey:
    return ExistingKey.from_arn(cdk.Stack(cdk.App(), "Orders"), "Key", key_arn=ARN)


def test_copies_in_other_regions_are_taken(key: kms.IKey) -> None:
    check_replicas([Replica(region="eu-central-1", encryption_key=key)], "eu-west-1")


def test_refuses_a_replica_without_a_key() -> None:
    with pytest.raises(ConfigurationError, match="encryption_key must be a key, got None: under aws/secretsmanager"):
        Replica(region="eu-central-1", encryption_key=None)  # type: ignore[arg-type]  # that is the point


def test_refuses_a_key_of_another_region(key: kms.IKey) -> None:
    with pytest.raises(ConfigurationError, match="encryption_key must be in us-east-1, where the secret is"):
        Replica(region="us-east-1", encryption_key=key)


@pytest.mark.parametrize("region", ["Ireland", "", 1], ids=repr)
def test_refuses_what_is_no_region(key: kms.IKey, region: str) -> None:
    with pytest.raises(ConfigurationError, match="region must be a Region such as eu-west-1"):
        Replica(region=region, encryption_key=key)


def test_refuses_a_region_that_nobody_knows_yet(key: kms.IKey) -> None:
    with pytest.raises(ConfigurationError, match="got a token"):
        Replica(region=cdk.Aws.REGION, encryption_key=key)


def test_refuses_the_region_of_the_secret_and_a_region_twice(key: kms.IKey) -> None:
    copy = Replica(region="eu-central-1", encryption_key=key)
    with pytest.raises(ConfigurationError, match="replicas must be in Regions of their own"):
        check_replicas([copy], "eu-central-1")
    with pytest.raises(ConfigurationError, match="got eu-central-1 twice"):
        check_replicas([copy, copy], "eu-west-1")


@pytest.mark.parametrize("given", ["eu-central-1", ["eu-central-1"], None], ids=repr)
def test_refuses_what_are_no_replicas(given: list[Replica]) -> None:
    with pytest.raises(ConfigurationError, match="replicas must be"):
        check_replicas(given, "eu-west-1")
