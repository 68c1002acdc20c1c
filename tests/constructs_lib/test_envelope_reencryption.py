"""EnvelopeReencryption: one role that decrypts under old keys and makes data keys under the new one."""

from collections.abc import Callable
from typing import Any, cast

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from constructs_lib import AlgorithmSuite, CommitmentPolicy, ConfigurationError, EnvelopeReencryption
from tests.support.function_roles import actions_by_resource, statements_by_handler, variables_by_handler
from tests.support.synthesised import resources, template_of, written

HANDLER = "envelope.handler.reencrypt"
MakeApp = Callable[..., cdk.App]


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "Orders")


def arn(number: int) -> str:
    return f"arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-{number:012}"


def imported(stack: cdk.Stack, number: int) -> kms.IKey:
    scope = stack.node.try_find_child(f"Key{number}") or Construct(stack, f"Key{number}")
    return kms.Key.from_key_arn(cast("Construct", scope), str(len(scope.node.children)), arn(number))


def migration(stack: cdk.Stack, **changed: Any) -> EnvelopeReencryption:
    arguments: dict[str, Any] = {"from_keys": [imported(stack, 1)], "to_key": imported(stack, 2), **changed}
    operations_key = kms.Key(stack, "Operations", enable_key_rotation=True)
    return EnvelopeReencryption(
        stack, "Migration", operations_key=operations_key, required_context=["purpose"], **arguments
    )


def test_it_decrypts_under_the_old_keys_and_makes_data_keys_under_the_new_one(stack: cdk.Stack) -> None:
    migration(stack, from_keys=[imported(stack, 1), imported(stack, 3)], further_keys=[imported(stack, 4)])

    assert actions_by_resource(statements_by_handler(template_of(stack))[HANDLER]) == {
        arn(1): {"kms:Decrypt"},
        arn(3): {"kms:Decrypt"},
        arn(2): {"kms:GenerateDataKey"},
        arn(4): {"kms:Encrypt"},
    }


def test_under_one_key_it_may_do_both(stack: cdk.Stack) -> None:
    key = imported(stack, 1)
    migration(stack, from_keys=[key], to_key=key)

    template = template_of(stack)

    assert actions_by_resource(statements_by_handler(template)[HANDLER]) == {
        arn(1): {"kms:Decrypt", "kms:GenerateDataKey"}
    }


def test_the_function_is_told_both_sides(stack: cdk.Stack) -> None:
    migration(
        stack,
        from_keys=[imported(stack, 1), imported(stack, 3)],
        further_keys=[imported(stack, 4)],
        algorithm_suite=AlgorithmSuite.COMMITTING_SIGNED,
        commitment_policy=CommitmentPolicy.UNSAFE_ALLOW_WITHOUT_DERIVATION,
    )

    assert variables_by_handler(template_of(stack)) == {
        HANDLER: {
            "ENVELOPE_KEY_ARN": arn(1),
            "FURTHER_KEY_ARNS": f'["{arn(3)}"]',
            "NEW_KEY_ARN": arn(2),
            "NEW_FURTHER_KEY_ARNS": f'["{arn(4)}"]',
            "REQUIRED_CONTEXT_KEYS": '["purpose"]',
            "ALGORITHM_SUITE": "0578",
            "COMMITMENT_POLICY": "UNSAFE_ALLOW_WITHOUT_DERIVATION",
        }
    }


def test_objects_are_read_here_and_written_there(stack: cdk.Stack) -> None:
    bucket = s3.Bucket.from_bucket_name(stack, "Bucket", "orders")
    migration(stack).reencrypt_objects(
        source=bucket, source_prefix="old/", destination=bucket, destination_prefix="new/"
    )

    template = template_of(stack)

    allowed = actions_by_resource(statements_by_handler(template)[HANDLER])
    assert allowed["arn:${AWS::Partition}:s3:::orders/old/*"] == {"s3:GetObject", "s3:GetObjectVersion"}
    assert allowed["arn:${AWS::Partition}:s3:::orders/new/*"] == {"s3:AbortMultipartUpload", "s3:PutObject"}
    (function,) = resources(template, "AWS::Lambda::Function").values()
    assert (function["Properties"]["MemorySize"], function["Properties"]["Timeout"]) == (1769, 900)


def test_a_grant_is_for_the_function_alone(stack: cdk.Stack) -> None:
    caller = iam.Role(stack, "Caller", assumed_by=iam.AccountRootPrincipal())
    migration(stack).grant_invoke(caller)

    policies = resources(template_of(stack), "AWS::IAM::Policy")
    (policy,) = (each["Properties"] for name, each in policies.items() if name.startswith("Caller"))
    (statement,) = written(policy["PolicyDocument"]["Statement"])
    assert statement["Action"] == "lambda:InvokeFunction"
    assert "*" not in statement["Resource"]


def test_refuses_to_read_under_no_key(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^from_keys must name at least one key, got none$"):
        migration(stack, from_keys=[])


def test_refuses_a_bucket_under_the_old_or_the_new_key(stack: cdk.Stack) -> None:
    old = kms.Key(stack, "Old")
    both = migration(stack, from_keys=[old])
    bucket = s3.Bucket(stack, "Bucket", encryption_key=old)

    with pytest.raises(ConfigurationError, match=r"^source must be encrypted under a key of its own"):
        both.reencrypt_objects(source=bucket, destination=s3.Bucket(stack, "Other"))


def test_refuses_to_let_nobody_invoke_it(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^grantee must be IAM principals"):
        migration(stack).grant_invoke("x")  # type: ignore[arg-type]
