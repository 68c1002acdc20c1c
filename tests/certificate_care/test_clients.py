import logging
from collections.abc import Iterator

import pytest

from certificate_care.clients import _session, client, client_as


@pytest.fixture(autouse=True)
def _process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in {
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "AKIA",
        "AWS_SECRET_ACCESS_KEY": "own",
    }.items():
        monkeypatch.setenv(name, value)
    client.cache_clear()
    _session.cache_clear()
    level = logging.getLogger("botocore").level
    yield
    logging.getLogger("botocore").setLevel(level)
    client.cache_clear()
    _session.cache_clear()


def test_a_client_is_made_once() -> None:
    assert client("sts") is client("sts")


def test_a_client_repeats_what_passes_and_does_not_wait_long() -> None:
    config = client("sts").meta.config

    assert (config.retries["mode"], config.connect_timeout, config.read_timeout) == ("standard", 5, 20)


def test_a_client_of_a_role_signs_with_its_credentials() -> None:
    credentials = {"AccessKeyId": "ASIA", "SecretAccessKey": "secret", "SessionToken": "token"}

    signed_by = client_as("sts", credentials)._request_signer._credentials

    assert (signed_by.access_key, signed_by.secret_key, signed_by.token) == ("ASIA", "secret", "token")


def test_bodies_are_not_logged_where_somebody_sets_the_level_to_debug(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client("sts")

    assert not logging.getLogger("botocore.endpoint").isEnabledFor(logging.INFO)
    assert not logging.getLogger("botocore.parsers").isEnabledFor(logging.INFO)
