from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws
from local_aws.server.secrets.errors import SecretsError
from local_aws.server.secrets.rotating_function import check_function
from tests.support.iam_statement import allow
from tests.support.listening import Listening
from tests.support.secret_rotation_scene import SecretRotationScene
from tests.support.trail_scene import TrailScene

pytestmark = pytest.mark.deploy


def _names(events: list[dict[str, Any]]) -> list[str]:
    return [each["eventName"] for each in events]


def test_a_rotation_goes_through_the_function_and_the_old_value_is_the_previous_one(
    rotation: SecretRotationScene, secrets: Any
) -> None:
    arn = rotation.make_secret()

    version = rotation.rotate(arn)

    events = rotation.events(arn, "RotationSucceeded")
    assert _names(events) == ["RotationStarted", "RotationSucceeded"]
    assert {each["requestID"] for each in events} == {f"Rotation-{arn}-{version}"}
    assert secrets.get_secret_value(SecretId=arn)["SecretString"] == f"made by {version}"
    assert secrets.get_secret_value(SecretId=arn, VersionStage="AWSPREVIOUS")["SecretString"] == "first"
    described = secrets.describe_secret(SecretId=arn)
    assert (described["NextRotationDate"] - described["LastRotatedDate"]).days == 7


@pytest.mark.parametrize("step", ["createSecret", "finishSecret"])
def test_a_step_that_fails_once_is_tried_again(rotation: SecretRotationScene, secrets: Any, step: str) -> None:
    arn = rotation.make_secret(fails=f"once {step}")

    version = rotation.rotate(arn)

    assert _names(rotation.events(arn, "RotationSucceeded")) == ["RotationStarted", "RotationSucceeded"]
    assert secrets.get_secret_value(SecretId=arn)["VersionId"] == version


def test_a_rotation_that_fails_leaves_the_current_value_and_blocks_the_next(
    rotation: SecretRotationScene, secrets: Any
) -> None:
    arn = rotation.make_secret(fails="always setSecret")
    version = rotation.rotate(arn)

    *_, failed = rotation.events(arn, "RotationFailed")

    assert failed["errorMessage"] == f"Error when executing lambda {rotation.function_arn} during setSecret step"
    assert failed["additionalEventData"] == {"SecretId": arn}
    assert secrets.get_secret_value(SecretId=arn)["SecretString"] == "first"
    with pytest.raises(ClientError, match=r"InvalidRequestException.*A previous rotation isn't complete"):
        rotation.rotate(arn)
    put = secrets.put_secret_value(SecretId=arn, SecretString="by hand")
    assert "RotationAbandoned" in _names(rotation.events(arn, "RotationAbandoned"))
    stages = secrets.describe_secret(SecretId=arn)["VersionIdsToStages"]
    assert (stages[put["VersionId"]], version in stages) == (["AWSCURRENT"], False)


def test_a_rotation_that_waits_for_its_schedule_is_only_tried(rotation: SecretRotationScene, secrets: Any) -> None:
    arn = rotation.make_secret()

    rotation.rotate(arn, RotateImmediately=False)

    assert _names(rotation.events(arn, "TestRotationSucceeded")) == ["TestRotationStarted", "TestRotationSucceeded"]
    described = secrets.describe_secret(SecretId=arn)
    assert list(described["VersionIdsToStages"].values()) == [["AWSCURRENT"]]
    assert (described["RotationEnabled"], "LastRotatedDate" in described) == (True, False)
    secrets.cancel_rotate_secret(SecretId=arn)
    described = secrets.describe_secret(SecretId=arn)
    assert (described["RotationEnabled"], "NextRotationDate" in described) == (False, False)


def test_the_next_rotation_of_a_cron_schedule_is_a_time_of_it(rotation: SecretRotationScene, secrets: Any) -> None:
    arn = rotation.make_secret()

    rules = {"ScheduleExpression": "cron(0 16 1 * ? *)", "Duration": "2h"}
    rotation.rotate(arn, RotateImmediately=False, RotationRules=rules)

    due = secrets.describe_secret(SecretId=arn)["NextRotationDate"]
    assert (due.timestamp() % 86_400, due.day) == (16 * 3600, 1)


@pytest.mark.parametrize("source", [{}, {"SourceAccount": "111111111111"}, {"SourceArn": "{arn}x"}])
def test_refuses_a_function_that_does_not_admit_secrets_manager(
    aws: LocalAws, session_role: Callable[..., str], source: dict[str, str]
) -> None:
    scene = SecretRotationScene(aws, session_role)
    arn = scene.make_secret()
    if source:
        scene.admit(**{key: value.format(arn=arn) for key, value in source.items()})

    with pytest.raises(ClientError, match=r"AccessDeniedException.*Ensure that the function policy grants access"):
        scene.rotate(arn)
    assert "RotationLambdaARN" not in scene.client.describe_secret(SecretId=arn)


def test_refuses_who_may_not_invoke_the_function(
    rotation: SecretRotationScene, make_client: Callable[..., Any]
) -> None:
    client = make_client(allow("secretsmanager:RotateSecret"))

    with pytest.raises(ClientError, match="not authorized to perform: lambda:InvokeFunction"):
        client.rotate_secret(SecretId=rotation.make_secret(), RotationLambdaARN=rotation.function_arn)


def test_refuses_to_rotate_for_a_caller_who_is_nobody() -> None:
    with pytest.raises(SecretsError, match="not authorized to perform: lambda:InvokeFunction"):
        check_function({"ARN": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:orders-a1b2c3"}, "rotate")


def test_a_function_is_invoked_only_as_long_as_its_policy_admits_secrets_manager(
    aws: LocalAws, session_role: Callable[..., str]
) -> None:
    scene = SecretRotationScene(aws, session_role)
    scene.admit(SourceAccount=aws.account)
    arn = scene.make_secret(fails="withdraws setSecret")
    version = scene.rotate(arn)

    *_, failed = scene.events(arn, "RotationFailed")

    assert failed["errorMessage"].endswith("during createSecret step")  # of the repetition
    assert scene.client.get_secret_value(SecretId=arn)["SecretString"] == "first"
    scene.client.update_secret(SecretId=arn, Description="fails no more")
    scene.admit(SourceAccount=aws.account)
    with pytest.raises(ClientError, match="That rotation will be reattempted"):
        scene.rotate(arn)
    scene.events(arn, "RotationSucceeded")
    assert scene.client.get_secret_value(SecretId=arn)["VersionId"] == version


def test_refuses_a_value_with_the_token_of_no_rotation(rotation: SecretRotationScene, secrets: Any) -> None:
    arn = rotation.make_secret(fails="forges")
    rotation.rotate(arn)

    *_, failed = rotation.events(arn, "RotationFailed")

    assert failed["errorMessage"].endswith("during createSecret step")
    with pytest.raises(ClientError, match="RotationToken is not that of a rotation to this version"):
        secrets.put_secret_value(SecretId=arn, SecretString="by hand", RotationToken="0" * 36)


def test_refuses_to_rotate_without_a_function(secrets: Any, make_secret: Callable[..., str]) -> None:
    with pytest.raises(ClientError, match="No Lambda rotation function ARN is associated with this secret"):
        secrets.rotate_secret(SecretId=make_secret())


def test_a_rule_hears_of_a_rotation_while_a_trail_logs(aws: LocalAws, rotation: SecretRotationScene) -> None:
    scene = TrailScene(aws=aws)
    scene.make_bucket()
    scene.make_trail()
    arn = rotation.make_secret()
    pattern = {"source": ["aws.secretsmanager"], "detail": {"additionalEventData": {"SecretId": [arn]}}}
    heard = Listening(aws, "hears-of-rotations", pattern, aws.region)

    rotation.rotate(arn)

    events = heard.hear(2)
    scene.end()
    assert _names([each["detail"] for each in events]) == ["RotationStarted", "RotationSucceeded"]
    assert {each["detail-type"] for each in events} == {"AWS Service Event via CloudTrail"}
