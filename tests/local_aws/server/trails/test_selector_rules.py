from typing import Any

import pytest

from local_aws.server.trails.selector_rules import problem_of

MANAGEMENT = {"Field": "eventCategory", "Equals": ["Management"]}
DATA = {"Field": "eventCategory", "Equals": ["Data"]}
OBJECTS = {"Field": "resources.type", "Equals": ["AWS::S3::Object"]}


@pytest.mark.parametrize(
    "fields",
    [
        [MANAGEMENT],
        [MANAGEMENT, {"Field": "readOnly", "Equals": ["false"]}],
        [MANAGEMENT, {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com", "rdsdata.amazonaws.com"]}],
        [DATA, OBJECTS],
        [DATA, OBJECTS, {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::a/"], "NotEndsWith": [".tmp"]}],
        [DATA, OBJECTS, {"Field": "eventName", "NotEquals": ["HeadObject"]}],
    ],
)
def test_selectors_that_cloudtrail_takes_have_no_problem(fields: list[dict[str, Any]]) -> None:
    assert problem_of([{"FieldSelectors": fields}]) is None


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ([], "eventCategory must equal"),
        ([OBJECTS], "eventCategory must equal"),
        ([{"Field": "eventCategory", "Equals": ["Insight"]}], "eventCategory must equal"),
        ([MANAGEMENT, MANAGEMENT], "once"),
        ([MANAGEMENT, OBJECTS], "resources.type is not a valid field"),
        ([DATA], "resources.type must equal one type"),
        ([DATA, {"Field": "resources.type", "Equals": ["A", "B"]}], "resources.type must equal one type"),
        ([DATA, OBJECTS, {"Field": "errorCode", "Equals": ["AccessDenied"]}], "errorCode is not a valid field"),
        ([DATA, OBJECTS, {"Field": "eventName"}], "eventName must be compared"),
        ([DATA, OBJECTS, {"Field": "eventName", "Equals": []}], "eventName must be compared"),
        ([DATA, OBJECTS, {"Field": "eventName", "Like": ["x"]}], "eventName must be compared"),
        ([DATA, OBJECTS, {"Field": "readOnly", "NotEquals": ["true"]}], "readOnly can only be compared by Equals"),
        ([MANAGEMENT, {"Field": "readOnly", "Equals": ["yes"]}], "readOnly must equal true or false"),
        ([MANAGEMENT, {"Field": "eventSource", "Equals": ["kms.amazonaws.com"]}], "can only leave out"),
        ([MANAGEMENT, {"Field": "eventSource", "NotEquals": ["s3.amazonaws.com"]}], "can only leave out"),
    ],
)
def test_refuses_selectors_that_cloudtrail_does_not_take(fields: list[dict[str, Any]], problem: str) -> None:
    found = problem_of([{"FieldSelectors": [MANAGEMENT]}, {"FieldSelectors": fields}])

    assert found is not None
    assert problem in found
