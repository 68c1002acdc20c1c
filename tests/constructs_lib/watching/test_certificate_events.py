"""Each kind of event of a certificate: what the pattern sees, and what is said, by an engine that is not ours."""

import json
from typing import Any

import pytest

from constructs_lib.watching.certificate_event import CertificateEvent
from constructs_lib.watching.certificate_events import CERTIFICATE_KINDS, TOLD_DAYS
from constructs_lib.watching.messages import Form
from constructs_lib.wiring.certificate_facts import Renewal
from tests.support.told_certificates import CERTIFICATE_ARN, OTHER_ARN, told, watched
from tests.support.told_events import REGION, matches, rendered

SEEN: dict[CertificateEvent, dict[str, Any]] = {CertificateEvent.EXPIRES_SOON: {"DaysToExpiry": 30}}


def said(event: CertificateEvent, renewal: Renewal | None = Renewal.BY_ACM, *names: str) -> list[str]:
    message = CERTIFICATE_KINDS[event].message(watched(renewal, *names))
    text = rendered(message.template(Form.TEXT), message.used_paths(Form.TEXT), told(event, **SEEN.get(event, {})))
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("event", CertificateEvent)
def test_a_rule_sees_its_event_of_its_certificate_alone(event: CertificateEvent) -> None:
    pattern = CERTIFICATE_KINDS[event].pattern(watched())

    seen = [each for each in CertificateEvent if matches(pattern, told(each, **SEEN.get(each, {})))]

    assert seen == [event]
    assert not matches(pattern, told(event, arn=OTHER_ARN, **SEEN.get(event, {})))


def test_that_a_certificate_expires_is_told_on_six_days_and_not_daily() -> None:
    pattern = CERTIFICATE_KINDS[CertificateEvent.EXPIRES_SOON].pattern(watched())

    days = [day for day in range(60, -1, -1) if matches(pattern, told(CertificateEvent.EXPIRES_SOON, DaysToExpiry=day))]

    assert tuple(days) == TOLD_DAYS == (45, 30, 15, 7, 3, 1)


def test_a_message_says_which_certificate_how_many_days_who_renews_it_and_what_to_do() -> None:
    described = f"aws acm describe-certificate --region {REGION} --certificate-arn {CERTIFICATE_ARN}"
    shut_out = "look for CAA records that shut Amazon out"

    assert said(CertificateEvent.EXPIRES_SOON, Renewal.BY_ACM, "www.example.com", "*.orders.example.com") == [
        "orders.example.com expires in 30 day(s)",
        f"Certificate: orders.example.com, {CERTIFICATE_ARN}",
        "Names: orders.example.com, www.example.com, *.orders.example.com",
        "Who renews it: ACM, while its validation records stand and something serves it",
        "What it means: from then on clients refuse whatever serves it, and nothing has replaced it yet",
        f"When: 2020-09-30T06:51:08Z, account 111122223333, Region {REGION}",
        "Event: 9c95e8e4-96a4-ef3f-b739-b6aa5b193afb",
        f"Do now (1): {described}, and look at InUseBy, which must name something, and at RenewalSummary",
        f"Do now (2): Put each ResourceRecord that it names back into public DNS, and {shut_out}",
        "Read on: docs/runbook.md#a-certificate-expires-or-has-expired of cdk-key-management",
    ]


def test_what_blocks_a_renewal_is_told() -> None:
    lines = said(CertificateEvent.RENEWAL_BLOCKED)

    assert lines[0] == "orders.example.com cannot be renewed: CAA_ERROR"
    assert lines[3:5] == ["Days left: 30, until 2019-12-22T18:43:48Z", "In use: true"]


@pytest.mark.parametrize(
    ("renewal", "first"),
    [
        (Renewal.BY_HAND, "aws acm describe-certificate"),
        (Renewal.FROM_SECRET, "Have a new certificate issued, and put it with key and chain into its secret"),
        (None, "aws acm describe-certificate"),
    ],
    ids=["by hand", "from a secret", "nobody knows"],
)
def test_what_to_do_depends_on_who_renews_it(renewal: Renewal | None, first: str) -> None:
    steps = [each for each in said(CertificateEvent.EXPIRES_SOON, renewal) if each.startswith("Do now")]

    assert steps[0].startswith(f"Do now (1): {first}")
    assert steps != [each for each in said(CertificateEvent.EXPIRES_SOON) if each.startswith("Do now")]


def test_a_message_lists_ten_names_and_says_how_many_more_there_are() -> None:
    names = [f"{'a' * 63}.{'b' * 63}.{'c' * 63}.{number:02}.example.com" for number in range(99)]

    message = CERTIFICATE_KINDS[CertificateEvent.RENEWAL_BLOCKED].message(watched(Renewal.BY_ACM, *names))

    assert message.facts[1].endswith(f"{names[8]} and 90 more")
    assert len(message.template(Form.TEXT)) <= 8_192


@pytest.mark.parametrize("event", CertificateEvent)
def test_a_chat_gets_json(event: CertificateEvent) -> None:
    message = CERTIFICATE_KINDS[event].message(watched())

    sent = json.loads(rendered(message.template(Form.CHAT), message.used_paths(Form.CHAT), told(event)))

    assert sent["content"]["title"].startswith("orders.example.com ")
    assert "<" not in json.dumps(sent)


def test_of_an_imported_certificate_acm_tells_only_that_it_expires_soon_and_that_it_is_new() -> None:
    possible = set(CertificateEvent) - watched(Renewal.FROM_SECRET).cannot

    assert possible == {CertificateEvent.EXPIRES_SOON, CertificateEvent.AVAILABLE}
    assert not watched(None).cannot
