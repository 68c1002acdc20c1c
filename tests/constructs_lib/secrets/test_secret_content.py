"""What every content says, and what names fields have."""

import aws_cdk as cdk
import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.secret_content import Content, check_field_names


def test_a_content_draws_nothing_by_itself() -> None:
    assert Content(field_names=None).generate_secret_string is None


@pytest.mark.parametrize("name", ["", "a:b", 1, cdk.Aws.REGION], ids=["empty", "colon", "number", "token"])
def test_refuses_names_that_a_reference_could_not_say(name: object) -> None:
    with pytest.raises(ConfigurationError, match="fields must be names without a colon"):
        check_field_names("fields", ["good", name])
