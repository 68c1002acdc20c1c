"""What conditions limit a statement to."""

from typing import Any

import pytest

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.statement_limits import StatementLimits, named_in
from tests.support.iam_beside_key_policy import KEY

SOURCE = "aws:sourcearn"
TOPICS = "arn:aws:sns:eu-west-1:111122223333:"


def limits(**conditions: Any) -> StatementLimits:
    return StatementLimits(References(CloudTemplates({"S": {"Resources": {}}})), KEY, {"Condition": conditions})


@pytest.mark.parametrize(
    ("arn", "name"),
    [
        (TOPICS + "orders", "orders"),
        (TOPICS + "ord*", "orders"),
        (TOPICS + "Orders-Topic-*", "Orders-Topic-*"),
        ("arn:aws:events:eu-west-1:111122223333:rule/orders/nightly", "orders/nightly"),
        ("arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/a:*", "/aws/lambda/a"),
        ("arn:aws:secretsmanager:eu-west-1:111122223333:secret:a-??????", "a-XXXXXX"),
        ("arn:aws:s3:::orders", "orders"),
        ({"Fn::Sub": "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:${Name}"}, "orders"),
        ({"Ref": "Topic"}, "orders"),
        ("*", "orders"),
        (TOPICS + "payments", "${Name}"),
        (TOPICS + "payments", ""),
    ],
)
def test_a_resource_may_be_meant_by_a_condition(arn: Any, name: str) -> None:
    assert limits(ArnLike={"aws:SourceArn": [arn]}).include(name, SOURCE)
    assert limits(ArnLike={"aws:SourceArn": [TOPICS + "x", arn]}).include(name, SOURCE)


@pytest.mark.parametrize(
    ("arn", "name"),
    [
        (TOPICS + "payments", "orders"),
        (TOPICS + "orders-*", "orders"),
        (TOPICS + "Orders-Other-*", "Orders-Topic-*"),
        ("arn:aws:events:eu-west-1:111122223333:rule/nightly", "orders/nightly"),
        ("arn:aws:secretsmanager:eu-west-1:111122223333:secret:a-??????", "a"),
    ],
)
def test_a_resource_is_excluded_by_a_condition_about_another(arn: str, name: str) -> None:
    assert not limits(ArnLike={"aws:SourceArn": arn}).include(name, SOURCE)
    assert not limits(ArnLike={"aws:SourceArn": arn}, StringEquals={"AWS:SourceArn": TOPICS + "*"}).include(
        name, SOURCE
    )
    assert limits(ArnLike={"aws:SourceArn": arn}).include(name, "kms:encryptioncontext:aws:sns:topicarn")


@pytest.mark.parametrize("operator", ["ArnNotLike", "StringNotEquals", "ArnLikeIfExists"])
def test_what_is_denied_or_may_be_absent_limits_to_nothing(operator: str) -> None:
    assert limits(**{operator: {"aws:SourceArn": TOPICS + "payments"}}).include("orders", SOURCE)


@pytest.mark.parametrize("service", ["secretsmanager.eu-west-1.amazonaws.com", "*.eu-west-1.amazonaws.com", "secrets*"])
def test_a_service_may_be_meant(service: str) -> None:
    assert limits(StringLike={"kms:ViaService": ["s3.eu-west-1.amazonaws.com", service]}).include_service(
        "secretsmanager"
    )
    assert not limits(StringLike={"kms:ViaService": service}).include_service("ec2") or service.startswith("*")


def test_without_conditions_everything_is_meant() -> None:
    assert limits().include("orders", SOURCE)
    assert limits().include_service("ec2")
    assert list(limits().values(SOURCE)) == []


def test_principals_are_named_by_kind() -> None:
    statement = {"Principal": {"AWS": ["1", "2"], "Service": "sns.amazonaws.com"}}

    assert named_in(statement, ("AWS", "Service")) == ["1", "2", "sns.amazonaws.com"]
    assert named_in({"Principal": "*"}, ("AWS",)) == []
    assert named_in({}, ("AWS",)) == []
