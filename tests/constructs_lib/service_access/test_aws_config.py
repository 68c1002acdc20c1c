"""What AWS Config needs from a key policy."""

from collections.abc import Callable

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.service_access import aws_config
from constructs_lib.service_access.service_use import ServiceUse


def test_write_to_bucket_gives_exactly_this() -> None:
    use = aws_config.write_to_bucket(account="111122223333")
    assert [each.render() for each in use.statements()] == [
        {
            "Sid": "ConfigWrites5bdcc6",
            "Effect": "Allow",
            "Principal": {"Service": "config.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}},
        }
    ]
    assert use.creator == ""


@pytest.mark.parametrize(
    ("function", "arguments", "argument"),
    [
        (aws_config.write_to_bucket, {"account": "1111"}, "account"),
    ],
)
def test_refuses_what_names_nothing_or_everything(
    function: Callable[..., ServiceUse], arguments: dict[str, str], argument: str
) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{argument} must be "):
        function(**arguments)
