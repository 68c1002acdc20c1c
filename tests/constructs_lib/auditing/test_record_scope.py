"""A record is in a stack."""

import aws_cdk as cdk
import pytest
from constructs import Construct

from constructs_lib.auditing.record_scope import check_scope
from constructs_lib.errors import ConfigurationError


def test_a_construct_in_a_nested_stack_is_in_one() -> None:
    nested = cdk.NestedStack(cdk.Stack(cdk.App(), "Audit"), "Nested")

    check_scope(Construct(nested, "Record"))


def test_refuses_what_is_in_no_stack() -> None:
    app = cdk.App()

    for scope in (app, Construct(app, "Record"), None):
        with pytest.raises(
            ConfigurationError, match=r"^scope must be a stack or in one, got (a App|a Construct R|None)"
        ):
            check_scope(scope)  # type: ignore[arg-type]  # what it refuses
