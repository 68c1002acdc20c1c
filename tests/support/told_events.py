"""Calls and news as EventBridge delivers them, and what a rule makes of them, by an engine that is not ours.

The engine is ministack's matcher of event patterns and its input transformer.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ministack.services import eventbridge as engine

from tests.support.recorded_events import record

_DATA = Path(__file__).resolve().parents[1] / "data"
_REQUESTS = json.loads((_DATA / "cloudtrail_requests.json").read_text())
_MODELLED = {"source", "detail-type", "detail", "account", "region", "resources", "id", "time", "version"}

ACCOUNT, REGION = "111122223333", "us-east-1"
KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ALIAS = "alias/my_alias"
ROLE = "orders-reader"
POLICY_ARN = f"arn:aws:iam::{ACCOUNT}:policy/orders"
TRAIL = "main"
TRAIL_ARN = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/{TRAIL}"

# Records are published for several accounts, Regions and names: here they all are one place.
_ONE_PLACE = {
    **dict.fromkeys(("123456789012", "609418236337", "751203476945", "958312252124"), ACCOUNT),
    **dict.fromkeys(
        ("ap-northeast-1", "ca-isob-northsouth-1r", "cn-northsouth-2r", "sagov-west-2r", "us-west-2"), REGION
    ),
    **dict.fromkeys(("stratus-red-team-backdoor-r-role", "stratus-red-team-malicious-iam-role"), ROLE),
    **dict.fromkeys(("example-trail", "stratus-red-team-ctes-trail-khlvciwdor"), TRAIL),
    "mrk-1234abcd12ab34cd56ef1234567890ab": "1234abcd-12ab-34cd-56ef-1234567890ab",
}


def call(name: str, **changed: Any) -> dict[str, Any]:
    """Return the record of a call in the one place, with some of its fields changed.

    Of a call whose record nobody publishes, that of a like one, with the request that its API page describes.
    """
    described = _REQUESTS.get(name)
    if described is None:
        found = record(name)
    else:
        found = {
            **(like := record(described["like"])),
            "eventName": name,
            "eventSource": described.get("eventSource", like["eventSource"]),
            "requestParameters": described["requestParameters"],
        }
    text = json.dumps(found)
    for published, here in _ONE_PLACE.items():
        text = text.replace(published, here)
    return {**json.loads(text), **changed}


def as_event(detail: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event that EventBridge makes of a record.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
    """
    return {
        "version": "0",
        "id": "36eb8523-97d0-4518-b33d-ee3579ff19f0",
        "detail-type": "AWS API Call via CloudTrail",
        "source": f"aws.{detail['eventSource'].partition('.')[0]}",
        "account": detail["recipientAccountId"],
        "time": detail["eventTime"],
        "region": detail["awsRegion"],
        "resources": [],
        "detail": dict(detail),
    }


def news(name: str) -> dict[str, Any]:
    """Return an event that KMS sends by itself, in the one place."""
    text = (_DATA / "kms_events" / f"{name}.json").read_text()
    return dict(json.loads(text.replace("us-west-2", REGION))["event"])


def matches(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Whether a rule of this pattern sees an event."""
    text = json.dumps(pattern)
    reason = engine._parse_pattern_text(text)[1]
    if reason is not None:
        raise ValueError(f"pattern must be one that EventBridge takes, got {reason}: {text}")
    return bool(engine._matches_pattern(text, _internal(event)))


def rendered(template: str, paths: Mapping[str, str], event: Mapping[str, Any]) -> str:
    """Return what an input transformer makes of an event."""
    view = engine._pattern_event_view(_internal(event))
    transformer = {"InputTemplate": template, "InputPathsMap": dict(paths)}
    return str(engine._apply_input_transformer(transformer, {"Name": "rule", "Arn": "arn"}, view))


def _internal(event: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(event) - _MODELLED
    if unknown:
        raise ValueError(f"event must have the fields of EventBridge, got {sorted(unknown)}")
    return dict(engine._event_from_test_payload(dict(event)))
