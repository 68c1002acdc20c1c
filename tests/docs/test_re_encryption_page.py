"""The page on re-encryption: its requests are understood, and its walk over a bucket does what it says."""

import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from envelope.errors import EnvelopeError
from envelope.format.suites import COMMITTING, SUITES
from envelope.handler import encrypt, reencrypt
from envelope.handler.reencryption_request import reencryption
from envelope.handler.requests import WholeObject
from envelope.objects.signature_choice import SignatureChoice
from envelope.objects.source_binding import SourceBinding
from tests.support.fake_kms import KEY_ARN, OTHER_KEY_ARN, FakeKms
from tests.support.requests import deployment_over
from tests.support.s3_server import serving
from tests.support.s3_stand_in import S3StandIn

PAGE = (Path(__file__).parents[2] / "docs" / "re-encryption.md").read_text()
REQUESTS = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
LOOP, CALL = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
CONTEXT = {"tenant": "42"}
REQUIRED = {"REQUIRED_CONTEXT_KEYS": '["tenant"]'}


class Bucket:
    """An S3 client that also lists, which no function does; two keys a page."""

    def __init__(self, s3: Any, storage: S3StandIn) -> None:
        self._s3, self._storage = s3, storage

    def get_paginator(self, operation: str) -> "Bucket":
        assert operation == "list_objects_v2"
        return self

    def paginate(self, *, Bucket: str, Prefix: str) -> Iterator[Mapping[str, Any]]:  # noqa: N803
        keys = [name.removeprefix(f"{Bucket}/") for name in self._storage.versions if name.startswith(f"{Bucket}/")]
        found = [{"Key": key} for key in keys if key.startswith(Prefix)]
        yield from ({"Contents": found[at : at + 2]} for at in range(0, len(found), 2))
        yield {"KeyCount": 0}  # an empty page has no Contents

    def head_object(self, **parameters: Any) -> Any:
        return self._s3.head_object(**parameters)


class Functions:
    """A client of Lambda's whose one function is `reencrypt`."""

    def __init__(self, s3: Any, kms: FakeKms) -> None:
        self.asked: list[str] = []
        self._deployment = deployment_over(kms, s3=s3, further={**REQUIRED, "NEW_KEY_ARN": OTHER_KEY_ARN})

    def invoke(self, *, FunctionName: str, Payload: str) -> dict[str, Any]:  # noqa: N803
        assert FunctionName == "Reencrypt"
        event = json.loads(Payload)
        self.asked.append(event["source"]["key"])
        try:
            answer: dict[str, Any] = reencrypt(event, None, deployment=self._deployment)
        except EnvelopeError as error:
            answer = {"errorType": type(error).__name__, "errorMessage": str(error)}
        failed = {"FunctionError": "Unhandled"} if "errorType" in answer else {}
        return {"Payload": io.BytesIO(json.dumps(answer).encode()), **failed}


def test_the_requests_are_understood() -> None:
    assert sorted(REQUESTS[0]) == ["encryption_context", "message", "new_encryption_context"]
    for request in REQUESTS[1:]:
        plain = json.loads(json.dumps(request).replace("key.$", "key"))
        asked = reencryption(plain, {"tenant"})
        assert isinstance(asked.old, WholeObject)
        assert asked.source_binding is SourceBinding.OBJECT_ID


def test_the_request_with_a_message_is_understood() -> None:
    # The page shortens the message.
    asked = reencryption({**REQUESTS[0], "message": "AgR4"}, {"tenant"})

    assert asked.new_context is not None
    assert asked.new_context.to_dict() == {"retention": "P7Y", "tenant": "42"}


def test_the_fields_of_the_page_are_those_of_a_request() -> None:
    (table,) = re.findall(r"\| field \|.*?\n\n", PAGE, re.DOTALL)
    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == [
        "version_id", "object_id", "new_encryption_context", "source_binding", "signature",
    ]  # fmt: skip
    for choice in (*SourceBinding, *SignatureChoice):
        assert f"`{choice.value}`" in table


def test_the_signed_suites_of_the_page_are_all_there_are() -> None:
    (section,) = re.findall(r"## Signed messages\n(.*?)\n## ", PAGE, re.DOTALL)
    signed = {suite.name for suite in SUITES.values() if suite.signature is not None}

    assert set(re.findall(r"0x([0-9a-f]{4})", section)) == signed | {COMMITTING.name}


def test_the_loop_moves_what_is_there_names_what_failed_and_does_nothing_twice() -> None:
    storage, kms, names = S3StandIn(), FakeKms(), dict[str, Any]()
    exec(LOOP, names)  # noqa: S102  # as it stands on the page
    walk = {"function": "Reencrypt", "bucket": "messages", "prefix": "tenants/42/", "encryption_context": CONTEXT}
    with serving(lambda: storage) as s3:
        bucket, functions = Bucket(s3, storage), Functions(s3, kms)
        for number in range(3):
            storage.put("plain/key", b"content")
            event = {
                "source": {"bucket": "plain", "key": "key"},
                "destination": {"bucket": "messages", "key": f"tenants/42/{number}"},
                "encryption_context": {"tenant": "42" if number != 1 else "43"},
            }
            encrypt(event, None, deployment=deployment_over(kms, s3=s3, further=REQUIRED))
        storage.put("messages/tenants/42/no message", b"content")

        failed = names["reencrypt_below"](bucket, functions, new_key_arn=OTHER_KEY_ARN, **walk)
        again = names["reencrypt_below"](bucket, functions, new_key_arn=OTHER_KEY_ARN, **walk)

    assert {key: said["errorType"] for key, said in failed.items()} == {"tenants/42/1": "NotAuthentic"}
    assert again.keys() == failed.keys()
    assert functions.asked == ["tenants/42/0", "tenants/42/1", "tenants/42/2", "tenants/42/1"]
    under = [storage.current(f"messages/tenants/42/{number}").metadata["envelope-key"] for number in range(3)]
    assert under == [OTHER_KEY_ARN, KEY_ARN, OTHER_KEY_ARN]


def test_the_call_of_the_loop_is_one_that_can_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"DEFAULT_REGION": "eu-central-1", "ACCESS_KEY_ID": "x", "SECRET_ACCESS_KEY": "x"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    said: dict[str, Any] = {}

    def record(s3: Any, functions: Any, **options: Any) -> None:
        said.update(options, services=[each.meta.service_model.service_name for each in (s3, functions)])
        said["config"] = functions.meta.config

    exec(CALL, {"reencrypt_below": record})  # noqa: S102  # as it stands on the page

    assert said["services"] == ["s3", "lambda"]
    assert (said["config"].read_timeout, said["config"].retries["total_max_attempts"]) == (900, 1)
    assert said["encryption_context"] == CONTEXT
