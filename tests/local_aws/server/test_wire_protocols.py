import botocore.session
import pytest

from local_aws.server import wire_protocols

LOADER = botocore.session.get_session().get_component("data_loader")


@pytest.mark.parametrize("service", ["kms", "sqs", "sns", "sts", "events", "cloudtrail", "monitoring", "kinesis", "mq"])
def test_the_beginning_of_a_description_says_what_all_of_it_says(service: str) -> None:
    name = {"monitoring": "cloudwatch"}.get(service, service)
    assert wire_protocols.metadata(service) == LOADER.load_service_model(name, "service-2")["metadata"]


def test_nothing_is_said_of_what_botocore_does_not_know() -> None:
    assert wire_protocols.metadata("no-such-service") is None


def test_whoever_asks_for_more_gets_it() -> None:
    description = wire_protocols._description("sts")
    assert "AssumeRole" in description.operation_names  # type: ignore[attr-defined]
    assert wire_protocols._description("no-such-service") is None
