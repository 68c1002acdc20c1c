import json
import logging
from typing import Any

import pytest

from certificate_care.custom_resource import (
    LONGEST_BODY,
    LONGEST_REASON,
    NEVER_MADE,
    Answer,
    Asked,
    RequestType,
    is_asked_by_cloudformation,
    reason_of,
    respond,
)
from certificate_care.errors import InvalidEvent, NotIssued, Unavailable, Unfinished
from tests.support.fake_cloudformation import RESPONSE_URL, STACK, event_of

ARN = "arn:aws:acm:eu-central-1:111122223333:certificate/1"


def answered(event: dict[str, Any], work: Any) -> dict[str, Any]:
    """Return the one answer to an event."""
    put: list[tuple[str, bytes]] = []
    respond(event, work, own_stack=STACK, put=lambda url, body, /: put.append((url, body)))
    ((url, body),) = put
    assert url == event["ResponseURL"]
    assert len(body) <= LONGEST_BODY
    found: dict[str, Any] = json.loads(body)
    return found


def never(asked: Asked) -> Answer:
    raise AssertionError(f"no work must be done, got {asked}")


def raising(error: BaseException) -> Any:
    def work(_: Asked) -> Answer:
        raise error

    return work


def test_what_was_made_is_answered_with_its_attributes() -> None:
    answer = answered(event_of("Create", {}), lambda _: Answer(ARN, {"CertificateArn": ARN}))

    assert answer == {
        "Status": "SUCCESS",
        "StackId": STACK,
        "RequestId": "aaaaaaaa-0000-0000-0000-000000000001",
        "LogicalResourceId": "CertificateResource",
        "PhysicalResourceId": ARN,
        "Data": {"CertificateArn": ARN},
    }


def test_the_work_is_told_everything_that_cloudformation_says() -> None:
    heard: list[Asked] = []
    event = event_of("Update", {"A": "1"}, PhysicalResourceId=ARN, OldResourceProperties={"A": "0"})

    answered(event, lambda asked: heard.append(asked) or Answer(ARN))  # type: ignore[func-returns-value]

    assert heard == [
        Asked(
            request_type=RequestType.UPDATE,
            physical_id=ARN,
            properties=event["ResourceProperties"],
            old_properties={"A": "0"},
            stack_id=STACK,
            logical_id="CertificateResource",
            request_id="aaaaaaaa-0000-0000-0000-000000000001",
        )
    ]


@pytest.mark.parametrize("request_type", ["Create", "Update", "Delete"])
def test_an_expected_failure_is_answered_in_its_own_words(request_type: str) -> None:
    event = event_of(request_type, {}, PhysicalResourceId=ARN)

    answer = answered(event, raising(NotIssued("the certificate must be ISSUED, got FAILED")))

    assert (answer["Status"], answer["Reason"]) == ("FAILED", "the certificate must be ISSUED, got FAILED")
    assert answer["PhysicalResourceId"] == ARN


OTHERS = {
    "another stack": STACK.replace("/shop/", "/team/"),
    "the same stack made anew": f"{STACK}0",
    "another account": STACK.replace("111122223333", "444455556666"),
    "another Region": STACK.replace("eu-central-1", "eu-west-1"),
}


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("request_type", ["Create", "Update", "Delete"])
def test_refuses_to_work_for_another_stack(request_type: str, other: str) -> None:
    event = event_of(request_type, {}, PhysicalResourceId=ARN, StackId=OTHERS[other])

    answer = answered(event, never)

    assert (answer["Status"], answer["StackId"], answer["PhysicalResourceId"]) == ("FAILED", OTHERS[other], ARN)
    assert answer["Reason"].startswith("StackId must be the stack of this function, got ")


def test_refuses_to_work_for_any_stack_where_it_is_told_none() -> None:
    heard: list[bytes] = []

    respond(event_of("Create", {}), never, own_stack="", put=lambda _url, body, /: heard.append(body))

    assert [json.loads(each)["Status"] for each in heard] == ["FAILED"]


def test_of_an_unexpected_failure_class_and_place_alone_are_told() -> None:
    answer = answered(event_of("Create", {}), raising(ValueError("-----BEGIN PRIVATE KEY-----")))

    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith("unexpected ValueError in test_custom_resource.py:")
    assert "PRIVATE" not in json.dumps(answer)


def test_an_error_that_was_never_raised_has_no_place_and_needs_none() -> None:
    assert reason_of(NotIssued("never")) == "never"


def test_the_delete_of_what_was_never_made_succeeds_without_work() -> None:
    failed = answered(event_of("Create", {}), raising(NotIssued("no")))

    deleted = answered(event_of("Delete", {}, PhysicalResourceId=failed["PhysicalResourceId"]), never)

    assert failed["PhysicalResourceId"].startswith(NEVER_MADE)
    assert deleted["Status"] == "SUCCESS"


def test_a_create_that_failed_half_way_tells_what_it_made() -> None:
    answer = answered(event_of("Create", {}), raising(Unfinished("no record", physical_id=ARN)))

    assert (answer["Status"], answer["Reason"], answer["PhysicalResourceId"]) == ("FAILED", "no record", ARN)


def test_an_update_that_failed_half_way_keeps_what_it_had() -> None:
    event = event_of("Update", {}, PhysicalResourceId=f"{ARN}0", OldResourceProperties={})

    assert answered(event, raising(Unfinished("no", physical_id=ARN)))["PhysicalResourceId"] == f"{ARN}0"


@pytest.mark.parametrize("letter", ["x", "\u00fc", "\U0001f512", '"', "\n"])
def test_a_long_reason_is_cut_to_what_cloudformation_takes(letter: str) -> None:
    reason = answered(event_of("Create", {}), raising(NotIssued(letter * 3000)))["Reason"]

    assert len(reason.encode()) <= LONGEST_REASON
    assert reason.endswith("...")


def test_attributes_that_cloudformation_would_not_take_are_a_failure_that_names_what_was_made() -> None:
    answer = answered(event_of("Create", {}), lambda _: Answer(ARN, {"Record": "x" * LONGEST_BODY}))

    assert (answer["Status"], answer["PhysicalResourceId"]) == ("FAILED", ARN)
    assert answer["Reason"].startswith("the answer must be at most 4096 bytes, got ")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"RequestType": "Read"}, "RequestType must be one of ['Create', 'Update', 'Delete'], got 'Read'"),
        ({"RequestType": None}, "RequestType must be a text, got NoneType"),
        ({"ResourceProperties": []}, "ResourceProperties must be an object, got list"),
        ({"RequestType": "Delete"}, "PhysicalResourceId must be a text, got NoneType"),
        ({"RequestType": "Delete", "PhysicalResourceId": ""}, "PhysicalResourceId must be 1 to 1024 bytes, got ''"),
        (
            {"RequestType": "Delete", "PhysicalResourceId": "x" * 1025},
            f"PhysicalResourceId must be 1 to 1024 bytes, got '{'x' * 64}'...",
        ),
        (
            {"RequestType": "Update", "PhysicalResourceId": ARN, "OldResourceProperties": "x"},
            "OldResourceProperties must be an object, got str",
        ),
    ],
    ids=["type", "no type", "properties", "no id", "empty id", "long id", "old properties"],
)
def test_refuses_an_event_that_can_be_answered_by_an_answer(changed: dict[str, Any], reason: str) -> None:
    answer = answered({**event_of("Create", {}), **changed}, never)

    assert (answer["Status"], answer["Reason"]) == ("FAILED", reason)


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"ResponseURL": "http://example.com/"}, "ResponseURL must be an https address of S3, got another one"),
        ({"ResponseURL": "https://example.com/"}, "ResponseURL must be an https address of S3, got another one"),
        ({"ResponseURL": 1}, "ResponseURL must be a text, got int"),
        ({"StackId": "shop"}, "StackId must be as CloudFormation writes it, got 'shop'"),
        ({"StackId": f"{STACK}\n"}, "StackId must be as CloudFormation writes it, got "),
        ({"RequestId": "a b"}, "RequestId must be as CloudFormation writes it, got 'a b'"),
        ({"LogicalResourceId": "a-b"}, "LogicalResourceId must be as CloudFormation writes it, got 'a-b'"),
    ],
    ids=["no TLS", "no S3", "no address", "stack", "line", "request", "logical id"],
)
def test_refuses_an_event_that_cannot_be_answered(changed: dict[str, Any], text: str) -> None:
    with pytest.raises(InvalidEvent) as refused:
        respond(
            {**event_of("Create", {}), **changed},
            never,
            own_stack=STACK,
            put=lambda _url, _body, /: pytest.fail("answered"),
        )

    assert str(refused.value).startswith(text)


def test_refuses_an_event_that_is_no_object() -> None:
    with pytest.raises(InvalidEvent, match=r"^event must be an object, got list$"):
        respond([], never, own_stack=STACK)


def test_an_answer_that_does_not_arrive_is_raised_so_that_lambda_repeats_the_event() -> None:
    def put(_url: str, _body: bytes, /) -> None:
        raise Unavailable("the answer must reach CloudFormation, got status 503")

    with pytest.raises(Unavailable):
        respond(event_of("Create", {}), lambda _: Answer(ARN), own_stack=STACK, put=put)


def test_the_log_says_what_happened_and_neither_address_nor_attributes(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="certificate_care"):
        answered(event_of("Create", {}), lambda _: Answer(ARN, {"Record": "told to the template"}))
        answered(event_of("Create", {}), raising(NotIssued("no record")))

    done, failed = (
        {key: vars(each).get(key) for key in ("outcome", "physical_id", "error")} for each in caplog.records
    )
    assert done == {"outcome": "SUCCESS", "physical_id": ARN, "error": None}
    assert (failed["outcome"], failed["error"]) == ("FAILED", "no record")
    assert not any(
        said in str(vars(each)) for each in caplog.records for said in (RESPONSE_URL, "told to the template")
    )


@pytest.mark.parametrize(
    ("event", "is_asked"),
    [(event_of("Create", {}), True), ({"certificate_arn": ARN}, False), ([], False)],
    ids=["CloudFormation", "a schedule", "a list"],
)
def test_tells_events_of_cloudformation_from_others(event: object, is_asked: bool) -> None:  # noqa: FBT001
    assert is_asked_by_cloudformation(event) is is_asked
