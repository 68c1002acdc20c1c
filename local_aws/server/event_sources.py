"""Lambda reads a queue or a stream as the function's role, and nothing where that role may not read.

ministack reads whatever a mapping names, ten messages at most.
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
"""

from collections.abc import Callable, Iterator
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import error_response_json, request_scope
from ministack.services import lambda_svc, sqs
from ministack.services.cloudformation import provisioners

from local_aws.server.at_rest.messages import data_of
from local_aws.server.caller import acting_as, caller
from local_aws.server.decision import Question, refusal

_NEEDED = {
    "sqs": ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"),
    "kinesis": ("GetRecords", "GetShardIterator", "DescribeStream"),
}
_LACKING = {
    "sqs": "The provided execution role does not have permissions to call {} on SQS",
    "kinesis": "Cannot access stream. Please ensure the role can perform {} on your stream in IAM.",
}

_mappings_of_ministack = lambda_svc._iter_all_esms
_create_of_ministack = lambda_svc._create_esm
_receive_of_ministack = sqs._receive_messages_for_esm


def extend() -> None:
    """Ask when a mapping is made and whenever it is read."""
    lambda_svc._iter_all_esms = _readable_mappings
    lambda_svc._create_esm = _create
    sqs._receive_messages_for_esm = _receive
    row = provisioners._RESOURCE_HANDLERS["AWS::Lambda::EventSourceMapping"]
    row["create"] = _checked(row["create"])


def _readable_mappings() -> Iterator[tuple[str, str, dict[str, Any]]]:
    # Lambda speaks TLS; in the poller's thread there is no request that would tell.
    iam_evaluator.pin_request_origin("127.0.0.1", secure_transport=True)
    for account, region, mapping in _mappings_of_ministack():
        with request_scope(account, region):
            lacking = _lacking(mapping["EventSourceArn"], mapping["FunctionName"])
        if lacking is None:
            yield account, region, mapping
        else:
            mapping["LastProcessingResult"] = f"PROBLEM: {lacking}"


def _create(request: dict[str, Any]) -> Any:  # noqa: ANN401  # ministack's response
    lacking = _lacking(request.get("EventSourceArn", ""), request.get("FunctionName", ""))
    if lacking is not None:
        return error_response_json("InvalidParameterValueException", lacking, 400)
    return _create_of_ministack(request)


def _checked(create: Callable[..., Any]) -> Callable[..., Any]:
    def checked(logical_id: str, properties: dict[str, Any], stack_name: str) -> Any:  # noqa: ANN401  # as `create`
        lacking = _lacking(properties["EventSourceArn"], properties["FunctionName"])
        if lacking is not None:
            raise ValueError(lacking)
        return create(logical_id, properties, stack_name)

    return checked


def _lacking(source_arn: str, function: str) -> str | None:
    """Say what the function's role may not do, as AWS says it."""
    service = source_arn.split(":")[2] if source_arn.startswith("arn:") else ""
    record, config, _ = lambda_svc._get_func_record_for_ref(function)
    if service not in _NEEDED or record is None:
        return None
    with acting_as(config["Role"]):
        try:
            principal = caller()
        except PermissionError:
            return "The role defined for the function cannot be assumed by Lambda."
        for action in _NEEDED[service]:
            if refusal(Question(action=f"{service}:{action}", resource=source_arn), principal) is not None:
                return _LACKING[service].format(action)
        queue = sqs._queue_by_arn(source_arn) if service == "sqs" else None
        return data_of(queue).refusal_of_caller(("Decrypt",)) if queue else None


def _receive(url: str, number: int) -> list[dict[str, Any]]:
    """Receive as often as a batch needs; a batch of more than ten waits for a window, so it is never just one call."""
    found: list[dict[str, Any]] = []
    while len(found) < number:
        received = _receive_of_ministack(url, number - len(found))
        if not received:
            break
        found += received
    return found
