import re
from typing import Any

import aws_cdk as cdk
import pytest
from constructs import Construct
from ministack.core import iam_evaluator as engine

from constructs_lib.certificates.own_tag import TAG, only_new_as_own, only_own, own_tag_value

# https://docs.aws.amazon.com/acm/latest/userguide/tags-restrictions.html
TAKEN = re.compile(r"[\w .:/=+@-]{1,256}")


def test_every_certificate_has_a_value_of_its_own_and_keeps_it() -> None:
    app = cdk.App(analytics_reporting=False)
    stacks = [cdk.Stack(app, name) for name in ("Shop", "Bank")]

    values = [own_tag_value(Construct(stack, name)) for stack in stacks for name in ("One", "Two")]

    assert len(set(values)) == len(values)
    assert values[0] == "Shop/ShopOne7DDF4FF6"


def test_the_longest_names_are_taken() -> None:
    app = cdk.App(analytics_reporting=False)
    scope: Construct = cdk.Stack(app, "S" * 128)
    for _ in range(9):
        scope = Construct(scope, "C" * 200)

    assert TAKEN.fullmatch(own_tag_value(scope))
    assert TAKEN.fullmatch(TAG)


OWN, OTHER = "Shop/One", "Bank/One"


@pytest.mark.parametrize(
    ("carried", "said", "is_allowed"),
    [
        ({}, {TAG: OWN}, True),
        ({TAG: OWN}, {TAG: OWN}, True),
        ({"team": "shop"}, {TAG: OWN}, True),
        ({TAG: OTHER}, {TAG: OWN}, False),
        ({TAG: OTHER, "team": "shop"}, {TAG: OWN}, False),
        ({}, {TAG: OTHER}, False),
        ({}, {TAG: OWN, "team": "shop"}, False),
        ({}, {}, False),
    ],
    ids=["new", "own", "not of this library", "another", "another of a team", "as another", "more tags", "no tag"],
)
def test_what_carries_the_tag_of_another_is_neither_made_nor_tagged(
    carried: dict[str, str], said: dict[str, str], *, is_allowed: bool
) -> None:
    assert may(only_new_as_own(OWN), carried, said) is is_allowed


def test_only_what_carries_the_own_tag_is_ended() -> None:
    assert [may(only_own(OWN), carried, {}) for carried in ({TAG: OWN}, {TAG: OTHER}, {})] == [True, False, False]


def may(conditions: dict[str, dict[str, object]], carried: dict[str, str], said: dict[str, str]) -> bool:
    """Say how an IAM engine not our own decides."""
    arn = "arn:aws:acm:eu-central-1:111122223333:certificate/one"
    context: dict[str, Any] = {
        **{f"aws:resourcetag/{key}": value for key, value in carried.items()},
        **{f"aws:requesttag/{key}": value for key, value in said.items()},
        "aws:tagkeys": list(said),
    }
    asked = engine.EvalContext(
        principal_arn="arn:aws:sts::111122223333:assumed-role/function/session",
        principal_type="AssumedRole",
        principal_account="111122223333",
        action="acm:AddTagsToCertificate",
        resource_arn=arn,
        region="eu-central-1",
        secure_transport=True,
        service_context=context,
    )
    statement = {"Effect": "Allow", "Action": asked.action, "Resource": arn, "Condition": conditions}
    policy = engine.parse_policy_document({"Version": "2012-10-17", "Statement": [statement]})
    return bool(engine.evaluate(asked, [policy]).decision == "Allow")
