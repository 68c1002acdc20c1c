import pytest

from certificate_care.current_secret import CurrentSecret, Version
from certificate_care.errors import AccessDenied, CertificateRefused, InvalidEvent, Unavailable
from tests.support.fake_secrets_manager import FIRST_VERSION, SECRET_ARN, FakeSecretsManager, deleted_now, secret_with


def test_reads_the_id_and_the_value_of_the_current_version_in_one_call() -> None:
    client = FakeSecretsManager({SECRET_ARN: secret_with("now", previous="before")})

    assert CurrentSecret(client, SECRET_ARN).read() == Version(FIRST_VERSION, "now")
    assert client.requests == [{"SecretId": SECRET_ARN, "VersionStage": "AWSCURRENT"}]


def test_shows_no_value() -> None:
    assert repr(Version("1", "a private key")) == "Version(version_id='1')"


def test_refuses_a_secret_without_a_value_and_says_what_to_put() -> None:
    client = FakeSecretsManager({SECRET_ARN: secret_with(None)})

    with pytest.raises(CertificateRefused) as refused:
        CurrentSecret(client, SECRET_ARN).read()

    assert str(refused.value) == (
        f"secret {SECRET_ARN} must exist and have a value that is labelled AWSCURRENT, got none: whoever may write it "
        "puts a JSON object with certificate, private_key and certificate_chain, each in PEM"
    )


def test_refuses_bytes() -> None:
    client = FakeSecretsManager({SECRET_ARN: secret_with(b"PKCS #12")})

    with pytest.raises(CertificateRefused, match=r"must hold a text .SecretString., got bytes"):
        CurrentSecret(client, SECRET_ARN).read()


def test_refuses_a_secret_that_will_be_deleted() -> None:
    secret = secret_with("now")
    secret.deleted = deleted_now()

    with pytest.raises(InvalidEvent, match="secretsmanager:GetSecretValue refused: InvalidRequestException"):
        CurrentSecret(FakeSecretsManager({SECRET_ARN: secret}), SECRET_ARN).read()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("AccessDeniedException", AccessDenied),
        ("DecryptionFailure", AccessDenied),
        ("InternalServiceError", Unavailable),
        ("ThrottlingException", Unavailable),
    ],
)
def test_says_who_can_do_something_where_it_is_not_answered(code: str, kind: type[Exception]) -> None:
    client = FakeSecretsManager({SECRET_ARN: secret_with("now")})
    client.refusals["GetSecretValue"] = [code]

    with pytest.raises(kind, match=code):
        CurrentSecret(client, SECRET_ARN).read()
