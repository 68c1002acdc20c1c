"""How many certificates are looked at; the function and its alarm are in test_certificate_watch.py."""

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.watching.certificate_look import check_room
from constructs_lib.watching.seen_certificates import read_certificates
from tests.support.telling_certificate import TellingCertificate
from tests.support.watch_scene import stack_of


def test_refuses_more_certificates_than_a_schedule_can_name() -> None:
    stack = stack_of()
    seen = read_certificates(stack, [TellingCertificate(stack, "Own", "a.example.com")])

    check_room(seen * 71)
    with pytest.raises(ConfigurationError, match=r"^certificates must be so many .* got 8136 of 72: share them out"):
        check_room(seen * 72)
