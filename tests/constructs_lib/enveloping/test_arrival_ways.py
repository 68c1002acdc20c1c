"""Ways of arriving objects: none ends where another ends or begins, as far as an app knows its buckets."""

from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3

from constructs_lib import ConfigurationError
from constructs_lib.enveloping.arrival_ways import check_way, name_of
from constructs_lib.enveloping.object_traffic import Objects

MakeApp = Callable[..., cdk.App]


def objects(bucket: s3.IBucket, prefix: str = "") -> Objects:
    return Objects(argument="source", bucket=bucket, prefix=prefix)


def test_a_bucket_has_the_name_that_an_import_of_it_has(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "Orders")
    named = s3.Bucket(stack, "Named", bucket_name="orders")
    other = s3.Bucket(stack, "Other")

    assert name_of(named) == name_of(s3.Bucket.from_bucket_name(stack, "Imported", "orders")) == "orders"
    assert name_of(other) == other.bucket_name


def test_refuses_one_place_for_the_messages_of_two_stacks(make_app: MakeApp) -> None:
    app = make_app()
    one, other = cdk.Stack(app, "One"), cdk.Stack(app, "Other")
    buckets = [s3.Bucket.from_bucket_name(stack, "Sealed", "sealed") for stack in (one, other)]
    sources = [s3.Bucket(stack, "Source") for stack in (one, other)]
    check_way(one, "Arrival", arriving=objects(sources[0]), written=objects(buckets[0], "in/"))

    with pytest.raises(ConfigurationError, match=r"got Other/Sealed below 'in/a/', where One/Arrival writes$"):
        check_way(other, "Arrival", arriving=objects(sources[1]), written=objects(buckets[1], "in/a/"))


def test_another_app_knows_nothing_of_it(make_app: MakeApp) -> None:
    for _ in range(2):
        stack = cdk.Stack(cdk.App(), "Orders")
        check_way(
            stack,
            "Arrival",
            arriving=objects(s3.Bucket.from_bucket_name(stack, "Source", "source")),
            written=objects(s3.Bucket.from_bucket_name(stack, "Sealed", "sealed")),
        )

    stack = cdk.Stack(make_app(), "Orders")
    sealed = objects(s3.Bucket.from_bucket_name(stack, "Sealed", "sealed"))
    check_way(stack, "One", arriving=objects(s3.Bucket(stack, "A")), written=sealed)
    with pytest.raises(ConfigurationError, match=r"^destination must have a prefix of its own"):
        check_way(stack, "Two", arriving=objects(s3.Bucket(stack, "B")), written=sealed)
