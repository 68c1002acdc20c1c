"""What the page about serving certificates says is what the code does."""

import re
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.serving.tls_policy import SECURITY_POLICIES, MinimumTls
from constructs_lib.wiring.certificate_facts import KeyAlgorithm
from constructs_lib.wiring.certificate_targets import Target

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "serving-certificates.md").read_text()
NAMES = {
    "Application Load Balancer": Target.APPLICATION_LOAD_BALANCER,
    "Network Load Balancer": Target.NETWORK_LOAD_BALANCER,
    "REST API, Regional": Target.REST_API,
    "REST API, edge-optimized": Target.EDGE_OPTIMIZED_API,
    "HTTP API, WebSocket API": Target.HTTP_API,
    "CloudFront": Target.CLOUDFRONT,
    "Cognito user pool": Target.COGNITO,
}
COLUMNS = [
    KeyAlgorithm.RSA_2048,
    KeyAlgorithm.RSA_3072,
    KeyAlgorithm.RSA_4096,
    KeyAlgorithm.ECDSA_P256,
    KeyAlgorithm.ECDSA_P384,
    KeyAlgorithm.ECDSA_P521,
]


def rows_below(heading: str) -> dict[Target, list[str]]:
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    return {NAMES[first]: rest for first, *rest in cells if first in NAMES}


@pytest.fixture(scope="module")
def shown() -> dict[str, Any]:
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    known: dict[str, Any] = {}
    exec(block, known)  # noqa: S102  # as it stands on the page
    return known


def test_the_app_of_the_page_is_defined_as_it_stands(shown: dict[str, Any]) -> None:
    assert shown["https"].listener.node.path == "Shop/Https/Listener"
    assert shown["site"].distribution.node.path == "Shop/Site/Distribution"
    assert [each.node.id for each in shown["https"].node.children] == [
        "Listener",
        "Redirect",
        "shop.example.com A",
    ]


def test_the_policies_of_the_page_are_those_that_services_get() -> None:
    rows = rows_below("Which policy, and why")

    assert {target: row[1:3] for target, row in rows.items()} == {
        target: [
            f"`{offered[MinimumTls.TLS_1_2]}`",
            f"`{offered[MinimumTls.TLS_1_3]}`" if MinimumTls.TLS_1_3 in offered else "none",
        ]
        for target, offered in SECURITY_POLICIES.items()
    }


def test_a_policy_whose_name_promises_it_is_post_quantum_on_the_page() -> None:
    for target, row in rows_below("Which policy, and why").items():
        promised = "PQ" in SECURITY_POLICIES[target][MinimumTls.TLS_1_2]
        assert row[3].startswith(("yes", "by default")) is (promised or target is Target.CLOUDFRONT)


def test_the_key_algorithms_of_the_page_are_those_that_services_take() -> None:
    assert rows_below("Key algorithms") == {
        target: ["yes" if target.takes(algorithm) else "no" for algorithm in COLUMNS] for target in Target
    }


def test_every_construct_of_the_page_exists() -> None:
    from constructs_lib.serving import (  # noqa: PLC0415  # the other tests of this page need none of them
        http_api_domain,
        https_listener,
        rest_api_domain,
        secure_distribution,
        tls_listener,
        user_pool_domain,
    )

    rooms = (http_api_domain, https_listener, rest_api_domain, secure_distribution, tls_listener, user_pool_domain)
    named = {row[0].strip("`") for row in rows_below("Which policy, and why").values()}

    assert named == {name for room in rooms for name in vars(room) if name in named}
