"""What calls itself secret, or looks so, does not get into a template by chance."""

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.contents import DatabaseEngine, Generated
from constructs_lib.secrets.plain_secrets import check_not_secret

PEM = "-----BEGIN {}-----\nMIIB\n"
SIGNED = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    "name",
    ["password", "db_password", "dbPassword2", "client-secret", "token", "api_key", "apiKeys", "private_key", "PWD"],
)
def test_refuses_a_field_that_calls_itself_secret(name: str) -> None:
    with pytest.raises(
        ConfigurationError, match=f"{name} must be nothing secret.* got such a name.* unsafe_value"
    ) as no:
        Generated.json(fields={name: "hunter2"}, generated_field="drawn")

    assert "hunter2" not in str(no.value)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (PEM.format("PRIVATE KEY"), "a private key"),
        (PEM.format("RSA PRIVATE KEY"), "a private key"),
        (PEM.format("OPENSSH PRIVATE KEY"), "a private key"),
        ("AKIAIOSFODNN7EXAMPLE", "an access key of AWS"),
        (SIGNED, "a signed token"),
        ("postgres://app:hunter2@db.example.com/app", "an address with a password"),
    ],
)
def test_refuses_a_value_that_looks_secret_without_repeating_it(value: str, kind: str) -> None:
    with pytest.raises(ConfigurationError, match=f"note must be nothing secret.* got {kind}") as refused:
        Generated.json(fields={"note": value}, generated_field="drawn")
    with pytest.raises(ConfigurationError, match="host must be nothing secret"):
        Generated.database(engine=DatabaseEngine.POSTGRES, username="app", host=value)

    assert value not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("token_url", "https://login.example.com:8443/token"),
        ("password_length", "48"),
        ("secret_arn", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders-AbCdEf"),
        ("certificate", PEM.format("CERTIFICATE")),
        ("public_key", PEM.format("PUBLIC KEY")),
        ("access_key_id", "of the partner"),
    ],
)
def test_what_is_not_secret_is_taken(name: str, value: str) -> None:
    check_not_secret(name, value)


def test_what_is_in_a_field_is_in_no_repr() -> None:
    assert "hunter2" not in repr(Generated.json(fields={"note": "hunter2"}, generated_field="drawn"))
