import json
from collections.abc import Callable
from typing import Any

import pytest

from local_aws import LocalAws
from tests.support.iam_statement import allow
from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy

Stacks = Callable[..., StackOperation]
KNOWN = "known-to-the-test-only"
PARAMETERS = allow("ssm:PutParameter", "ssm:GetParameters", "ssm:ListTagsForResource", "ssm:AddTagsToResource")
READ = allow("secretsmanager:GetSecretValue")
DENY = {"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
READ_PREVIOUS = {**DENY, "Condition": {"StringEquals": {"secretsmanager:VersionStage": "AWSPREVIOUS"}}}


@pytest.fixture(scope="module")
def arn(aws: LocalAws) -> str:
    """Make a secret of two versions."""
    client: Any = aws.session().client("secretsmanager")
    arn: str = client.create_secret(Name="referred", SecretString=json.dumps({"token": KNOWN}))["ARN"]
    client.put_secret_value(SecretId=arn, SecretString=json.dumps({"token": f"{KNOWN}-2"}))
    client.put_resource_policy(
        SecretId=arn, ResourcePolicy=json.dumps({"Version": "2012-10-17", "Statement": READ_PREVIOUS})
    )
    return arn


def _copied(reference: str) -> dict[str, Any]:
    properties = {"Type": "String", "Value": reference, "Name": "copied"}
    return {"Copy": {"Type": "AWS::SSM::Parameter", "Properties": properties}}


def test_a_reference_is_resolved_for_the_handler_and_shown_to_nobody(
    aws: LocalAws, make_stacks: Stacks, arn: str
) -> None:
    reference = f"{{{{resolve:secretsmanager:{arn}:SecretString:token}}}}"
    stacks = make_stacks(PARAMETERS, READ, allow("ssm:DeleteParameter"))

    created = stacks.create(_copied(reference))

    session = aws.session()
    cloudformation = session.client("cloudformation")
    assert session.client("ssm").get_parameter(Name="copied")["Parameter"]["Value"] == f"{KNOWN}-2"
    shown = [
        cloudformation.get_template(StackName=created.name)["TemplateBody"],
        cloudformation.describe_stacks(StackName=created.name),
        cloudformation.describe_stack_resources(StackName=created.name),
        cloudformation.describe_stack_events(StackName=created.name),
    ]
    assert (created.status, KNOWN in str(shown)) == ("CREATE_COMPLETE", False)
    stacks.delete(created.name)


@pytest.mark.parametrize(
    ("statements", "ending", "text"),
    [
        ((PARAMETERS,), "", "not authorized to perform: secretsmanager:GetSecretValue"),
        ((PARAMETERS, READ), ":SecretString:token:AWSPREVIOUS", "explicit deny in a resource-based policy"),
    ],
    ids=["role", "policy of the secret"],
)
def test_refuses_a_reference_that_the_execution_role_may_not_read(
    make_stacks: Stacks, arn: str, statements: Any, ending: str, text: str
) -> None:
    created = make_stacks(*statements, allow("ssm:DeleteParameter")).create(
        _copied(f"{{{{resolve:secretsmanager:{arn}{ending}}}}}")
    )

    assert created.status == "ROLLBACK_COMPLETE"
    assert text in created.failures[0]


@pytest.mark.parametrize("is_allowed", [True, False])
def test_a_secure_parameter_is_read_under_its_key(
    aws: LocalAws, make_stacks: Stacks, make_key_policy: Callable[..., Any], account_root: str, *, is_allowed: bool
) -> None:
    use = {"Effect": "Allow", "Principal": {"AWS": account_root}, "Action": ["kms:Encrypt", "kms:Decrypt"]}
    policy = make_key_policy({**use, "Resource": "*"})
    key = aws.session().client("kms").create_key(Policy=json.dumps(policy))["KeyMetadata"]["KeyId"]
    name = f"/secure/{is_allowed}"
    aws.session().client("ssm").put_parameter(Name=name, Value=KNOWN, Type="SecureString", KeyId=key)
    decrypt = [allow("kms:Decrypt", **{"kms:ViaService": f"ssm.{aws.region}.amazonaws.com"})] if is_allowed else []

    created = make_stacks(PARAMETERS, *decrypt, allow("ssm:DeleteParameter")).create(
        _copied(f"{{{{resolve:ssm-secure:{name}}}}}")
    )

    assert (created.status == "CREATE_COMPLETE") is is_allowed
    assert is_allowed or "not authorized to perform: kms:Decrypt" in created.failures[0]
