from pathlib import Path

import click
import pytest

from envelope.errors import KeyAccessDenied
from kms_envelope.aws_clients import BotoClients


@pytest.fixture(autouse=True)
def configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No AWS configuration but the one that a test writes."""
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    (tmp_path / "config").write_text(
        "[profile backup]\nregion = eu-west-1\naws_access_key_id = AKIA\naws_secret_access_key = secret\n"
        "[profile broken]\naws_access_key_id = AKIA\n"
    )
    return tmp_path


def test_a_profile_gives_credentials_and_the_region_of_s3() -> None:
    s3 = BotoClients("backup", None, None).s3()

    assert s3.meta.region_name == "eu-west-1"
    assert s3.meta.endpoint_url == "https://s3.eu-west-1.amazonaws.com"


def test_kms_is_the_one_of_the_key() -> None:
    kms: object = BotoClients("backup", "us-east-1", None).kms("eu-central-1")

    assert getattr(kms, "meta").endpoint_url == "https://kms.eu-central-1.amazonaws.com"  # noqa: B009  # botocore's


def test_region_and_endpoint_are_those_of_the_command_line() -> None:
    s3 = BotoClients("backup", "us-east-2", "https://localhost:4566").s3()

    assert (s3.meta.region_name, s3.meta.endpoint_url) == ("us-east-2", "https://localhost:4566")


def test_refuses_to_go_on_without_credentials() -> None:
    with pytest.raises(KeyAccessDenied, match=r"^AWS credentials must be in the environment or .*, got none$"):
        BotoClients(None, None, None).s3()


def test_refuses_credentials_that_are_no_use() -> None:
    with pytest.raises(KeyAccessDenied, match=r"^AWS credentials must be valid, got PartialCredentialsError"):
        BotoClients("broken", None, None).s3()


def test_refuses_a_profile_that_is_not_there() -> None:
    with pytest.raises(click.UsageError, match="none"):
        BotoClients("none", None, None).s3()


def test_refuses_an_endpoint_that_is_none() -> None:
    with pytest.raises(click.UsageError, match="Invalid endpoint"):
        BotoClients("backup", None, "https://no where").s3()
