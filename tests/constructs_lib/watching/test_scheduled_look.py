"""How much a schedule can say; what it is otherwise is in test_secret_watch.py and test_certificate_watch.py."""

import aws_cdk as cdk
import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.watching.scheduled_look import check_room


def test_a_schedule_names_as_many_as_event_bridge_tells_a_target() -> None:
    check_room("certificates", ["a" * 97] * 80, longest_made=0)
    with pytest.raises(
        ConfigurationError,
        match=r"^certificates must be so many that their ARNs have 8092 characters together, got 8100 of 81: share",
    ):
        check_room("certificates", ["a" * 97] * 81, longest_made=0)


def test_an_arn_that_nobody_knows_yet_is_as_long_as_it_can_be() -> None:
    unknown = cdk.Aws.ACCOUNT_ID

    check_room("certificates", [unknown] * 80, longest_made=97)
    with pytest.raises(ConfigurationError, match=r"got 8181 of 81"):
        check_room("certificates", [unknown] * 81, longest_made=98)
