"""Whatever fails at whichever call, a stack ends with one certificate, the one it knows, or with none."""

import contextlib
from typing import Any

from botocore.exceptions import ConnectTimeoutError
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.fake_cloudformation import DeploymentFailed
from tests.support.fake_route53 import refusal
from tests.support.request_world import OUTSIDE, WANTED, RequestWorld


class LambdaBrokeOffError(BaseException):
    """The function ended without an answer; Lambda sends the same event again."""


FAILURES: dict[str, BaseException] = {
    "throttled": refusal("Call", "ThrottlingException", "later"),
    "denied for a moment": refusal("Call", "AccessDeniedException", "not yet"),
    "wrong": refusal("Call", "ValidationException", "no"),
    "unreachable": ConnectTimeoutError(endpoint_url="https://acm.eu-central-1.amazonaws.com/"),
    "unexpected": ZeroDivisionError(),
    "broken off": LambdaBrokeOffError(),
}
TEMPLATES: dict[str, dict[str, Any]] = {
    "wanted": WANTED,
    "another algorithm": {**WANTED, "KeyAlgorithm": "RSA_2048"},
    "a lost zone": {**WANTED, "Zones": [WANTED["Zones"][0], {**WANTED["Zones"][1], "HostedZoneId": "Z0LOST"}]},
    "outside": OUTSIDE,
    "other tags": {**WANTED, "Tags": [*WANTED["Tags"], {"Key": "team", "Value": "web"}]},
    "nonsense": {**WANTED, "KeyAlgorithm": "RSA_1024"},
}


def interrupted_world(failures: dict[int, str]) -> RequestWorld:
    """A world in which the calls of these numbers fail, once each."""
    world, left = RequestWorld(), dict(failures)
    numbers = iter(range(10_000))

    def before(_: str) -> None:
        failure = left.pop(next(numbers), None)
        if failure is not None:
            raise FAILURES[failure]

    world.acm.before = world.own.before = world.theirs.before = before
    invoke = world.invoke

    def repeated(event: dict[str, Any]) -> None:
        try:
            invoke(event)
        except LambdaBrokeOffError:
            repeated(event)

    world.stack.invoke = repeated
    return world


PASSING = ["throttled", "denied for a moment", "unreachable"]


def failures_of(kinds: list[str]) -> st.SearchStrategy[dict[int, str]]:
    return st.dictionaries(st.integers(0, 40), st.sampled_from(kinds), max_size=2)


# After a function that broke off only what passes: if ACM refused to say again what it has made, nobody could know.
@settings(max_examples=60)
@given(
    first=st.sampled_from(["wanted", "outside", "a lost zone", "nonsense"]),
    updates=st.lists(st.sampled_from(sorted(TEMPLATES)), max_size=3),
    failures=failures_of([*PASSING, "broken off"]) | failures_of([*PASSING, "wrong", "unexpected"]),
)
@example(first="wanted", updates=[], failures={1: "wrong"})  # ACM does not know the new certificate yet
def test_no_certificate_is_left_behind_unknown(first: str, updates: list[str], failures: dict[int, str]) -> None:
    world = interrupted_world(failures)
    stack, certificates = world.stack, world.acm.certificates
    try:
        stack.create(TEMPLATES[first])
    except DeploymentFailed:
        assert not certificates
        return

    for update in updates:
        with contextlib.suppress(DeploymentFailed):
            stack.update(TEMPLATES[update])
        told = " ".join(each.get("Reason", "") for each in stack.answers)
        unknown = {arn for arn in certificates if arn != stack.physical_id and f"{arn} is left behind" not in told}
        assert unknown == set()
        assert stack.physical_id in certificates

    for _ in range(1 + len(failures)):
        with contextlib.suppress(DeploymentFailed):
            stack.delete()
    assert stack.physical_id not in certificates
