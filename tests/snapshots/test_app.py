from collections.abc import Callable

import aws_cdk as cdk
import pytest
from syrupy.assertion import SnapshotAssertion

from app import reference_app


@pytest.mark.parametrize("stack", ["Keys", "Workload"])
def test_the_template_of_the_reference_app_is_as_reviewed(
    stack: str, make_app: Callable[..., cdk.App], template_snapshot: SnapshotAssertion
) -> None:
    app = make_app()
    reference_app(app)

    template = app.synth().get_stack_by_name(stack).template

    assert template == template_snapshot
