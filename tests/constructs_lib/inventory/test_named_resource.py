"""Which resources of statements name a certificate."""

from typing import Any

import pytest

from constructs_lib.guardrails.template_values import Located
from constructs_lib.inventory.named_resource import DRAWN, NamedResource
from tests.support.certificate_templates import certificate, references_of, resource

REFERENCES = references_of(S={"Cert": certificate(), "Other": certificate(), "Gate": resource("Custom::X")})
CERT = NamedResource(
    places=frozenset((Located("S", "Cert"),)), arn=f"arn:aws:acm:eu-west-1:111122223333:certificate/{DRAWN}"
)
ANY = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":acm:", {"Ref": "AWS::Region"}, ":1*3:certificate/*"]]}


@pytest.mark.parametrize(
    ("value", "may", "sure"),
    [
        ({"Ref": "Cert"}, True, True),
        ({"Ref": "Other"}, False, False),
        ("*", True, True),
        (ANY, True, False),
        ("arn:aws:acm:*:111122223333:certificate/*", True, True),
        ("arn:aws:acm:us-east-1:111122223333:certificate/*", False, False),
        ("arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d-0000", False, False),
        ({"Ref": "Parameter"}, True, False),
    ],
    ids=[
        "its own",
        "another",
        "all",
        "all by tokens",
        "all of the account",
        "of another Region",
        "literal",
        "parameter",
    ],
)
def test_what_a_statement_names_may_be_it_or_is_it(value: Any, *, may: bool, sure: bool) -> None:
    assert CERT.may_be_meant(REFERENCES, "S", value) is may
    assert CERT.is_meant(REFERENCES, "S", value) is sure
