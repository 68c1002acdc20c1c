import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.deploy

Secret = Callable[..., str]


def _stages(secrets: Any, arn: str) -> Any:
    return secrets.describe_secret(SecretId=arn)["VersionIdsToStages"]


def test_a_secret_without_a_value_has_no_version_until_somebody_puts_one(secrets: Any) -> None:
    made = secrets.create_secret(Name="empty")

    assert "VersionId" not in made
    with pytest.raises(ClientError, match=r"ResourceNotFoundException.*staging label: AWSCURRENT"):
        secrets.get_secret_value(SecretId=made["ARN"])
    put = secrets.put_secret_value(SecretId=made["ARN"], SecretString="first")
    assert put["VersionStages"] == ["AWSCURRENT"]


def test_labels_move_and_a_version_without_one_can_still_be_read(secrets: Any, make_secret: Secret) -> None:
    arn, tokens = make_secret(ClientRequestToken="0" * 32), ["1" * 32, "2" * 32]
    for token in tokens:
        secrets.put_secret_value(SecretId=arn, SecretString=token, ClientRequestToken=token)

    assert _stages(secrets, arn) == {"1" * 32: ["AWSPREVIOUS"], "2" * 32: ["AWSCURRENT"]}
    assert secrets.get_secret_value(SecretId=arn, VersionId="0" * 32)["SecretString"] == "first"
    secrets.update_secret_version_stage(
        SecretId=arn, VersionStage="AWSCURRENT", MoveToVersionId="1" * 32, RemoveFromVersionId="2" * 32
    )
    assert _stages(secrets, arn) == {"1" * 32: ["AWSCURRENT"], "2" * 32: ["AWSPREVIOUS"]}


def test_the_same_value_can_be_put_again_and_changes_nothing(secrets: Any, make_secret: Secret) -> None:
    arn, token = make_secret(), str(uuid.uuid4())
    request = {"SecretId": arn, "ClientRequestToken": token, "SecretString": "second"}
    secrets.put_secret_value(**request, VersionStages=["AWSPENDING"])

    again = secrets.put_secret_value(**request)

    assert again["VersionStages"] == ["AWSPENDING"]
    assert secrets.get_secret_value(SecretId=arn)["SecretString"] == "first"


def test_refuses_another_value_for_a_version(secrets: Any, make_secret: Secret) -> None:
    arn, token = make_secret(), str(uuid.uuid4())
    secrets.put_secret_value(SecretId=arn, ClientRequestToken=token, SecretString="second")

    for write in (secrets.put_secret_value, secrets.update_secret):
        with pytest.raises(ClientError, match=rf"ResourceExistsException.*{token} because that value is already in"):
            write(SecretId=arn, ClientRequestToken=token, SecretString="third")
    assert secrets.get_secret_value(SecretId=arn)["SecretString"] == "second"


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"VersionStage": "AWSCURRENT", "RemoveFromVersionId": "0" * 32}, "can only move staging label AWSCURRENT"),
        ({"VersionStage": "AWSCURRENT", "MoveToVersionId": "1" * 32}, "You must specify RemoveFromVersionId"),
        (
            {"VersionStage": "AWSCURRENT", "MoveToVersionId": "1" * 32, "RemoveFromVersionId": "1" * 32},
            "is currently attached to version 0{32}",
        ),
        ({"VersionStage": "AWSPENDING", "RemoveFromVersionId": "0" * 32}, "is not attached to version 0{32}"),
    ],
    ids=["taken away", "from nowhere", "from elsewhere", "not there"],
)
def test_refuses_to_move_a_label_that_is_not_where_it_is_said_to_be(
    secrets: Any, make_secret: Secret, change: dict[str, str], text: str
) -> None:
    arn = make_secret(ClientRequestToken="0" * 32)
    secrets.put_secret_value(
        SecretId=arn, ClientRequestToken="1" * 32, SecretString="second", VersionStages=["AWSPENDING"]
    )

    with pytest.raises(ClientError, match=text):
        secrets.update_secret_version_stage(SecretId=arn, **change)
    assert _stages(secrets, arn) == {"0" * 32: ["AWSCURRENT"], "1" * 32: ["AWSPENDING"]}


def test_refuses_a_label_that_is_not_on_the_version(secrets: Any, make_secret: Secret) -> None:
    arn = make_secret(ClientRequestToken="0" * 32)

    with pytest.raises(ClientError, match="VersionStage that is not associated to the provided VersionId"):
        secrets.get_secret_value(SecretId=arn, VersionId="0" * 32, VersionStage="AWSPENDING")


def test_a_name_stays_taken_while_its_secret_waits_for_deletion(secrets: Any, make_secret: Secret) -> None:
    arn = make_secret(Name="waits")

    secrets.delete_secret(SecretId=arn, RecoveryWindowInDays=7)

    with pytest.raises(ClientError, match=r"InvalidRequestException.*is already scheduled for deletion"):
        make_secret(Name="waits")
    secrets.restore_secret(SecretId=arn)
    with pytest.raises(ClientError, match="ResourceExistsException"):
        make_secret(Name="waits")
    secrets.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)
    assert make_secret(Name="waits") != arn
