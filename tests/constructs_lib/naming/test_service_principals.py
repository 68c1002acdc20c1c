from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.service_principals import ServicePrincipals, check_key
from constructs_lib.naming.token_text import TokenText
from constructs_lib.principals import Permission, Principal
from constructs_lib.service_access.cloudwatch_logs import encrypt_log_group
from constructs_lib.service_access.ebs import launch_from_auto_scaling
from constructs_lib.service_access.route53 import sign_zone
from constructs_lib.service_access.sqs import receive

MakeApp = Callable[..., cdk.App]
IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")
ZONE = sign_zone(hosted_zone_id="Z1A2B3")


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "Orders", env=IRELAND)


@pytest.fixture
def here(stack: cdk.Stack) -> ServicePrincipals:
    return ServicePrincipals(stack, TokenText(stack))


def test_placeholders_become_what_the_stack_says_of_itself(here: ServicePrincipals) -> None:
    (allowance,) = encrypt_log_group(log_group_name="orders").running
    (permission,) = here.admitted(allowance, ("kms:Decrypt",))

    assert permission == Permission(
        Principal("Service", "logs.eu-west-1.${AWS::URLSuffix}"),
        ("kms:Decrypt",),
        {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": ("arn:aws:logs:eu-west-1:111122223333:log-group:orders",)}},
    )


def test_a_role_that_is_always_the_same_is_named_by_its_arn(here: ServicePrincipals) -> None:
    found = {each.principal.value for part in launch_from_auto_scaling().running for each in here.admitted(part, ())}

    linked = "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
    assert found == {f"arn:aws:iam::111122223333:{linked}"}


def test_a_caller_comes_under_the_conditions_of_the_use(stack: cdk.Stack, here: ServicePrincipals) -> None:
    (allowance,) = receive(queue_name="orders").running
    role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
    conditions = here.calling(role, allowance).policy_fragment.conditions

    assert stack.resolve(conditions)["StringEquals"]["kms:ViaService"] == "sqs.eu-west-1.amazonaws.com"


def test_a_key_that_suits_passes() -> None:
    check_key(ZONE, key_spec="ECC_NIST_P256", region="us-east-1")
    check_key(ZONE, key_spec="ECC_NIST_P256", region=cdk.Aws.REGION)
    check_key(receive(), key_spec="SYMMETRIC_DEFAULT", region="eu-west-1")


@pytest.mark.parametrize(
    ("spec", "region", "said"),
    [
        ("ECC_NIST_P384", "us-east-1", "takes ECC_NIST_P256, got a key of ECC_NIST_P384"),
        ("ECC_NIST_P256", "eu-west-1", "takes a key in us-east-1, got one in eu-west-1"),
    ],
)
def test_refuses_a_key_for_which_the_use_does_not_work(spec: str, region: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^use must suit the key: Route 53: .* {said}$"):
        check_key(ZONE, key_spec=spec, region=region)
