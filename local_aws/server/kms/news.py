"""What KMS says by itself on the event bus, without a trail: a key was rotated, imported material has expired.

https://docs.aws.amazon.com/kms/latest/developerguide/kms-events.html. That a key was deleted it says there too; here no
key waits its seven days.
"""

import contextvars
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import request_scope

from local_aws.server.events_of_aws import put_event


def tell_rotation(key: Mapping[str, Any], *, how: str, before: str | None, now: str) -> None:
    """Say that a key has new material.

    Args:
        key: ministack's record of the key.
        how: `ON_DEMAND` or `AUTOMATIC`.
        before: The identifier of the material until now, if there was any.
        now: That of the new one.
    """
    detail = {
        "key-id": key["KeyId"],
        "key-origin": key["Origin"],
        "rotation-type": how,
        "previous-key-material-id": before,
        "current-key-material-id": now,
    }
    _tell(key, "KMS CMK Rotation", detail)


def tell_expiry(key: Mapping[str, Any]) -> None:
    """Say that the imported material of a key has expired."""
    _tell(key, "KMS Imported Key Material Expiration", {"key-id": key["KeyId"]})


def _tell(key: Mapping[str, Any], what: str, detail: Mapping[str, Any]) -> None:
    # In nobody's name: whoever's call this happens in has no part in where the news goes.
    contextvars.Context().run(_put, key["Arn"], {"Source": "aws.kms", "DetailType": what, "Detail": detail})


def _put(arn: str, event: Mapping[str, Any]) -> None:
    _, _, _, region, account, _ = arn.split(":")
    with request_scope(account, region):
        put_event({**event, "Resources": [arn]})
