import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from certificate_care.certificate_state import DIMENSION
from certificate_care.errors import InvalidEvent, Unavailable
from certificate_care.look import Look, handle
from tests.support.fake_route53 import refusal

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ARN = "arn:aws:acm:eu-central-1:111122223333:certificate/1"
OTHER, THIRD = f"{ARN}2", f"{ARN}3"
WAITING: Mapping[str, Any] = {"Status": "PENDING_VALIDATION", "CreatedAt": NOW - timedelta(hours=30)}


class Described:
    """A client that has nothing but `describe_certificate`."""

    def __init__(self, answers: Mapping[str, Mapping[str, Any] | Exception]) -> None:
        self.asked: list[str] = []
        self._answers = answers

    def describe_certificate(self, *, CertificateArn: str) -> Mapping[str, Any]:  # noqa: N803
        self.asked.append(CertificateArn)
        answer = self._answers[CertificateArn]
        if isinstance(answer, Exception):
            raise answer
        return {"Certificate": answer}


def lines_of(answers: Mapping[str, Mapping[str, Any] | Exception], *further: object) -> tuple[list[Any], str]:
    """Return what is written of certificates, and how it ends."""
    written: list[str] = []
    failure = ""
    try:
        look = Look(Described(answers), written.append, lambda: NOW)
        handle({"certificate_arns": [*answers, *further]}, None, look=look)
    except Unavailable as error:
        failure = str(error)
    assert all(each.endswith("\n") and each.count("\n") == 1 for each in written)
    return [json.loads(each) for each in written], failure


def test_a_line_is_written_of_each_certificate() -> None:
    lines, failure = lines_of({ARN: WAITING, OTHER: WAITING})

    assert [(each[DIMENSION], each["HoursPendingValidation"]) for each in lines] == [(ARN, 30.0), (OTHER, 30.0)]
    assert failure == ""


def test_one_that_cannot_be_described_stops_no_other_and_fails_the_invocation() -> None:
    denied = refusal("DescribeCertificate", "AccessDeniedException", "no")
    gone = refusal("DescribeCertificate", "ResourceNotFoundException", "gone")

    lines, failure = lines_of({OTHER: denied, THIRD: gone, ARN: WAITING}, "no ARN")

    assert [each[DIMENSION] for each in lines] == [ARN]
    assert failure == (
        "certificates must be ones that this function may describe, got: acm:DescribeCertificate must be allowed, got "
        f"AccessDeniedException: no; {THIRD} does not exist; certificate_arns must be the ARN of a certificate in ACM, "
        "got 'no ARN'"
    )


def test_nothing_else_that_acm_says_of_a_certificate_is_written() -> None:
    (line,), _ = lines_of({ARN: {**WAITING, "DomainName": "harbour.example.com"}})

    assert "harbour" not in json.dumps(line)


def test_each_certificate_is_described_once() -> None:
    acm = Described({ARN: WAITING, OTHER: WAITING})

    handle({"certificate_arns": [ARN, OTHER]}, None, look=Look(acm, lambda _: None, lambda: NOW))

    assert acm.asked == [ARN, OTHER]


@pytest.mark.parametrize(
    "event",
    [{}, {"certificate_arns": []}, {"certificate_arns": ARN}, []],
    ids=["nothing", "none", "one text", "a list"],
)
def test_refuses_an_event_that_names_no_certificates(event: Any) -> None:
    with pytest.raises(InvalidEvent, match=r"^certificate_arns must be a list of ARNs, got "):
        handle(event, None, look=Look(Described({}), lambda _: None, lambda: NOW))


def test_what_is_written_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    handle({"certificate_arns": [ARN]}, None, look=Look(Described({ARN: WAITING}), clock=lambda: NOW))

    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)[DIMENSION] == ARN
