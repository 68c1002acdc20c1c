"""Calls on a secret, and what Secrets Manager does by itself, as EventBridge delivers them.

Published are the records of `DeleteSecret`, `RotationFailed` and `RotationSucceeded`. Every other one is derived: a
call from `DeleteSecret`, with the request and the answer that its API page describes, and news from `RotationFailed`,
with another name.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.recorded_events import record
from tests.support.told_events import ACCOUNT, REGION, as_event

_DATA = Path(__file__).resolve().parents[1] / "data"

SECRET_NAME = "orders/api-key"
SECRET_ARN = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{SECRET_NAME}-a1b2c3"
DERIVED_CALLS: Mapping[str, Any] = json.loads((_DATA / "secret_requests.json").read_text())
PUBLISHED_NEWS = {path.stem: json.loads(path.read_text()) for path in (_DATA / "secret_events").glob("*.json")}

# Records are published for several accounts, Regions and secrets: here they all are one place.
_ONE_PLACE = {
    "arn:aws:secretsmanager:us-east-2:123456789012:secret:MyDatabaseSecret-a1b2c3": SECRET_ARN,
    "MyDatabaseSecret": SECRET_NAME,
    "arn:aws:secretsmanager:ap-southeast-2:843407916570:secret:IcaS...icA": SECRET_ARN,
    "arn:aws:secretsmanager:us-west-2:accountid:secret:Appuser-pyodbc-WoDpmU": SECRET_ARN,
    **dict.fromkeys(("843407916570", "accountid", "123456789012"), ACCOUNT),
    **dict.fromkeys(("ap-southeast-2", "us-west-2", "us-east-2"), REGION),
}


def secret_call(name: str, **changed: Any) -> dict[str, Any]:
    """Return the record of a call on the secret, with some of its fields changed."""
    found = {"sourceIPAddress": "192.0.2.0", **_here(record("questions/DeleteSecret"))}
    derived = DERIVED_CALLS.get(name)
    if derived is not None:
        text = json.dumps({key: value for key, value in derived.items() if key != "source"})
        found |= json.loads(text.replace("{arn}", SECRET_ARN).replace("{name}", SECRET_NAME))
        found["eventName"] = name.partition("-")[0]
    return {**found, **changed}


def secret_news(name: str, **changed: Any) -> dict[str, Any]:
    """Return the record of something that Secrets Manager did by itself, with some of its fields changed."""
    published = PUBLISHED_NEWS.get(name, PUBLISHED_NEWS["RotationFailed"])
    return {**_here(published["event"]), "eventName": name, **changed}


def news_event(detail: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event that EventBridge makes of such a record."""
    return {**as_event(detail), "detail-type": "AWS Service Event via CloudTrail"}


def _here(found: Mapping[str, Any]) -> dict[str, Any]:
    text = json.dumps(found)
    for published, here in _ONE_PLACE.items():
        text = text.replace(published, here)
    return dict(json.loads(text))
