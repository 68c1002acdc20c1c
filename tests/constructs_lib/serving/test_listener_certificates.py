"""How many certificates a listener serves, and what each is called."""

from typing import Any

import pytest
from aws_cdk import aws_certificatemanager as acm

from constructs_lib import ConfigurationError
from constructs_lib.serving.listener_certificates import name_certificates, serve_certificates
from tests.support.served_app import ELSEWHERE_ARN, new_stack


def test_the_first_is_served_by_default_and_each_has_a_name() -> None:
    stack = new_stack()
    given = [
        acm.Certificate.from_certificate_arn(stack, name, ELSEWHERE_ARN.replace("1234-1", f"{name}-1"))
        for name in ("a", "b")
    ]

    assert name_certificates(given) == {"certificates[0]": given[0], "certificates[1]": given[1]}
    assert [each.certificate_arn for each in serve_certificates(given)] == [each.certificate_arn for each in given]


@pytest.mark.parametrize(("count", "got"), [(0, "0"), (27, "27")], ids=["none", "too many"])
def test_refuses_other_numbers_of_certificates(count: int, got: str) -> None:
    given: Any = ["certificate"] * count

    with pytest.raises(ConfigurationError, match=f"certificates must be 1 to 26 certificates, got {got}"):
        name_certificates(given)


def test_refuses_a_certificate_that_is_no_list_of_them() -> None:
    given: Any = acm.Certificate.from_certificate_arn(new_stack(), "One", ELSEWHERE_ARN)

    with pytest.raises(ConfigurationError, match=r"certificates must be 1 to 26 certificates, got an? "):
        name_certificates(given)
