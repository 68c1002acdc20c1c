"""What is encrypted under an envelope key besides messages is found, whatever it is and however the key is named."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

from constructs_lib import EncryptionKey, EnvelopeEncryption, EnvelopeReencryption, MultiRegionKey
from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.envelope_keys_elsewhere import REMEDY, EnvelopeKeyElsewhere, envelope_keys_elsewhere
from constructs_lib.guardrails.template_values import Located
from tests.support.synthesised import violations

MakeApp = Callable[..., cdk.App]
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ARN = {"Fn::GetAtt": ["Key", "Arn"]}
FUNCTION = Located("S", "Function")
KEY = Located("S", "Key")


def function(name: str, value: Any, handler: str = "envelope.handler.encrypt") -> dict[str, Any]:
    properties = {"Handler": handler, "Environment": {"Variables": {name: value}}}
    return {"Type": "AWS::Lambda::Function", "Properties": properties}


def found(told: dict[str, Any], **resources: dict[str, Any]) -> list[EnvelopeKeyElsewhere]:
    template = {"Key": {"Type": "AWS::KMS::Key", "Properties": {}}, "Function": told, **resources}
    return envelope_keys_elsewhere(CloudTemplates({"S": {"Resources": template}}))


def queue(key: Any) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": {"KmsMasterKeyId": key}}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENVELOPE_KEY_ARN", ARN),
        ("NEW_KEY_ARN", {"Fn::Sub": "${Key.Arn}"}),
        ("FURTHER_KEY_ARNS", {"Fn::Join": ["", ['["', ARN, '"]']]}),
        ("NEW_FURTHER_KEY_ARNS", {"Fn::Join": ["", ['["', {"Ref": "Other"}, '","', ARN, '"]']]}),
    ],
)
@pytest.mark.parametrize("used", [ARN, {"Ref": "Key"}, {"Fn::Sub": "${Key}"}, {"Fn::Sub": "${Key.Arn}"}])
def test_a_key_of_the_app_is_known_by_every_variable_and_every_name(name: str, value: Any, used: Any) -> None:
    ((one),) = found(function(name, value), Queue=queue(used))

    assert (one.place, one.property_name, one.key, one.function) == (
        Located("S", "Queue"),
        "KmsMasterKeyId",
        KEY,
        FUNCTION,
    )


def test_a_key_is_known_by_its_alias() -> None:
    alias = {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "alias/orders", "TargetKeyId": {"Ref": "Key"}}}

    for used in ("alias/orders", {"Ref": "Alias"}):
        assert len(found(function("ENVELOPE_KEY_ARN", ARN), Alias=alias, Queue=queue(used))) == 1


@pytest.mark.parametrize("told", [KEY_ARN, f'["{KEY_ARN}"]'], ids=["one", "several"])
@pytest.mark.parametrize("used", [KEY_ARN, KEY_ARN.rpartition("/")[2]], ids=["arn", "id"])
def test_a_key_of_another_app_is_known_by_its_arn(told: str, used: str) -> None:
    ((one),) = found(function("FURTHER_KEY_ARNS", told), Queue=queue(used))

    assert (one.key, one.arn) == (None, KEY_ARN)


JOINED = {"Fn::Join": ["", ['["', ARN, '","arn:', {"Ref": "AWS::Partition"}, KEY_ARN.removeprefix("arn:aws"), '"]']]}
WITH_PARTITION = {"Fn::Sub": KEY_ARN.replace(":aws:", ":${AWS::Partition}:")}
REPLICATED = KEY_ARN.replace("1234abcd-12ab-34cd-56ef-", "mrk-1234abcd12ab34cd56ef")


@pytest.mark.parametrize(
    ("told", "used"),
    [
        (JOINED, KEY_ARN),
        ({"Fn::Sub": '["${Key.Arn}","arn:${AWS::Partition}' + KEY_ARN.removeprefix("arn:aws") + '"]'}, KEY_ARN),
        (KEY_ARN, WITH_PARTITION),
        (WITH_PARTITION, KEY_ARN),
        ({"Fn::If": ["Prod", KEY_ARN, "arn:aws:kms:eu-west-1:111122223333:key/other"]}, KEY_ARN),
        (KEY_ARN, {"Fn::If": ["Prod", KEY_ARN, {"Ref": "AWS::NoValue"}]}),
        (REPLICATED, REPLICATED.replace("eu-west-1", "us-east-1")),
        (KEY_ARN, "alias/imported"),
        (KEY_ARN, {"Ref": "Alias"}),
        (KEY_ARN, {"Fn::Sub": "arn:${AWS::Partition}:kms:eu-west-1:111122223333:${Alias}"}),
    ],
    ids=[
        "second of a join",
        "second of a sub",
        "partition used",
        "partition told",
        "either told",
        "either used",
        "replica",
        "alias by name",
        "alias by reference",
        "alias by ARN",
    ],
)
def test_a_key_of_another_app_is_known_however_it_is_written(told: Any, used: Any) -> None:
    alias = {
        "Type": "AWS::KMS::Alias",
        "Properties": {"AliasName": "alias/imported", "TargetKeyId": {"Fn::Sub": KEY_ARN}},
    }

    found_ones = found(function("FURTHER_KEY_ARNS", told), Alias=alias, Queue=queue(used))

    assert [(one.place, one.key) for one in found_ones] == [(Located("S", "Queue"), None)]


def test_both_keys_of_a_joined_list_are_known() -> None:
    found_ones = found(function("FURTHER_KEY_ARNS", JOINED), Other=queue(ARN), Queue=queue(KEY_ARN))

    assert [(one.place.logical_id, one.key) for one in found_ones] == [("Other", KEY), ("Queue", None)]


def test_a_list_that_only_the_deployment_can_put_together_holds_its_references() -> None:
    told = {"Fn::Join": ["", ["[", {"Ref": "Others"}, ',"', ARN, '"]']]}

    assert [one.key for one in found(function("FURTHER_KEY_ARNS", told), Queue=queue(ARN))] == [KEY]


@pytest.mark.parametrize(
    "told",
    [
        function("OTHER_KEY_ARN", ARN),
        function("ENVELOPE_KEY_ARN", ARN, handler="index.handler"),
        function("ENVELOPE_KEY_ARN", KEY_ARN),
        {"Type": "AWS::Lambda::Function", "Properties": {"Handler": "envelope.handler.encrypt"}},
    ],
    ids=["another variable", "another function", "another key", "no variable"],
)
def test_other_keys_may_encrypt_anything(told: dict[str, Any]) -> None:
    assert found(told, Queue=queue(ARN)) == []


def test_whoever_is_told_the_arn_encrypts_nothing_with_it() -> None:
    parameter = {"Type": "AWS::SSM::Parameter", "Properties": {"Value": ARN}}
    policy = {"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": {"Statement": [{"Resource": ARN}]}}}

    assert found(function("ENVELOPE_KEY_ARN", ARN), Parameter=parameter, Policy=policy) == []


def test_joined_accounts_and_partitions_are_no_keys() -> None:
    joined = {"Fn::Join": ["", ['["arn:', {"Ref": "AWS::Partition"}, ":kms:", {"Ref": "AWS::Region"}, ':x"]']]}

    assert found(function("FURTHER_KEY_ARNS", joined), Queue=queue({"Ref": "AWS::Partition"})) == []


def envelope(stack: cdk.Stack, key: kms.IKey) -> None:
    EnvelopeEncryption(
        stack,
        "Envelope",
        encryption_key=key,
        operations_key=EncryptionKey(stack, "LogKey", alias="logs"),
        required_context=["purpose"],
    )


USERS: dict[str, Callable[[cdk.Stack, kms.IKey], object]] = {
    "Bucket": lambda stack, key: s3.Bucket(stack, "Bucket", encryption_key=key),
    "Queue": lambda stack, key: sqs.Queue(stack, "Queue", encryption_master_key=key),
    "Topic": lambda stack, key: sns.Topic(stack, "Topic", master_key=key),
    "Stream": lambda stack, key: kinesis.Stream(stack, "Stream", encryption_key=key),
    "Table": lambda stack, key: dynamodb.Table(
        stack,
        "Table",
        partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING),
        encryption_key=key,
    ),
    "LogGroup": lambda stack, key: logs.LogGroup(stack, "LogGroup", encryption_key=key),
    "Secret": lambda stack, key: secretsmanager.Secret(stack, "Secret", encryption_key=key),
}


@pytest.mark.parametrize(
    "make",
    [lambda stack: EncryptionKey(stack, "Key", alias="orders"), lambda stack: kms.Key(stack, "Key")],
    ids=["our own key", "a key of the CDK"],
)
def test_synthesis_stops_for_whatever_is_encrypted_under_it(
    make_app: MakeApp, make: Callable[[cdk.Stack], kms.IKey]
) -> None:
    stack = cdk.Stack(make_app(), "Orders")
    key = make(stack)
    envelope(stack, key)
    for use in USERS.values():
        use(stack, key)

    said = [description for rule, description in violations(stack) if rule == "EnvelopeKeyElsewhere"]

    called = "Orders/Key" if isinstance(key, EncryptionKey) else "Key961B73FD of stack Orders"
    ending = (
        f" of stack Orders is encrypted under {called}, the envelope key of EnvelopeEncrypt21319713 of stack Orders"
    )
    assert all(each.endswith(ending) for each in said)
    assert sorted(each[: -len(ending) - len("1A2B3C4D")] for each in said) == sorted(USERS)
    assert REMEDY.endswith("may use through that service alone")


def test_the_new_key_of_a_migration_is_one_too(make_app: MakeApp) -> None:
    app = make_app()
    keys, stack = cdk.Stack(app, "Keys"), cdk.Stack(app, "Orders")
    new = EncryptionKey(keys, "NewKey", alias="new")
    EnvelopeReencryption(
        stack,
        "Migration",
        from_keys=[EncryptionKey(keys, "OldKey", alias="old")],
        to_key=new,
        operations_key=EncryptionKey(keys, "LogKey", alias="logs"),
        required_context=["purpose"],
    )
    sqs.Queue(stack, "User", encryption_master_key=new)

    ((rule, said),) = violations(stack)
    assert rule == "EnvelopeKeyElsewhere"
    assert said.startswith("User00B015A1 of stack Orders is encrypted under Keys/NewKey, the envelope key of Migration")


def test_its_twin_in_another_region_is_one_too(make_app: MakeApp) -> None:
    app = make_app()
    here, there = (
        cdk.Stack(app, name, env=cdk.Environment(account="111122223333", region=region))
        for name, region in (("Here", "eu-west-1"), ("There", "us-east-1"))
    )
    key = MultiRegionKey(here, "Key", alias="orders", replicas=[there])
    envelope(here, key)
    sqs.Queue(there, "User", encryption_master_key=key.in_region_of(there))

    assert [rule for rule, said in violations(here) if "of stack There" in said] == ["EnvelopeKeyElsewhere"]


def test_a_second_key_whose_arn_the_deployment_completes_is_one_too(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "Orders")
    arn = stack.format_arn(service="kms", resource="key", resource_name="1234abcd-12ab-34cd-56ef-1234567890ab")
    imported = kms.Key.from_key_arn(stack, "Imported", arn)
    EnvelopeEncryption(
        stack,
        "Envelope",
        encryption_key=EncryptionKey(stack, "Key", alias="orders"),
        further_keys=[imported],
        operations_key=EncryptionKey(stack, "LogKey", alias="logs"),
        required_context=["purpose"],
    )
    sqs.Queue(stack, "User", encryption_master_key=imported)
    s3.Bucket(stack, "Bucket", encryption_key=kms.Alias(stack, "Alias", alias_name="alias/other", target_key=imported))

    found_ones = [said.split(" ")[0] for rule, said in violations(stack) if rule == "EnvelopeKeyElsewhere"]
    assert sorted(each[: -len("1A2B3C4D")] for each in found_ones) == ["Bucket", "User"]
