"""What Lambda does with the records of a stream that fail: only those are tried again, and at last given up.

ministack counts a batch as done whatever a function reports of it, and tries one that fails for ever.
https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from ministack.core.responses import new_uuid
from ministack.services import lambda_svc, sqs

from local_aws.server.at_rest.messages import data_of
from local_aws.server.caller import acting_as, caller
from local_aws.server.decision import Question, refusal

_Record: TypeAlias = Mapping[str, Any]

_PAUSE_SECONDS = 0.05
_execute_as_ministack = lambda_svc._execute_function


def extend() -> None:
    """Stand between the poller of streams and the function."""
    lambda_svc._execute_function = _execute


def _execute(function: dict[str, Any], event: Any) -> dict[str, Any]:  # noqa: ANN401  # ministack's own signature
    records = event.get("Records") if isinstance(event, dict) else None
    if records and isinstance(records[0], dict) and records[0].get("eventSource") == "aws:kinesis":
        for mapping in lambda_svc._esms.values():
            is_read = mapping["EventSourceArn"] == records[0].get("eventSourceARN")
            if is_read and mapping["FunctionName"] == function["config"]["FunctionName"]:
                _Batch(mapping, function).feed(records)
                return {"body": None}
    answer: dict[str, Any] = _execute_as_ministack(function, event)
    return answer


@dataclass(frozen=True)
class _Batch:
    """One mapping's way with batches. Until one is done or given up, its shard waits, and so do the other mappings."""

    mapping: Mapping[str, Any]
    function: dict[str, Any]

    def feed(self, records: Sequence[_Record]) -> None:
        tried, limit = 0, int(self.mapping.get("MaximumRetryAttempts", -1))
        oldest = int(self.mapping.get("MaximumRecordAgeInSeconds", -1))
        while records:
            answer = _execute_as_ministack(self.function, {"Records": list(records)})
            failed = bool(answer.get("error"))
            first = 0 if failed else self._first_failed(answer.get("body"), records)
            # What was done before the first failure is a checkpoint, and no try of what is left.
            records, tried = records[first:], tried + 1 if first == 0 else 0
            if failed and len(records) > 1 and self.mapping.get("BisectBatchOnFunctionError"):
                middle = len(records) // 2
                for half in (records[:middle], records[middle:]):
                    self.feed(half)
                return
            if 0 <= limit < tried:
                self._give_up(records, tried, "RetryAttemptsExhausted")
                return
            if records and 0 <= oldest < time.time() - records[0]["kinesis"]["approximateArrivalTimestamp"]:
                self._give_up(records, tried, "RecordAgeExceeded")
                return
            time.sleep(_PAUSE_SECONDS if records else 0)

    def _first_failed(self, body: object, records: Sequence[_Record]) -> int:
        if "ReportBatchItemFailures" not in self.mapping.get("FunctionResponseTypes", ()) or not isinstance(body, dict):
            return len(records)
        reported = {each.get("itemIdentifier") for each in body.get("batchItemFailures") or ()}
        for position, record in enumerate(records):
            if record["kinesis"]["sequenceNumber"] in reported:
                return position
        # A name that none of the records has, or none at all, fails the whole batch.
        return 0 if reported else len(records)

    def _give_up(self, records: Sequence[_Record], tried: int, condition: str) -> None:
        """Tell the destination which records were lost, without their data, if the function's role may."""
        config = self.function["config"]
        arn = self.mapping.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination", "")
        queue = sqs._queue_by_arn(arn) if arn else None
        if queue is None:
            return
        with acting_as(config["Role"]):
            refused = refusal(Question(action="sqs:SendMessage", resource=arn), caller())
            refused = refused or data_of(queue).refusal_of_caller(("GenerateDataKey", "Decrypt"))
        if refused is None:
            told = json.dumps(self._lost(records, tried, condition))
            sqs._act_send_message({"MessageBody": told}, sqs._queue_url(arn.rpartition(":")[2]))

    def _lost(self, records: Sequence[_Record], tried: int, condition: str) -> dict[str, Any]:
        (shard, first), (_, last) = (records[end]["eventID"].split(":") for end in (0, -1))
        return {
            "requestContext": {
                "requestId": new_uuid(),
                "functionArn": self.function["config"]["FunctionArn"],
                "condition": condition,
                "approximateInvokeCount": tried,
            },
            "version": "1.0",
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "KinesisBatchInfo": {
                "shardId": shard,
                "startSequenceNumber": first,
                "endSequenceNumber": last,
                "batchSize": len(records),
                "streamArn": self.mapping["EventSourceArn"],
            },
        }
