"""The names by which `kms:ViaService` knows the services."""

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.service_access.known_services import KNOWN_SERVICES, known_service


def test_the_services_are_listed_once_and_in_order() -> None:
    assert list(KNOWN_SERVICES) == sorted(set(KNOWN_SERVICES))


@pytest.mark.parametrize("service", KNOWN_SERVICES)
def test_a_known_service_is_itself(service: str) -> None:
    assert known_service("services", service) == service


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ebs", "ec2"),
        ("EFS", "elasticfilesystem"),
        ("s3.eu-west-1.amazonaws.com", "s3"),
        ("secrets-manager", "secretsmanager"),
        ("EventBridge", "events"),
        ("step functions", "states"),
        ("cloudwatch-logs", "logs"),
        ("dynamo", "dynamodb"),
        ("SQS", "sqs"),
    ],
)
def test_refuses_another_name_and_says_which_was_meant(name: str, meant: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        known_service("services", name)

    assert str(refused.value) == (
        "services must be names such as lambda or rds, the first part of kms:ViaService, "
        f"got {name!r}; did you mean {meant!r}?"
    )


@pytest.mark.parametrize("name", ["", "*", "$", "postgres", "iam", 5])
def test_refuses_what_resembles_no_service_and_suggests_none(name: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        known_service("services", name)

    assert str(refused.value) == (
        f"services must be names such as lambda or rds, the first part of kms:ViaService, got {name!r}"
    )
