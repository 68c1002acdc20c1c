"""What must be looked at in time; the function and the alarms themselves are in test_secret_watch.py."""

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.watching.overdue import check_room
from constructs_lib.watching.seen_secrets import SeenSecret
from constructs_lib.wiring.secret_in_records import SecretInRecords
from tests.support.told_secrets import SECRET_ARN
from tests.support.watch_scene import stack_of


def seen(count: int, arn: str) -> list[SeenSecret]:
    from aws_cdk import aws_secretsmanager as secretsmanager  # noqa: PLC0415  # only here

    secret = secretsmanager.Secret.from_secret_complete_arn(stack_of(), "There", SECRET_ARN)
    return [SeenSecret(secret=secret, name=SecretInRecords(arn=arn, called="orders"), is_rotated=True)] * count


def test_a_schedule_names_as_many_secrets_as_event_bridge_tells_a_target() -> None:
    arn = f"{SECRET_ARN:x<97}"

    check_room(seen(80, arn))
    with pytest.raises(
        ConfigurationError,
        match=r"^secrets must be so many that their ARNs have 8092 characters together, got 8100 of 81: share them out",
    ):
        check_room(seen(81, arn))
