from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws
from tests.support.iam_statement import allow

pytestmark = pytest.mark.deploy

PARAMETERS = allow("ssm:*")
VIA = {"kms:ViaService": "ssm.eu-central-1.amazonaws.com"}


@pytest.fixture
def key(make_key: Callable[..., str], delegated: dict[str, Any]) -> str:
    """Make a key that leaves its use to IAM."""
    return make_key({**delegated, "Action": [*delegated["Action"], "kms:Encrypt"]})


@pytest.mark.parametrize(("tier", "action"), [("Standard", "kms:Encrypt"), ("Advanced", "kms:GenerateDataKey")])
def test_a_secure_string_is_written_and_read_by_who_may_use_the_key(
    aws: LocalAws, key: str, make_client: Callable[..., Any], tier: str, action: str
) -> None:
    name = f"/at-rest/{tier}"
    arn = {"kms:EncryptionContext:PARAMETER_ARN": f"arn:aws:ssm:{aws.region}:{aws.account}:parameter{name}"}
    writer = make_client("ssm", PARAMETERS, allow(action, **VIA, **arn))
    reader = make_client("ssm", PARAMETERS, allow("kms:Decrypt", **VIA, **arn))

    writer.put_parameter(Name=name, Value="v", Type="SecureString", KeyId=key, Tier=tier)

    assert reader.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"] == "v"
    assert writer.get_parameter(Name=name)["Parameter"]["Value"] != "v"
    with pytest.raises(ClientError, match=r"AccessDeniedException.*not authorized to perform: kms:Decrypt"):
        writer.get_parameters(Names=[name], WithDecryption=True)
    with pytest.raises(ClientError, match=f"AccessDeniedException.*not authorized to perform: {action}"):
        reader.put_parameter(Name=name, Value="w", KeyId=key, Overwrite=True)


def test_refuses_a_secure_string_under_a_disabled_key(aws: LocalAws, key: str) -> None:
    ssm = aws.session().client("ssm")
    ssm.put_parameter(Name="/at-rest/disabled", Value="v", Type="SecureString", KeyId=key)
    aws.session().client("kms").disable_key(KeyId=key)

    with pytest.raises(ClientError, match=r"InvalidKeyId.*is disabled"):
        ssm.get_parameter(Name="/at-rest/disabled", WithDecryption=True)
