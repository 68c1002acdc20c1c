import json
import logging
from collections.abc import Iterator

import pytest

from certificate_care.clients import _session, client
from certificate_care.errors import InvalidEvent
from certificate_care.import_settings import VARIABLES
from certificate_care.importer import Importer
from certificate_care.importing import deployed, handle
from tests.support.fake_secrets_manager import SECRET_ARN
from tests.support.imports_in_memory import CERTIFICATE_ARN, STACK, Context, ImportsInMemory, renewed, secret_text
from tests.support.made_certificates import Lineage


@pytest.fixture
def scene() -> ImportsInMemory:
    return ImportsInMemory(secret_text(Lineage.of()))


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    said = {"AWS_DEFAULT_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "hush"}
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    level = logging.getLogger("botocore").level
    _forget()
    yield monkeypatch
    logging.getLogger("botocore").setLevel(level)
    _forget()


def _forget() -> None:
    for made in (_session, client, deployed):
        made.cache_clear()


def test_says_what_happened_to_whoever_invokes_it(scene: ImportsInMemory, caplog: pytest.LogCaptureFixture) -> None:
    arn = scene.import_first()
    scene.put(secret_text(renewed(Lineage.of())))
    caplog.set_level(logging.INFO, "certificate_care")

    assert handle({"certificate_arn": arn}, Context(), deployment=scene.deployed) == {"happened": ["Imported"]}
    assert handle({"certificate_arn": arn}, Context(), deployment=scene.deployed) == {"happened": []}
    assert caplog.messages == [
        "imported until 2027-04-11T12:00:00+00:00",
        "import: ['Imported']",
        "import: nothing new",
    ]


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"certificate_arn": CERTIFICATE_ARN, "secret_arn": SECRET_ARN},
        {"certificate_arn": "arn:aws:acm:eu-central-1:111122223333:certificate"},
        {"certificate_arn": 1},
        [CERTIFICATE_ARN],
        None,
    ],
    ids=str,
)
def test_refuses_an_event_that_it_does_not_know(event: object, scene: ImportsInMemory) -> None:
    scene.import_first()

    with pytest.raises(InvalidEvent):
        handle(event, Context(), deployment=scene.deployed)
    assert scene.acm.calls == ["ImportCertificate"]


def test_says_no_more_than_the_name_of_what_nobody_expected(scene: ImportsInMemory) -> None:
    arn = scene.import_first()

    def broken() -> Importer:
        raise KeyError("-----BEGIN PRIVATE KEY-----")

    with pytest.raises(RuntimeError, match=r"^unexpected KeyError$") as failed:
        handle({"certificate_arn": arn}, Context(), deployment=broken)
    assert (failed.value.__cause__, failed.value.__context__) == (None, None)


def test_reads_its_environment_once(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("SECRET_ARN", SECRET_ARN)
    environment.setenv("DOMAIN_NAMES", "shop.example.com")

    made = deployed()

    assert made is deployed()
    assert (made.secret.arn, made.rules.domain_names) == (SECRET_ARN, ("shop.example.com",))
    assert logging.getLogger("botocore").level == logging.WARNING


@pytest.mark.parametrize("kind", ["Create", "Update", "Delete"])
def test_refuses_what_another_stack_asks_for(scene: ImportsInMemory, kind: str) -> None:
    arn = scene.import_first()

    answer = scene.request(kind, arn, StackId=f"{STACK}0")

    assert (answer["Status"], answer["PhysicalResourceId"]) == ("FAILED", arn)
    assert answer["Reason"].startswith("StackId must be the stack of this function, got ")
    assert (scene.acm.calls, list(scene.acm.held)) == (["ImportCertificate"], [arn])


def test_cloudformation_hears_that_the_environment_says_nothing(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("STACK_ID", STACK)
    answers: list[bytes] = []
    event = {
        "RequestType": "Create",
        "ResponseURL": "https://bucket.s3.eu-central-1.amazonaws.com/answer",
        "StackId": STACK,
        "RequestId": "1a2b3c4d",
        "LogicalResourceId": "Certificate",
        "ResourceProperties": {},
    }

    assert handle(event, Context(), put=lambda _, body: answers.append(body)) is None

    [answer] = map(json.loads, answers)
    assert (answer["Status"], answer["Reason"]) == ("FAILED", "SECRET_ARN must be the ARN of a secret, got ''")
