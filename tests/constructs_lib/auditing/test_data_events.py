"""DataEvents: which calls on data are recorded, as advanced event selectors."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3

from constructs_lib.auditing.data_events import DataAccess, DataEvents, Selector, check_data_events, event_selectors
from constructs_lib.errors import ConfigurationError

LOGS = "arn:aws:s3:::logs"
FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:"


@pytest.fixture(scope="module")
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Data")


@pytest.fixture(scope="module")
def bucket(stack: cdk.Stack) -> s3.IBucket:
    return s3.Bucket.from_bucket_arn(stack, "Bucket", "arn:aws:s3:::data")


def function(stack: cdk.Stack, name: str) -> lambda_.IFunction:
    return lambda_.Function.from_function_arn(stack, name, f"{FUNCTION}{name}")


def fields(selector: Any) -> dict[str, dict[str, list[str]]]:
    assert isinstance(selector, Selector)
    given: Any = selector.field_selectors
    return {each.field: {name: values for name, values in each._values.items() if name != "field"} for each in given}


def of(events: DataEvents) -> dict[str, dict[str, list[str]]]:
    said = fields(events.selector(LOGS))
    assert said.pop("eventCategory") == {"equal_to": ["Data"]}
    assert sum(len(values) for each in said.values() for values in each.values()) + 1 == events.values
    return said


def test_management_events_come_first_and_without_a_limit() -> None:
    (selector,) = event_selectors([], LOGS)

    assert fields(selector) == {"eventCategory": {"equal_to": ["Management"]}}


def test_objects_of_a_bucket_begin_with_its_name_and_a_slash(bucket: s3.IBucket) -> None:
    kind = {"equal_to": ["AWS::S3::Object"]}

    assert of(DataEvents.of_objects(bucket)) == {
        "resources.type": kind,
        "resources.ARN": {"starts_with": ["arn:aws:s3:::data/"]},
    }
    assert of(DataEvents.of_objects(bucket, prefix="in/", access=DataAccess.READ)) == {
        "resources.type": kind,
        "readOnly": {"equal_to": ["true"]},
        "resources.ARN": {"starts_with": ["arn:aws:s3:::data/in/"]},
    }


def test_all_objects_are_not_those_that_the_trail_writes() -> None:
    assert of(DataEvents.of_all_objects(access=DataAccess.WRITE)) == {
        "resources.type": {"equal_to": ["AWS::S3::Object"]},
        "readOnly": {"equal_to": ["false"]},
        "resources.ARN": {"not_starts_with": ["arn:aws:s3:::logs/"]},
    }


def test_functions_are_named_exactly(stack: cdk.Stack) -> None:
    kind = {"equal_to": ["AWS::Lambda::Function"]}

    assert of(DataEvents.of_functions(function(stack, "f"), function(stack, "g"))) == {
        "resources.type": kind,
        "resources.ARN": {"equal_to": [f"{FUNCTION}f", f"{FUNCTION}g"]},
    }
    assert of(DataEvents.of_all_functions()) == {"resources.type": kind}


def test_refuses_what_has_no_objects_or_is_no_prefix(bucket: s3.IBucket) -> None:
    with pytest.raises(ConfigurationError, match=r"^bucket must be a bucket, such as s3.Bucket"):
        DataEvents.of_objects("data")  # type: ignore[arg-type]
    for prefix in ("in/*", "/in"):
        with pytest.raises(
            ConfigurationError, match=r"^prefix must be how keys of objects begin, without a wildcard o"
        ):
            DataEvents.of_objects(bucket, prefix=prefix)
    with pytest.raises(
        ConfigurationError,
        match=r"^access must be DataAccess.READ_AND_WRITE or DataAccess.READ or DataAccess.WRITE, got",
    ):
        DataEvents.of_objects(bucket, access="READ")  # type: ignore[arg-type]
    with pytest.raises(
        ConfigurationError,
        match=r"^access must be DataAccess.READ_AND_WRITE or DataAccess.READ or DataAccess.WRITE, got",
    ):
        DataEvents.of_all_objects(access="READ")  # type: ignore[arg-type]


def test_refuses_what_is_no_function(stack: cdk.Stack) -> None:
    version = lambda_.Version.from_version_arn(stack, "Version", f"{FUNCTION}v:1")

    with pytest.raises(
        ConfigurationError, match=r"^functions must be at least one; of_all_functions records all, got n"
    ):
        DataEvents.of_functions()
    for wrong in ("f", version):
        with pytest.raises(ConfigurationError, match=r"^functions must be functions themselves, such as lambda_.Funct"):
            DataEvents.of_functions(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("AWS::S3::Object", "must be a sequence of DataEvents, got 'AWS::S3::Object'"),
        (DataEvents.of_all_functions(), "must be a sequence of DataEvents, got a DataEvents"),
        (["AWS::SNS::Topic"], "must be DataEvents.of_objects(...), .of_all_objects(), .of_functions(...) or "),
        (["AWS::KMS::Key"], "of which CloudTrail has no data events: its calls are management events, recorded always"),
        ([None], ".of_all_functions(), got None"),
        (
            [DataEvents.of_all_functions()] * 2,
            "must hold each value once, got invocations of all functions (READ_AND_W",
        ),
    ],
    ids=["a text", "one", "another type", "keys", "nothing", "twice"],
)
def test_refuses_an_unknown_selector(given: Any, said: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^data_events must ") as raised:
        check_data_events(given)

    assert said in str(raised.value)


def test_refuses_more_values_than_cloudtrail_takes(stack: cdk.Stack) -> None:
    some = [DataEvents.of_functions(*([function(stack, "many")] * 497))]

    assert check_data_events(some) == tuple(some)
    with pytest.raises(
        ConfigurationError, match=r"^data_events must hold at most 500 values in all selectors of the trail, got 502$"
    ):
        check_data_events([*some, DataEvents.of_all_functions()])
