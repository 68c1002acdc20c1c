import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from secret_rotation.overdue import DIMENSION, NAMESPACE, PROBLEMS, Look, RotationState, check

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ARN = "arn:aws:secretsmanager:us-east-1:111122223333:secret:orders-AbCdEf"
OTHER = ARN.replace("orders", "invoices")
IN_TIME: Mapping[str, Any] = {
    "ARN": ARN,
    "RotationEnabled": True,
    "RotationRules": {"ScheduleExpression": "rate(30 days)", "Duration": "2h"},
    "LastRotatedDate": NOW - timedelta(days=29),
    "NextRotationDate": NOW + timedelta(days=1),
    "VersionIdsToStages": {"1" * 32: ["AWSCURRENT", "AWSPENDING"], "2" * 32: ["AWSPREVIOUS"]},
}


class Described:
    """A client that has nothing but `describe_secret`, so that whoever reads a value fails."""

    def __init__(self, answers: Mapping[str, Mapping[str, Any] | Exception]) -> None:
        self.asked: list[str] = []
        self._answers = answers

    def describe_secret(self, *, SecretId: str) -> Mapping[str, Any]:  # noqa: N803
        self.asked.append(SecretId)
        answer = self._answers[SecretId]
        if isinstance(answer, Exception):
            raise answer
        return answer


def lines_of(answers: Mapping[str, Mapping[str, Any] | Exception]) -> tuple[list[dict[str, Any]], str]:
    """Return what is written of secrets, and how it ends."""
    written: list[str] = []
    failure = ""
    try:
        check({"secret_arns": list(answers)}, None, look=Look(Described(answers), written.append, lambda: NOW))
    except RuntimeError as error:
        failure = str(error)
    assert all(each.endswith("\n") and each.count("\n") == 1 for each in written)
    return [json.loads(each) for each in written], failure


def state(**changed: Any) -> RotationState:
    return RotationState.of({**IN_TIME, **changed}, now=NOW)


def test_a_secret_that_is_rotated_in_time_has_no_problem() -> None:
    assert state() == RotationState(days_overdue=0.0, is_off=False, versions_pending=0)


def test_a_secret_is_overdue_from_the_moment_that_its_latest_date_is_over() -> None:
    assert state(NextRotationDate=NOW).days_overdue == 0
    assert state(NextRotationDate=NOW - timedelta(seconds=1)).days_overdue > 0
    assert state(NextRotationDate=NOW - timedelta(days=3)).days_overdue == 3


@pytest.mark.parametrize(
    "changed",
    [{"RotationEnabled": False}, {"RotationEnabled": None}, {"NextRotationDate": None}, {"DeletedDate": NOW}],
    ids=["cancelled", "never enabled", "no date", "to be deleted"],
)
def test_a_secret_that_nothing_will_rotate_is_off(changed: dict[str, Any]) -> None:
    assert state(**changed).is_off


def test_a_secret_of_which_nothing_but_its_name_is_known_is_off() -> None:
    assert RotationState.of({"ARN": ARN}, now=NOW) == RotationState(days_overdue=0.0, is_off=True, versions_pending=0)


def test_a_version_that_is_pending_beside_the_current_one_is_counted_and_alone_no_problem() -> None:
    stages = {"1" * 32: ["AWSCURRENT"], "3" * 32: ["AWSPENDING"]}

    (line,), _ = lines_of({ARN: {**IN_TIME, "VersionIdsToStages": stages}})

    assert (line["VersionsPending"], line[PROBLEMS]) == (1, 0)


@pytest.mark.parametrize(
    ("changed", "problems"),
    [
        ({}, 0),
        ({"NextRotationDate": NOW - timedelta(days=2)}, 1),
        ({"RotationEnabled": False}, 1),
        ({"RotationEnabled": False, "NextRotationDate": NOW - timedelta(days=2)}, 2),
    ],
    ids=["in time", "overdue", "off", "both"],
)
def test_the_metric_of_the_alarm_counts_what_is_wrong(changed: dict[str, Any], problems: int) -> None:
    (line,), _ = lines_of({ARN: {**IN_TIME, **changed}})

    assert line[PROBLEMS] == problems


def test_each_line_is_of_the_embedded_metric_format() -> None:
    (line,), _ = lines_of({ARN: {**IN_TIME, "NextRotationDate": NOW - timedelta(hours=36)}})

    assert line == {
        "_aws": {
            "Timestamp": 1795348800000,
            "CloudWatchMetrics": [
                {
                    "Namespace": NAMESPACE,
                    "Dimensions": [[DIMENSION]],
                    "Metrics": [
                        {"Name": PROBLEMS, "Unit": "Count"},
                        {"Name": "DaysOverdue", "Unit": "None"},
                        {"Name": "RotationOff", "Unit": "Count"},
                        {"Name": "VersionsPending", "Unit": "Count"},
                    ],
                }
            ],
        },
        DIMENSION: ARN,
        PROBLEMS: 1,
        "DaysOverdue": 1.5,
        "RotationOff": 0,
        "VersionsPending": 0,
    }


def test_nothing_else_that_aws_says_of_a_secret_is_written() -> None:
    (line,), _ = lines_of({ARN: {**IN_TIME, "Description": "of the harbour", "Tags": [{"Key": "a", "Value": "b"}]}})

    assert "harbour" not in json.dumps(line)
    assert "Tags" not in line


def test_one_secret_that_cannot_be_described_stops_no_other_and_fails_the_invocation() -> None:
    refused = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "what AWS says"}}, "DescribeSecret")
    unreachable = ConnectTimeoutError(endpoint_url="https://secretsmanager.us-east-1.amazonaws.com/")

    lines, failure = lines_of({OTHER: refused, f"{OTHER}2": unreachable, ARN: IN_TIME})

    assert [each[DIMENSION] for each in lines] == [ARN]
    assert failure == (
        f"secrets must be ones that this function may describe, got {OTHER} (AccessDeniedException), {OTHER}2 "
        "(ConnectTimeoutError)"
    )


def test_each_secret_is_described_once_and_nothing_else_is_asked() -> None:
    client = Described({ARN: IN_TIME, OTHER: IN_TIME})

    check({"secret_arns": [ARN, OTHER]}, None, look=Look(client, lambda _: None, lambda: NOW))

    assert client.asked == [ARN, OTHER]


@pytest.mark.parametrize("event", [{}, {"secret_arns": []}, {"secret_arns": ARN}], ids=["nothing", "none", "one text"])
def test_refuses_an_event_that_names_no_secrets(event: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^secret_arns must be a list of ARNs, got "):
        check(event, None, look=Look(Described({}), lambda _: None, lambda: NOW))


def test_what_is_written_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    check({"secret_arns": [ARN]}, None, look=Look(Described({ARN: IN_TIME}), clock=lambda: NOW))

    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)[DIMENSION] == ARN
