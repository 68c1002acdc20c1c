import http.client
import json
import socket
import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws
from local_aws.credentials import Credentials
from tests.support.stack_operation import error_code

if TYPE_CHECKING:
    import boto3

pytestmark = pytest.mark.deploy


def test_its_administrator_is_a_user_of_its_account(aws: LocalAws) -> None:
    identity = aws.session().client("sts").get_caller_identity()

    assert identity["Arn"] == f"arn:aws:iam::{aws.account}:user/administrator"


def test_a_role_is_assumed_with_its_own_permissions(aws: LocalAws) -> None:
    role = aws.create_role("lister", {"Effect": "Allow", "Action": "kms:ListKeys", "Resource": "*"}, path="/team/")
    kms = aws.session(aws.assume(role, session_name="me")).client("kms")

    kms.list_keys()
    with pytest.raises(ClientError, match="assumed-role/lister/me is not authorized to perform: kms:CreateKey"):
        kms.create_key()


def test_who_asks_for_a_client_twice_gets_the_same_one_and_somebody_else_another(aws: LocalAws) -> None:
    kms = aws.session().client("kms")

    assert aws.session().client("kms") is kms
    assert aws.session().client("kms", region_name="us-west-2").meta.region_name == "us-west-2"
    assert aws.session().client("kms").meta.region_name == aws.region
    assert aws.session(aws.assume(aws.create_role("nobody"))).client("kms") is not kms


@pytest.mark.parametrize("access_key_id", ["test", "111122223333"])
@pytest.mark.parametrize(
    "call",
    [
        lambda session: session.client("kms").list_keys(),
        lambda session: session.client("s3").list_buckets(),
        lambda session: session.client("iam").list_roles(),
    ],
    ids=["kms", "s3", "iam"],
)
def test_refuses_the_root_keys_of_the_emulator(
    aws: LocalAws, access_key_id: str, call: Callable[["boto3.Session"], object]
) -> None:
    session = aws.session(Credentials(access_key_id=access_key_id, secret_access_key="test"))

    with pytest.raises(ClientError) as refused:
        call(session)

    assert error_code(refused.value) in {"UnrecognizedClientException", "InvalidAccessKeyId", "InvalidClientTokenId"}


def test_refuses_the_right_key_with_a_wrong_secret(aws: LocalAws) -> None:
    wrong = Credentials(access_key_id=aws.administrator.access_key_id, secret_access_key="wrong")

    with pytest.raises(ClientError, match="signature"):
        aws.session(wrong).client("kms").list_keys()


def _answer(aws: LocalAws, path: str, **headers: str) -> tuple[int, str]:
    """Post to the endpoint without a signature."""
    port = int(aws.endpoint_url.rsplit(":", 1)[1])
    trust = ssl.create_default_context(cafile=str(aws.ca_bundle))
    connection = http.client.HTTPSConnection("localhost", port, context=trust)
    try:
        connection.request("POST", path, body="{}", headers=headers)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def test_refuses_a_request_that_nobody_signed(aws: LocalAws) -> None:
    status, text = _answer(aws, "/", **{"X-Amz-Target": "TrentService.ListKeys"})

    assert (status, "MissingAuthenticationTokenException" in text) == (400, True)


def test_refuses_plain_http(aws: LocalAws) -> None:
    port = int(aws.endpoint_url.rsplit(":", 1)[1])

    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(b"GET /_ministack/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = connection.recv(1024)

    # Nothing, or the alert of a TLS server; never an HTTP answer.
    assert not answer.startswith(b"HTTP")


def test_refuses_clients_that_trust_other_authorities(aws: LocalAws) -> None:
    port = int(aws.endpoint_url.rsplit(":", 1)[1])
    others = ssl.create_default_context()

    with socket.create_connection(("127.0.0.1", port)) as connection, pytest.raises(ssl.SSLCertVerificationError):
        others.wrap_socket(connection, server_hostname="localhost")


@pytest.mark.parametrize("path", ["/_ministack/reset", "/_ministack/config", "/_localstack/health", "/health"])
def test_refuses_the_paths_of_the_emulator(aws: LocalAws, path: str) -> None:
    assert _answer(aws, path) == (404, "")


def test_two_of_them_have_nothing_in_common(aws: LocalAws) -> None:
    with LocalAws(region="us-west-2") as other:
        arn = other.session().client("kms").create_key()["KeyMetadata"]["Arn"]
        with pytest.raises(ClientError, match="not found"):
            aws.session().client("kms").describe_key(KeyId=arn)
        with pytest.raises(ClientError) as refused:
            aws.session(other.administrator).client("kms").list_keys()

    assert arn.startswith("arn:aws:kms:us-west-2:")
    assert error_code(refused.value) == "UnrecognizedClientException"


def test_no_secret_is_in_the_repr_of_credentials(aws: LocalAws) -> None:
    assert aws.administrator.secret_access_key not in repr(aws.administrator)


def test_its_environment_is_its_own(aws: LocalAws) -> None:
    environment = aws.environment()

    assert environment["AWS_ENDPOINT_URL"] == aws.endpoint_url
    assert environment["HOME"].endswith("/home")
    assert json.dumps(environment).count(aws.administrator.secret_access_key) == 1
