from collections.abc import Mapping
from typing import Any

import pytest

from certificate_care.assumed_role import credentials_of
from certificate_care.errors import AccessDenied, Unavailable
from tests.support.fake_route53 import refusal

ROLE = "arn:aws:iam::444455556666:role/certificates"
CREDENTIALS = {"AccessKeyId": "ASIA", "SecretAccessKey": "secret", "SessionToken": "token"}


class Sts:
    """Gives credentials to whoever knows the external id that the role asks for."""

    def __init__(self, *, wants: str = "", answer: Mapping[str, Any] | None = None) -> None:
        self.asked: list[dict[str, str | int]] = []
        self._wants, self._answer = wants, {"Credentials": CREDENTIALS} if answer is None else answer

    def assume_role(self, **arguments: str | int) -> Mapping[str, Any]:
        self.asked.append(arguments)
        if arguments.get("ExternalId", "") != self._wants:
            raise refusal("AssumeRole", "AccessDenied", "not authorized to perform: sts:AssumeRole", status=403)
        return self._answer


def test_a_role_is_assumed_for_the_shortest_time_and_under_a_name() -> None:
    sts = Sts()

    found = credentials_of(sts, role_arn=ROLE, external_id="", session_name="cdk-Certificate")

    assert found == CREDENTIALS
    assert sts.asked == [{"RoleArn": ROLE, "RoleSessionName": "cdk-Certificate", "DurationSeconds": 900}]


def test_an_external_id_is_told() -> None:
    found = credentials_of(Sts(wants="shop-1"), role_arn=ROLE, external_id="shop-1", session_name="cdk-Certificate")

    assert found == CREDENTIALS


def test_a_long_session_name_is_cut_to_what_sts_takes() -> None:
    sts = Sts()

    credentials_of(sts, role_arn=ROLE, external_id="", session_name="x" * 255)

    assert sts.asked[0]["RoleSessionName"] == "x" * 64


def test_a_role_that_asks_for_another_external_id_is_denied() -> None:
    with pytest.raises(AccessDenied, match=r"^sts:AssumeRole must be allowed, got AccessDenied: "):
        credentials_of(Sts(wants="shop-1"), role_arn=ROLE, external_id="shop-2", session_name="cdk-Certificate")


def test_refuses_an_answer_without_credentials() -> None:
    with pytest.raises(Unavailable, match=r"^sts:AssumeRole must answer with credentials, got none$"):
        credentials_of(Sts(answer={}), role_arn=ROLE, external_id="", session_name="cdk-Certificate")
