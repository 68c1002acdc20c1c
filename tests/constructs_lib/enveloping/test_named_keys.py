"""Keys of other Regions: read from their stack's output, and refused where nothing could be read."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from constructs_lib import ConfigurationError, EncryptionKey, EnvelopeEncryption, ExistingKey, MultiRegionKey
from constructs_lib.enveloping.named_keys import arn_for, check_reach
from tests.support.synthesised import granted, resources, template_of, violations

MINE, THEIRS = "111122223333", "444455556666"
STRENGTH = "@aws-cdk/core:defaultCrossStackReferences"
ARN = f"arn:aws:kms:us-east-1:{MINE}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
MakeApp = Callable[..., cdk.App]


@pytest.fixture
def app(make_app: MakeApp) -> cdk.App:
    return make_app(**{STRENGTH: "strong"})


def stack_of(app: cdk.App, name: str, region: str, account: str = MINE) -> cdk.Stack:
    return cdk.Stack(app, name, env=cdk.Environment(account=account, region=region))


@pytest.fixture
def here(app: cdk.App) -> cdk.Stack:
    return stack_of(app, "Here", "eu-west-1")


@pytest.fixture
def there(app: cdk.App) -> cdk.Stack:
    return stack_of(app, "There", "us-east-1")


def envelope(stack: cdk.Stack, *further_keys: kms.IKey) -> EnvelopeEncryption:
    return EnvelopeEncryption(
        stack,
        "Envelope",
        encryption_key=EncryptionKey(stack, "Key", alias="orders"),
        further_keys=further_keys,
        operations_key=kms.Key(stack, "LogKey"),
        required_context=["purpose"],
    )


def further(template: dict[str, Any]) -> list[Any]:
    functions = resources(template, "AWS::Lambda::Function").values()
    return [each["Properties"]["Environment"]["Variables"]["FURTHER_KEY_ARNS"] for each in functions]


def test_a_key_of_another_region_is_read_from_the_output_of_its_stack_whatever_the_app_prefers(
    here: cdk.Stack, there: cdk.Stack
) -> None:
    envelope(here, EncryptionKey(there, "Far", alias="far"))

    mine, theirs = template_of(here), template_of(there)

    (output,) = theirs["Outputs"]
    read = {"Fn::GetStackOutput": {"StackName": "There", "Region": "us-east-1", "OutputName": output}}
    assert further(mine) == [{"Fn::Join": ["", ['["', read, '"]']]}] * 2
    custom = [each["Type"] for template in (mine, theirs) for each in template["Resources"].values()]
    assert not [each for each in custom if each.startswith("Custom::CrossRegion")]
    assert there in here.dependencies


def test_its_policy_names_both_roles_and_theirs_name_it_by_its_alias(here: cdk.Stack, there: cdk.Stack) -> None:
    envelope(here, EncryptionKey(there, "Far", alias="far"))

    allowed = granted(template_of(there)).values()

    assert [each["Action"] for each in allowed] == ["kms:Decrypt", "kms:Encrypt"]
    assert all("aws:PrincipalArn" in each["Condition"]["ArnEquals"] for each in allowed)
    policies = str([each["Properties"] for each in resources(template_of(here), "AWS::IAM::Policy").values()])
    assert policies.count("{'ForAnyValue:StringEquals': {'kms:ResourceAliases': 'alias/far'}}") == 2


def test_a_replica_that_stands_here_names_the_key_elsewhere(app: cdk.App, here: cdk.Stack, there: cdk.Stack) -> None:
    key = MultiRegionKey(there, "Twin", alias="far", replicas=[stack_of(app, "Replicas", "eu-west-1")])

    assert arn_for(here, key) == arn_for(here, key.everywhere[0])
    envelope(here, key)
    assert "us-east-1" in str(further(template_of(here)))
    assert "Fn::GetStackOutput" not in str(further(template_of(here)))


def test_a_key_of_the_same_region_and_one_that_is_imported_are_named_as_ever(here: cdk.Stack, app: cdk.App) -> None:
    beside = EncryptionKey(stack_of(app, "Beside", "eu-west-1"), "Key", alias="beside")
    imported = ExistingKey.from_arn(here, "Existing", key_arn=ARN)

    check_reach(here, {"encryption_key": beside, "further_keys[0]": imported})
    assert (arn_for(here, beside), arn_for(here, imported)) == (beside.key_arn, ARN)


def test_refuses_a_bucket_under_a_further_key_of_another_region(here: cdk.Stack, there: cdk.Stack) -> None:
    key = EncryptionKey(there, "Far", alias="far")
    envelope(here, key)
    s3.Bucket(there, "Bucket", encryption_key=key)

    ((rule, said),) = violations(here)
    assert rule == "EnvelopeKeyElsewhere"
    assert "of stack There is encrypted under There/Far, the envelope key of" in said


def refusal(scope: cdk.Stack, key: kms.IKey) -> str:
    with pytest.raises(ConfigurationError) as refused:
        check_reach(scope, {"further_keys[0]": key})
    return str(refused.value)


def test_refuses_a_key_of_the_cdk_in_another_region(here: cdk.Stack, there: cdk.Stack) -> None:
    assert refusal(here, kms.Key(there, "Far")) == (
        "further_keys[0] must be a key of this library where its Region is another one, got There/Far in us-east-1: "
        "use EncryptionKey, or import it by its ARN, with ExistingKey.from_arn"
    )


def test_refuses_a_key_of_another_account(here: cdk.Stack, app: cdk.App) -> None:
    key = EncryptionKey(stack_of(app, "Theirs", "eu-west-1", THEIRS), "Key", alias="far")

    assert refusal(here, key).startswith(
        "further_keys[0] must be of the account and Stage of the functions, got Theirs/Key: import it by its ARN"
    )


def test_refuses_a_key_of_a_nested_stack_of_another_region(here: cdk.Stack, there: cdk.Stack) -> None:
    key = EncryptionKey(cdk.NestedStack(there, "Nested"), "Key", alias="far")

    assert refusal(here, key).startswith(
        "further_keys[0] must be in a stack that is not nested, whose outputs other Regions can read, got There/Nested"
    )


def test_refuses_a_key_of_other_regions_without_a_replica_here(here: cdk.Stack, there: cdk.Stack, app: cdk.App) -> None:
    key = MultiRegionKey(there, "Key", alias="far", replicas=[stack_of(app, "Third", "eu-central-1")])

    assert refusal(here, key).startswith(
        "further_keys[0] must have a replica in eu-west-1, where the functions are, got"
    )


def test_refuses_to_guess_which_region_a_stack_is_in(make_app: MakeApp) -> None:
    app = make_app()
    anywhere, there = (
        cdk.Stack(app, name, env=cdk.Environment(account=MINE, region=region))
        for name, region in (("Anywhere", None), ("There", "us-east-1"))
    )

    assert refusal(anywhere, EncryptionKey(there, "Key", alias="far")).startswith(
        "further_keys[0] must be in a stack of a known Region, as the functions must, where the Regions differ, got"
    )
