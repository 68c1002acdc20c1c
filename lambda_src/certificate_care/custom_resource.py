"""What CloudFormation asks of a custom resource and hears from it: always an answer, whatever happens to the work.

Every function behind a custom resource has the variable `STACK_ID`, the ARN of its own stack, and works for no other.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
"""

import json
import logging
import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, Final, Self

from certificate_care.errors import CertificateCareError, InvalidEvent, Unfinished
from certificate_care.response_endpoint import PutsAnswer, check_url, put_answer

STACK_ID: Final = "STACK_ID"
"""The name of that variable; a function that is not told it works for no stack."""

NEVER_MADE: Final = "never-made/"
"""How the physical id begins of what a Create did not make: its Delete has nothing to do."""
LONGEST_REASON: Final = 1024
LONGEST_BODY: Final = 4096

_logger = logging.getLogger("certificate_care")

_LONGEST_QUOTE: Final = 64
_LONGEST_PHYSICAL_ID: Final = 1024
_STACK: Final = re.compile(r"arn:aws[a-z-]*:cloudformation:[a-z0-9-]+:[0-9]{12}:stack/[A-Za-z0-9-]{1,128}/[\w-]{1,128}")
_LOGICAL_ID: Final = re.compile(r"[A-Za-z0-9]{1,255}")
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")


class RequestType(Enum):
    """What is to be done, by the names that CloudFormation sends."""

    CREATE = "Create"
    UPDATE = "Update"
    DELETE = "Delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What CloudFormation asks for. Numbers and booleans of a template come as texts.

    Attributes:
        request_type: What is to be done.
        physical_id: What it is done to; empty for a Create.
        properties: What the template says of the resource.
        old_properties: What the former template said; empty if this is no Update.
        stack_id: The ARN of the stack.
        logical_id: The name of the resource in the template.
        request_id: Of this request; the same if the event is repeated.
    """

    request_type: RequestType
    physical_id: str
    properties: Mapping[str, Any]
    old_properties: Mapping[str, Any]
    stack_id: str
    logical_id: str
    request_id: str

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> Self:
        """Understand an event. Fields that it does not know are passed over.

        Args:
            event: What came.

        Returns:
            The same, checked.

        Raises:
            InvalidEvent: If it is something else.
        """
        allowed = [each.value for each in RequestType]
        said = _text(event, "RequestType")
        if said not in allowed:
            raise InvalidEvent(f"RequestType must be one of {allowed}, got {_quoted(said)}")
        kind = RequestType(said)
        return cls(
            request_type=kind,
            physical_id="" if kind is RequestType.CREATE else _physical_id(event),
            properties=_object(event, "ResourceProperties"),
            old_properties=_object(event, "OldResourceProperties") if kind is RequestType.UPDATE else {},
            stack_id=_matching(event, "StackId", _STACK),
            logical_id=_matching(event, "LogicalResourceId", _LOGICAL_ID),
            request_id=_matching(event, "RequestId", _REQUEST_ID),
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What there is now.

    Attributes:
        physical_id: What was made or kept. Another one than before has CloudFormation delete the former one.
        attributes: What `Fn::GetAtt` gives in the template.
    """

    physical_id: str
    attributes: Mapping[str, str] = field(default_factory=dict)


def is_asked_by_cloudformation(event: object) -> bool:
    """Tell an event of CloudFormation from others that a function gets.

    Args:
        event: What came.

    Returns:
        Whether it waits for an answer.
    """
    return isinstance(event, Mapping) and "ResponseURL" in event


def reason_of(error: Exception) -> str:
    """Say what went wrong. Of what nobody expected, class and place alone: its text may hold anything.

    Args:
        error: What was raised.
    """
    if isinstance(error, CertificateCareError):
        return str(error)
    frame, line = list(traceback.walk_tb(error.__traceback__))[-1]
    return f"unexpected {type(error).__name__} in {Path(frame.f_code.co_filename).name}:{line}"


def respond(event: object, work: Callable[[Asked], Answer], *, own_stack: str, put: PutsAnswer = put_answer) -> None:
    """Do what CloudFormation asks for and tell it how that ended, in words for whoever deploys.

    An answer of failure is an answer: nothing is raised then, so that Lambda does not repeat the event.

    Args:
        event: What came.
        work: Does it. It is not called for the Delete of what was never made, nor for another stack.
        own_stack: The ARN of the stack that the function is in.
        put: Brings the answer to CloudFormation.

    Raises:
        InvalidEvent: If nobody can be answered.
        Unavailable: If the answer did not arrive. Lambda repeats the event then, if it may.
    """
    if not isinstance(event, Mapping):
        raise InvalidEvent(f"event must be an object, got {type(event).__name__}")
    url = _text(event, "ResponseURL")
    check_url(url)
    address = {
        "StackId": _matching(event, "StackId", _STACK),
        "RequestId": _matching(event, "RequestId", _REQUEST_ID),
        "LogicalResourceId": _matching(event, "LogicalResourceId", _LOGICAL_ID),
    }
    answer = _answer(event, work, own_stack=own_stack)
    body = json.dumps({**address, **answer}, ensure_ascii=False).encode(errors="replace")
    if len(body) > LONGEST_BODY:
        answer = _failed(
            f"the answer must be at most {LONGEST_BODY} bytes, got {len(body)}",
            physical_id=answer["PhysicalResourceId"],
        )
        body = json.dumps({**address, **answer}, ensure_ascii=False).encode(errors="replace")
    _log(address["LogicalResourceId"], answer)
    put(url, body)


def _answer(event: Mapping[str, Any], work: Callable[[Asked], Answer], *, own_stack: str) -> dict[str, Any]:
    had = event.get("PhysicalResourceId")
    kept = str(had) if _is_physical_id(had) else f"{NEVER_MADE}{event['RequestId']}"
    try:
        asked = Asked.of(event)
        if asked.request_type is RequestType.DELETE and asked.physical_id.startswith(NEVER_MADE):
            return {"Status": "SUCCESS", "PhysicalResourceId": asked.physical_id}
        _check_stack(asked.stack_id, own_stack)
        done = work(asked)
    except Unfinished as error:
        # An Update keeps what it had: what CloudFormation does with another id after a failure is not documented.
        return _failed(str(error), physical_id=kept if asked.physical_id else error.physical_id)
    except Exception as error:  # noqa: BLE001  # whatever it is, CloudFormation must hear of it
        return _failed(reason_of(error), physical_id=kept)
    return {"Status": "SUCCESS", "PhysicalResourceId": done.physical_id, "Data": dict(done.attributes)}


def _check_stack(asking: str, own: str) -> None:
    if asking != own:
        raise InvalidEvent(f"StackId must be the stack of this function, got {_quoted(asking)}")


def _failed(reason: str, *, physical_id: str) -> dict[str, Any]:
    encoded = reason.encode(errors="replace")
    if len(encoded) > LONGEST_REASON:
        reason = encoded[: LONGEST_REASON - 3].decode(errors="ignore") + "..."
    return {"Status": "FAILED", "Reason": reason, "PhysicalResourceId": physical_id}


def _log(logical_id: str, answer: Mapping[str, Any]) -> None:
    # Without the attributes: what a template reads is none of the log's business.
    facts = {"logical_id": logical_id, "physical_id": answer["PhysicalResourceId"], "outcome": answer["Status"]}
    if "Reason" in answer:
        facts["error"] = answer["Reason"]
    level = logging.WARNING if "Reason" in answer else logging.INFO
    _logger.log(level, "%s: %s", logical_id, answer["Status"], extra=facts)


def _is_physical_id(found: object) -> bool:
    return isinstance(found, str) and 0 < len(found.encode(errors="replace")) <= _LONGEST_PHYSICAL_ID


def _physical_id(event: Mapping[str, Any]) -> str:
    found = _text(event, "PhysicalResourceId")
    if not _is_physical_id(found):
        raise InvalidEvent(f"PhysicalResourceId must be 1 to {_LONGEST_PHYSICAL_ID} bytes, got {_quoted(found)}")
    return found


def _object(event: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = event.get(name, {})
    if not isinstance(found, Mapping):
        raise InvalidEvent(f"{name} must be an object, got {type(found).__name__}")
    return found


def _matching(event: Mapping[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    found = _text(event, name)
    if not pattern.fullmatch(found):
        raise InvalidEvent(f"{name} must be as CloudFormation writes it, got {_quoted(found)}")
    return found


def _text(event: Mapping[str, Any], name: str) -> str:
    found = event.get(name)
    if not isinstance(found, str):
        raise InvalidEvent(f"{name} must be a text, got {type(found).__name__}")
    return found


def _quoted(found: str) -> str:
    return repr(found) if len(found) <= _LONGEST_QUOTE else f"{found[:_LONGEST_QUOTE]!r}..."
