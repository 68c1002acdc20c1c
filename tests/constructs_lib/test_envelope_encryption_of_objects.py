"""EnvelopeEncryption with several keys, choices about messages, and objects of S3."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from constructs_lib import (
    AlgorithmSuite,
    CommitmentPolicy,
    ConfigurationError,
    EncryptionKey,
    EnvelopeEncryption,
    MultiRegionKey,
)
from tests.support.findings import COLLECT_ONLY, PACKS, add_packs, collect_findings, unacknowledged
from tests.support.function_roles import actions_by_resource, statements_by_handler, variables_by_handler
from tests.support.synthesised import Json, app_of, granted, resources, template_of

MakeApp = Callable[..., cdk.App]
ENCRYPT, DECRYPT = "envelope.handler.encrypt", "envelope.handler.decrypt"
ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
FAR_ARN = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ac"


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(**COLLECT_ONLY), "Orders")


def envelope(stack: cdk.Stack, **changed: Any) -> EnvelopeEncryption:
    arguments: dict[str, Any] = {"required_context": ["purpose"], **changed}
    if "encryption_key" not in arguments:
        arguments["encryption_key"] = kms.Key.from_key_arn(stack, "DataKey", ARN)
    operations_key = kms.Key(stack, "LogKey", enable_key_rotation=True)
    return EnvelopeEncryption(stack, "Envelope", operations_key=operations_key, **arguments)


def bucket(stack: cdk.Stack, name: str) -> s3.IBucket:
    return s3.Bucket.from_bucket_name(stack, name.title(), name)


def allowed(stack: cdk.Stack) -> dict[str, dict[str, set[str]]]:
    return {handler: actions_by_resource(each) for handler, each in statements_by_handler(template_of(stack)).items()}


def test_encrypting_wraps_for_further_keys_and_decrypting_may_use_each(stack: cdk.Stack) -> None:
    envelope(stack, further_keys=[kms.Key.from_key_arn(stack, "Far", FAR_ARN)])

    assert allowed(stack) == {
        ENCRYPT: {ARN: {"kms:GenerateDataKey"}, FAR_ARN: {"kms:Encrypt"}},
        DECRYPT: {ARN: {"kms:Decrypt"}, FAR_ARN: {"kms:Decrypt"}},
    }
    for variables in variables_by_handler(template_of(stack)).values():
        assert variables["FURTHER_KEY_ARNS"] == f'["{FAR_ARN}"]'


def test_the_policy_of_a_further_key_admits_each_function_for_its_operation(stack: cdk.Stack) -> None:
    envelope(stack, further_keys=[EncryptionKey(stack, "Far", alias="far")])

    template = template_of(stack)
    (name,) = (each for each in resources(template, "AWS::KMS::Key") if each.startswith("Far"))
    only_that: Json = {"Resources": {name: template["Resources"][name]}}

    assert [each["Action"] for each in granted(only_that).values()] == ["kms:Decrypt", "kms:Encrypt"]


def test_a_key_of_several_regions_is_named_in_the_region_of_the_functions(make_app: MakeApp) -> None:
    app = make_app()
    here, there = (
        cdk.Stack(app, name, env=cdk.Environment(account="111122223333", region=region))
        for name, region in (("Here", "eu-west-1"), ("There", "us-east-1"))
    )
    key = MultiRegionKey(here, "Key", alias="orders", replicas=[there])
    envelope(there, encryption_key=key.in_region_of(there))

    template = template_of(there)
    (replica,) = resources(template, "AWS::KMS::ReplicaKey")
    told = {variables["ENVELOPE_KEY_ARN"] for variables in variables_by_handler(template).values()}
    assert told == {f"${{{replica}.Arn}}"}


def test_choices_about_messages_reach_the_side_that_makes_them(stack: cdk.Stack) -> None:
    envelope(
        stack,
        algorithm_suite=AlgorithmSuite.COMMITTING_SIGNED,
        commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT,
    )

    common = {"ENVELOPE_KEY_ARN": ARN, "REQUIRED_CONTEXT_KEYS": '["purpose"]'}
    assert variables_by_handler(template_of(stack)) == {
        ENCRYPT: {**common, "ALGORITHM_SUITE": "0578"},
        DECRYPT: {**common, "COMMITMENT_POLICY": "REQUIRE_ENCRYPT_ALLOW_DECRYPT"},
    }


def test_untold_messages_commit_and_only_those_are_read(stack: cdk.Stack) -> None:
    envelope(stack)

    variables = variables_by_handler(template_of(stack))

    assert variables[ENCRYPT]["ALGORITHM_SUITE"] == "0478"
    assert variables[DECRYPT]["COMMITMENT_POLICY"] == "REQUIRE_ENCRYPT_REQUIRE_DECRYPT"


def test_objects_to_encrypt_are_read_here_and_messages_written_there(stack: cdk.Stack) -> None:
    envelope(stack).encrypt_objects(
        source=bucket(stack, "plain"),
        source_prefix="in/",
        destination=bucket(stack, "sealed"),
        destination_prefix="out/",
    )

    found = allowed(stack)

    assert found[ENCRYPT] == {
        ARN: {"kms:GenerateDataKey"},
        "arn:${AWS::Partition}:s3:::plain/in/*": {"s3:GetObject", "s3:GetObjectVersion"},
        "arn:${AWS::Partition}:s3:::sealed/out/*": {"s3:PutObject", "s3:AbortMultipartUpload"},
    }
    assert found[DECRYPT] == {ARN: {"kms:Decrypt"}}


def test_messages_to_decrypt_are_read_here_and_plaintext_written_there(stack: cdk.Stack) -> None:
    envelope(stack).decrypt_objects(source=bucket(stack, "sealed"), destination=bucket(stack, "opened"))

    found = allowed(stack)

    assert found[DECRYPT] == {
        ARN: {"kms:Decrypt"},
        "arn:${AWS::Partition}:s3:::sealed/*": {"s3:GetObject", "s3:GetObjectVersion"},
        "arn:${AWS::Partition}:s3:::opened/*": {"s3:PutObject", "s3:AbortMultipartUpload"},
    }
    assert found[ENCRYPT] == {ARN: {"kms:GenerateDataKey"}}


def test_ranges_are_read_and_nothing_is_written(stack: cdk.Stack) -> None:
    envelope(stack).decrypt_ranges(source=bucket(stack, "sealed"), source_prefix="out/")

    assert allowed(stack)[DECRYPT] == {
        ARN: {"kms:Decrypt"},
        "arn:${AWS::Partition}:s3:::sealed/out/*": {"s3:GetObject", "s3:GetObjectVersion"},
    }
    sizes = {
        each["Properties"]["MemorySize"] for each in resources(template_of(stack), "AWS::Lambda::Function").values()
    }
    assert sizes == {512}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [({}, (1769, 900)), ({"memory_size_mib": 3008, "timeout": cdk.Duration.minutes(5)}, (3008, 300))],
    ids=["untold", "told"],
)
def test_a_function_that_streams_has_a_processor_and_time_and_the_other_has_not(
    stack: cdk.Stack, settings: dict[str, Any], expected: tuple[int, int]
) -> None:
    envelope(stack, **settings).encrypt_objects(source=bucket(stack, "plain"), destination=bucket(stack, "sealed"))

    sizes = {
        each["Properties"]["Handler"]: (each["Properties"]["MemorySize"], each["Properties"]["Timeout"])
        for each in resources(template_of(stack), "AWS::Lambda::Function").values()
    }

    assert sizes == {ENCRYPT: expected, DECRYPT: expected if settings else (512, 30)}


def test_no_pack_finds_anything_that_is_not_answered_about_objects(stack: cdk.Stack) -> None:
    both = envelope(stack)
    data = cdk.Stack(app_of(stack), "Data")
    own = s3.Bucket(data, "Own")
    both.encrypt_objects(source=own, source_prefix="in/", destination=bucket(stack, "sealed"))
    both.decrypt_objects(source=bucket(stack, "others"), destination=own, destination_prefix="out/")
    app = app_of(stack)
    add_packs(app)

    found = [each for each in unacknowledged(collect_findings(app)) if each.plugin in PACKS]

    assert [each for each in found if each.path.startswith("Orders/")] == []


@pytest.mark.parametrize("side", ["source", "destination"])
@pytest.mark.parametrize("work", ["encrypt_objects", "decrypt_objects"])
def test_refuses_a_bucket_under_a_key_of_the_messages(stack: cdk.Stack, side: str, work: str) -> None:
    further = kms.Key(stack, "Further")
    both = envelope(stack, further_keys=[further])
    own = s3.Bucket(stack, "Own", encryption_key=further)
    buckets = {"source": bucket(stack, "plain"), "destination": bucket(stack, "sealed"), side: own}

    with pytest.raises(ConfigurationError, match=rf"^{side} must be encrypted under a key of its own"):
        getattr(both, work)(**buckets)


def test_refuses_to_answer_ranges_out_of_a_bucket_under_the_envelope_key(stack: cdk.Stack) -> None:
    key = kms.Key(stack, "Key")
    both = envelope(stack, encryption_key=key)

    with pytest.raises(ConfigurationError, match=r"^source must be encrypted under a key of its own"):
        both.decrypt_ranges(source=s3.Bucket(stack, "Own", encryption_key=key))


@pytest.mark.parametrize(
    ("argument", "given", "message"),
    [
        ("algorithm_suite", "0578", "algorithm_suite must be a member of AlgorithmSuite, got '0578'"),
        ("commitment_policy", None, "commitment_policy must be a member of CommitmentPolicy, got None"),
        ("further_keys", "x", "further_keys must be a list of keys, got 'x'"),
        ("memory", 1, "reserved_concurrency, runtime, timeout, got memory"),
    ],
)
def test_refuses_what_is_no_choice(stack: cdk.Stack, argument: str, given: object, message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        envelope(stack, **{argument: given})
    assert str(refused.value).endswith(message)


def test_refuses_one_key_as_first_and_further(stack: cdk.Stack) -> None:
    key = kms.Key(stack, "Key")

    with pytest.raises(ConfigurationError, match=r"^further_keys\[0\] must be another key than encryption_key, got "):
        envelope(stack, encryption_key=key, further_keys=[key])
