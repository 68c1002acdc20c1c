from collections.abc import Callable

import aws_cdk as cdk
import pytest

from constructs_lib.at_synthesis import at_synthesis
from tests.support.announcements import announcements

MakeApp = Callable[..., cdk.App]


def stack_with(app: cdk.App) -> cdk.Stack:
    stack = cdk.Stack(app, "S")
    cdk.CfnOutput(stack, "Output", value="something")
    return stack


def test_what_a_check_returns_makes_the_synthesis_fail(make_app: MakeApp) -> None:
    stack = stack_with(make_app())
    at_synthesis(stack, lambda: ["alias must be another"])

    with pytest.raises(RuntimeError, match=r"\[S\] alias must be another"):
        cdk.App.of(stack).synth()  # type: ignore[union-attr]  # it is in an app


def test_a_check_may_announce_what_is_known_by_then(make_app: MakeApp) -> None:
    app = make_app()
    stack = stack_with(app)
    seen: list[str] = []

    def check() -> list[str]:
        cdk.Annotations.of(stack).add_warning_v2("key-management:seen", f"saw {', '.join(seen)}")
        return []

    at_synthesis(stack, check)
    seen.append("what came later")

    assert announcements(app.synth().directory, "S", "warning") == ["saw what came later [ack: key-management:seen]"]
