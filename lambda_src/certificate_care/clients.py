"""The AWS clients of the certificate functions: made when they are needed first, and once."""

import logging
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import botocore.session
from botocore.config import Config

_CONFIG: Final = Config(connect_timeout=5, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 6})


@cache
def _session() -> botocore.session.Session:
    # At the level DEBUG botocore logs the bodies of requests and answers, which hold private keys and credentials. This
    # holds even where somebody sets the function's log level to DEBUG.
    logging.getLogger("botocore").setLevel(logging.WARNING)
    return botocore.session.get_session()


@cache
def client(service: str) -> Any:  # noqa: ANN401  # botocore makes its clients' methods when it runs
    """Give a client with the function's own credentials, in its own Region.

    Args:
        service: By its name in botocore.
    """
    return _session().create_client(service, config=_CONFIG)


def client_as(service: str, credentials: Mapping[str, str]) -> Any:  # noqa: ANN401  # as above
    """Make a client with the credentials of a role.

    Args:
        service: By its name in botocore.
        credentials: What `AssumeRole` answered with.
    """
    return _session().create_client(
        service,
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
        config=_CONFIG,
    )
