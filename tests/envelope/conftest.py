"""One stand-in for S3 for all tests of this folder, emptied for each."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.s3_server import serving
from tests.support.s3_stand_in import S3StandIn

_current: list[S3StandIn] = []


@pytest.fixture(scope="session")
def s3() -> Iterator[Any]:
    """A client of botocore's."""
    with serving(lambda: _current[-1]) as client:
        yield client


@pytest.fixture
def storage() -> S3StandIn:
    """What the client talks to: no objects, no faults."""
    _current[:] = [S3StandIn()]
    return _current[-1]
