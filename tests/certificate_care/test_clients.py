import pytest

from certificate_care.clients import client, client_as


def test_a_client_is_made_once() -> None:
    assert client.__wrapped__ is not client


def test_a_client_of_a_role_signs_with_its_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    credentials = {"AccessKeyId": "ASIA", "SecretAccessKey": "secret", "SessionToken": "token"}

    made = client_as("sts", credentials)

    signed_by = made._request_signer._credentials
    assert (signed_by.access_key, signed_by.secret_key, signed_by.token) == ("ASIA", "secret", "token")
    assert made.meta.config.retries["mode"] == "standard"
