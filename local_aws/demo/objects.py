"""Objects: encrypted from one bucket into another, read in part, moved to another key, and encrypted as they arrive."""

import base64
import time
from typing import Any

from local_aws.demo.deployment import CONTEXT, Deployment
from local_aws.demo.narration import Narration
from local_aws.demo.people import Person
from local_aws.demo.road import read_with_the_sdk

_MIB = 1 << 20
_OBJECT_MIB = 24
_FIRST, _LAST = 13 * _MIB + 7, 13 * _MIB + 50_006
_LARGE, _ARRIVING = "objects/large", "arrivals/report"
_ARRIVAL_CONTEXT = {"tenant": "reference", "purpose": "arrivals"}
_PATIENCE_SECONDS = 20


def show_objects(deployment: Deployment, narration: Narration) -> None:
    """Send a large object through the functions."""
    narration.heading(f"An object of {_OBJECT_MIB} MiB, in buckets under a key of their own")
    people, data = deployment.people, bytes(range(256)) * (_OBJECT_MIB * _MIB // 256)
    people["sender"].session.client("s3").put_object(Bucket=deployment.arrivals_bucket, Key=_LARGE, Body=data)
    request = _request((deployment.arrivals_bucket, _LARGE), (deployment.bucket, _LARGE))
    answer = people["sender"].invoke(deployment.encrypt_function, request)
    message = _fetched(people["reader"], deployment.bucket, _LARGE)
    narration.check(
        "the sender has it encrypted from bucket to bucket",
        (_said(answer), len(message) > len(data)),
        ("", True),
        _said(answer) or f"{len(message):,} bytes, without a byte of it in a request",
    )
    recovered = read_with_the_sdk(people["recovery"], deployment.key_arn, message)
    narration.check("the AWS Encryption SDK reads the object", recovered == data, expected=True)
    _show_range(deployment, data, narration)
    answer = people["receiver"].invoke(deployment.decrypt_function, _opening(deployment, _LARGE, "opened/large"))
    opened = _fetched(people["receiver"], deployment.opened_bucket, "opened/large")
    narration.check(
        "the receiver has it decrypted into a third bucket", opened == data, expected=True, detail=_said(answer)
    )
    _show_refusals(deployment, message, narration)
    _show_migration(deployment, narration)


def show_arrival(deployment: Deployment, narration: Narration) -> None:
    """Put an object where it is encrypted without anybody who asks for it."""
    narration.heading("Encrypted on arrival: S3 to EventBridge to SQS to the function")
    people, data = deployment.people, b"an object that nobody has encrypted"
    people["sender"].session.client("s3").put_object(Bucket=deployment.arrivals_bucket, Key=_ARRIVING, Body=data)
    start = time.monotonic()
    message = b""
    while not message and time.monotonic() < start + _PATIENCE_SECONDS:
        time.sleep(0.05)
        message = _fetched(people["reader"], deployment.bucket, f"encrypted/{_ARRIVING}")
    found = read_with_the_sdk(people["recovery"], deployment.key_arn, message) if message else b""
    narration.check("what the sender puts there becomes a message", found, data, f"{time.monotonic() - start:.1f} s")
    request = _opening(deployment, f"encrypted/{_ARRIVING}", "opened/report", context=_ARRIVAL_CONTEXT)
    answer = people["receiver"].invoke(deployment.decrypt_function, request)
    opened = _fetched(people["receiver"], deployment.opened_bucket, "opened/report")
    narration.check("the receiver has it opened", opened, data, _said(answer))


def _show_range(deployment: Deployment, data: bytes, narration: Narration) -> None:
    fetched = {"bucket": deployment.bucket, "key": _LARGE}
    request = {"source": fetched, "range": {"first": _FIRST, "last": _LAST}, "encryption_context": CONTEXT}
    answer = deployment.people["reader"].invoke(deployment.decrypt_function, request)
    narration.check(
        f"the reader gets bytes {_FIRST:,} to {_LAST:,} without the rest being read",
        base64.b64decode(answer.get("plaintext", "")) == data[_FIRST : _LAST + 1],
        expected=True,
        detail=_said(answer) or f"{_LAST - _FIRST + 1:,} bytes, of verified frames",
    )


def _show_refusals(deployment: Deployment, message: bytes, narration: Narration) -> None:
    store = deployment.people["writer"].session.client("s3")
    store.put_object(Bucket=deployment.bucket, Key="objects/another", Body=message)
    damaged = message[:-1] + bytes([message[-1] ^ 1])
    store.put_object(Bucket=deployment.bucket, Key="objects/damaged", Body=damaged)
    here = {"object_id": f"s3://{deployment.bucket}/{_LARGE}"}
    for claim, key, more in (
        ("refused: the object passed off as another", "objects/another", {}),
        ("refused: the object with its last bit changed", "objects/damaged", here),
    ):
        request = _opening(deployment, key, "opened/refused") | more
        error = str(
            deployment.people["receiver"].invoke(deployment.decrypt_function, request).get("errorType", "opened")
        )
        narration.check(claim, error, "NotAuthentic", error)
    s3 = deployment.aws.session().client("s3")
    objects = s3.list_objects_v2(Bucket=deployment.opened_bucket, Prefix="opened/refused").get("Contents", [])
    uploads = s3.list_multipart_uploads(Bucket=deployment.opened_bucket).get("Uploads", [])
    narration.check(
        "and nothing of them is left behind", (objects, uploads), ([], []), "no object, no unfinished upload"
    )


def _show_migration(deployment: Deployment, narration: Narration) -> None:
    moved = (deployment.bucket, "reencrypted/large")
    request = _request((deployment.bucket, _LARGE), moved)
    answer = deployment.people["archivist"].invoke(deployment.reencrypt_function, request)
    message = _fetched(deployment.people["reader"], *moved)
    recovered = (
        read_with_the_sdk(deployment.people["recovery"], deployment.archive_key_arn, message) if message else b""
    )
    narration.check(
        "the archivist has it moved to the archive key, and never sees it",
        len(recovered),
        _OBJECT_MIB * _MIB,
        _said(answer),
    )


def _request(source: tuple[str, str], destination: tuple[str, str]) -> dict[str, Any]:
    names = {"source": source, "destination": destination}
    objects = {name: {"bucket": bucket, "key": key} for name, (bucket, key) in names.items()}
    return {**objects, "encryption_context": CONTEXT}


def _opening(
    deployment: Deployment, key: str, destination: str, *, context: dict[str, str] | None = None
) -> dict[str, Any]:
    request = _request((deployment.bucket, key), (deployment.opened_bucket, destination))
    return request | ({"encryption_context": context} if context else {})


def _fetched(person: Person, bucket: str, key: str) -> bytes:
    """Fetch an object; nothing if there is none, which S3 does not tell who may not list the bucket."""
    s3 = person.session.client("s3")
    try:
        return bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    except s3.exceptions.ClientError:
        return b""


def _said(answer: dict[str, Any]) -> str:
    """Say what went wrong, if anything did."""
    return f"{answer['errorType']}: {answer.get('errorMessage', '')}" if "errorType" in answer else ""
