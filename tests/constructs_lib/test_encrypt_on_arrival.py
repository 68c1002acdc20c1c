"""EncryptOnArrival: bucket to rule to queue to function to bucket, with exact permissions on the way."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from constructs_lib import ConfigurationError, EncryptionKey, EncryptOnArrival, Notifications
from tests.support.function_roles import actions_by_resource, statements_by_handler, variables_by_handler
from tests.support.synthesised import Json, app_of, only, resources, template_of, written

HANDLER = "envelope.handler.encrypt_arrivals"
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
MakeApp = Callable[..., cdk.App]


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "Orders")


def key(stack: cdk.Stack, name: str) -> EncryptionKey:
    return EncryptionKey(stack, name, alias=f"orders/{name.lower()}")


def arrival(stack: cdk.Stack, **changed: Any) -> EncryptOnArrival:
    storage = kms.Key(stack, "Storage", enable_key_rotation=True)
    arguments: dict[str, Any] = {
        "encryption_context": {"purpose": "orders"},
        "encryption_key": kms.Key.from_key_arn(stack, "Envelope", KEY_ARN),
        **changed,
    }
    for name in ("source", "destination"):
        arguments.setdefault(name, s3.Bucket(stack, name.title(), encryption_key=storage, bucket_name=name))
    for name in ("transport_key", "operations_key"):
        if name not in arguments:
            arguments[name] = key(stack, name.title().replace("_", ""))
    return EncryptOnArrival(stack, "Arrival", **arguments)


def ways(stack: cdk.Stack, *between: tuple[str, str, dict[str, str]]) -> None:
    """Define arrivals between buckets by their names."""
    keys = {name: kms.Key(stack, name) for name in ("encryption_key", "transport_key", "operations_key")}
    buckets = {name: s3.Bucket(stack, name) for name in sorted({name for pair in between for name in pair[:2]})}
    for number, (source, destination, prefixes) in enumerate(between):
        arguments: dict[str, Any] = {
            "source": buckets[source],
            "destination": buckets[destination],
            "encryption_context": {"purpose": "orders"},
            **keys,
            **prefixes,
        }
        EncryptOnArrival(stack, f"Arrival{number}", **arguments)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Json:
    app = cdk.App(
        outdir=str(tmp_path_factory.mktemp("cdk.out")),
        builtin_cloud_formation_validation=False,
        context={"aws:cdk:bundling-stacks": []},
    )
    stack = cdk.Stack(app, "Orders")
    arrival(stack, source_prefix="in/", destination_prefix="sealed/")
    return template_of(stack)


def test_the_role_may_exactly_this(template: Json) -> None:
    (queue,) = (each for each in resources(template, "AWS::SQS::Queue") if "DeadLetters" not in each)

    allowed = actions_by_resource(statements_by_handler(template)[HANDLER])

    (source,) = (name for name in resources(template, "AWS::S3::Bucket") if name.startswith("Source"))
    (destination,) = (name for name in resources(template, "AWS::S3::Bucket") if name.startswith("Destination"))
    storage, transport = (
        next(name for name in resources(template, "AWS::KMS::Key") if name.startswith(begin))
        for begin in ("Storage", "TransportKey")
    )
    assert allowed == {
        KEY_ARN: {"kms:GenerateDataKey"},
        f"${{{source}.Arn}}/in/*": {"s3:GetObject"},
        f"${{{destination}.Arn}}/sealed/in/*": {"s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"},
        f"${{{storage}.Arn}}": {"kms:Decrypt", "kms:GenerateDataKey"},
        f"${{{queue}.Arn}}": {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"},
        f"${{{transport}.Arn}}": {"kms:Decrypt"},
    }


def test_each_use_of_a_transport_key_is_through_its_service_for_one_resource(template: Json) -> None:
    statements = statements_by_handler(template)[HANDLER]

    through_services = [each["Condition"] for each in statements if "kms:ViaService" in str(each)]
    assert len(through_services) == 3
    for condition in through_services:
        assert condition["StringEquals"]["kms:ViaService"].split(".")[0] in {"s3", "sqs"}
        assert any("kms:EncryptionContext:aws:" in name for keys in condition.values() for name in keys)


def test_objects_are_read_and_written_while_their_bucket_is_of_this_account(template: Json) -> None:
    own = {"StringEquals": {"aws:ResourceAccount": "${AWS::AccountId}"}}

    about_objects = [each for each in statements_by_handler(template)[HANDLER] if "s3:GetObject" in each["Action"]]

    assert [each["Condition"] for each in about_objects] == [own, own]


def test_the_function_is_told_where_from_and_where_to(template: Json) -> None:
    source, destination = sorted(resources(template, "AWS::S3::Bucket"), reverse=True)

    assert variables_by_handler(template) == {
        HANDLER: {
            "ENVELOPE_KEY_ARN": KEY_ARN,
            "ALGORITHM_SUITE": "0478",
            "ENCRYPTION_CONTEXT": '{"purpose": "orders"}',
            "ARRIVALS_FROM": f"${{{source}}}",
            "ARRIVALS_TO": f"${{{destination}}}",
            "ARRIVALS_PREFIX": "sealed/",
        }
    }


def test_lambda_feeds_the_function_one_object_at_a_time(template: Json) -> None:
    mapping = written(only(template, "AWS::Lambda::EventSourceMapping")["Properties"])

    assert mapping["BatchSize"] == 1
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 10}
    assert "DeadLetters" not in mapping["EventSourceArn"]
    function = only(template, "AWS::Lambda::Function")["Properties"]
    (queue,) = (
        each["Properties"] for name, each in resources(template, "AWS::SQS::Queue").items() if "Dead" not in name
    )
    assert (function["MemorySize"], function["Timeout"], queue["VisibilityTimeout"]) == (1769, 900, 960)
    assert queue["RedrivePolicy"]["maxReceiveCount"] == 10


def test_both_queues_are_under_the_transport_key_and_no_envelope_key_is_anywhere_else(template: Json) -> None:
    assert (
        len({str(each["Properties"]["KmsMasterKeyId"]) for each in resources(template, "AWS::SQS::Queue").values()})
        == 1
    )
    assert KEY_ARN not in str({name: each for name, each in template["Resources"].items() if "Queue" in name})


def test_how_it_is_fed_can_be_set(stack: cdk.Stack) -> None:
    made = arrival(
        stack, batch_size=10, max_concurrency=1000, max_receives=1, timeout=cdk.Duration.minutes(1), memory_size_mib=512
    )

    template = template_of(stack)

    mapping = only(template, "AWS::Lambda::EventSourceMapping")["Properties"]
    assert (mapping["BatchSize"], mapping["ScalingConfig"]["MaximumConcurrency"]) == (10, 1000)
    function = only(template, "AWS::Lambda::Function")["Properties"]
    assert (function["MemorySize"], function["Timeout"]) == (512, 60)
    (queue,) = (
        each["Properties"] for name, each in resources(template, "AWS::SQS::Queue").items() if "Dead" not in name
    )
    assert (queue["VisibilityTimeout"], queue["RedrivePolicy"]["maxReceiveCount"]) == (120, 1)
    assert made.rule.node.path == "Orders/Arrival/Rule"
    assert made.dead_letter_queue.node.path == "Orders/Arrival/Queue/DeadLetters"


def test_a_bucket_of_another_app_tells_event_bridge_already(stack: cdk.Stack) -> None:
    source = s3.Bucket.from_bucket_name(stack, "Found", "arrivals")
    arrival(stack, source=source, notifications=Notifications.ALREADY_ON)

    rule = written(only(template_of(stack), "AWS::Events::Rule")["Properties"])

    assert rule["EventPattern"]["detail"] == {"bucket": {"name": ["arrivals"]}}


def test_refuses_one_bucket_for_both(stack: cdk.Stack) -> None:
    bucket = s3.Bucket(stack, "Bucket")

    with pytest.raises(
        ConfigurationError,
        match=r"^destination must be another bucket than source, where each message would arrive and be encrypted "
        r"again, got Orders/Bucket for both$",
    ):
        arrival(stack, source=bucket, destination=bucket, source_prefix="in/", destination_prefix="out/")


def test_refuses_one_bucket_that_was_imported_twice(stack: cdk.Stack) -> None:
    one, two = (s3.Bucket.from_bucket_name(stack, name, "orders") for name in ("One", "Two"))

    with pytest.raises(ConfigurationError, match=r"^destination must be another bucket than source"):
        arrival(stack, source=one, destination=two, notifications=Notifications.ALREADY_ON)


@pytest.mark.parametrize("name", ["transport_key", "operations_key"])
def test_refuses_the_envelope_key_for_queues_and_logs(stack: cdk.Stack, name: str) -> None:
    envelope = kms.Key(stack, "EnvelopeKey")

    with pytest.raises(ConfigurationError, match=rf"^{name} must be another key than encryption_key, got Orders/Env"):
        arrival(stack, encryption_key=envelope, **{name: envelope})


@pytest.mark.parametrize("name", ["source", "destination"])
def test_refuses_a_bucket_under_the_envelope_key(stack: cdk.Stack, name: str) -> None:
    envelope = kms.Key(stack, "EnvelopeKey")
    bucket = s3.Bucket(stack, "Bucket", encryption_key=envelope)

    with pytest.raises(ConfigurationError, match=rf"^{name} must be encrypted under a key of its own"):
        arrival(stack, encryption_key=envelope, **{name: bucket})


@pytest.mark.parametrize(
    ("argument", "given", "allowed"),
    [
        ("batch_size", 11, "from 1 to 10"),
        ("batch_size", None, "from 1 to 10"),
        ("max_concurrency", None, "from 2 to 1000"),
        ("max_receives", None, "from 1 to 1000"),
        ("max_concurrency", 1, "from 2 to 1000"),
        ("max_receives", 0, "from 1 to 1000"),
    ],
)
def test_refuses_what_lambda_and_sqs_do_not_take(
    stack: cdk.Stack, argument: str, given: int | None, allowed: str
) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{argument} must be a whole number {allowed}, got {given}$"):
        arrival(stack, **{argument: given})


def test_refuses_a_context_that_says_the_object(stack: cdk.Stack) -> None:
    with pytest.raises(
        ConfigurationError, match=r"^encryption_context must hold no key that begins with aws-crypto- and none"
    ):
        arrival(stack, encryption_context={"object-id": "s3://messages/1"})


def test_refuses_fewer_executions_than_lambda_is_told_to_run(stack: cdk.Stack) -> None:
    arrival(stack, reserved_concurrency=10)

    with pytest.raises(
        ConfigurationError, match=r"^reserved_concurrency must be at least max_concurrency, which is 10, .*, got 9$"
    ):
        arrival(cdk.Stack(app_of(stack), "Other"), reserved_concurrency=9)


def test_refuses_a_bucket_whose_events_are_told_in_another_region(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "Orders", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    there = s3.Bucket.from_bucket_attributes(stack, "There", bucket_name="there", region="us-east-1")

    with pytest.raises(
        ConfigurationError, match=r"^source must be in eu-west-1, the Region of the function, got Order"
    ):
        arrival(stack, source=there, notifications=Notifications.ALREADY_ON)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {}),
        ({"destination_prefix": "a/"}, {"destination_prefix": "a/"}),
        ({"destination_prefix": "a/"}, {"destination_prefix": "a/b/"}),
        ({"destination_prefix": "a/b/"}, {"source_prefix": "a/"}),
    ],
    ids=["everything", "one prefix", "below it", "with what the source has"],
)
def test_refuses_two_ways_that_end_in_one_place(one: dict[str, str], other: dict[str, str], stack: cdk.Stack) -> None:
    with pytest.raises(
        ConfigurationError,
        match=r"^destination must have a prefix of its own, got Orders/C below '.*', where Orders/Arrival0 writes$",
    ):
        ways(stack, ("A", "C", one), ("B", "C", other))


def test_two_ways_may_end_in_one_bucket_and_forget_their_own_uploads(stack: cdk.Stack) -> None:
    ways(stack, ("A", "C", {"destination_prefix": "a/"}), ("B", "C", {"destination_prefix": "b/"}))

    (destination,) = (
        each["Properties"]
        for name, each in resources(template_of(stack), "AWS::S3::Bucket").items()
        if name.startswith("C")
    )
    assert [rule["Prefix"] for rule in destination["LifecycleConfiguration"]["Rules"]] == ["a/", "b/"]


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (("B", "A"), r"^destination must not be where objects arrive, got Orders/A below '', the source of Orders/"),
        (("B", "C"), r"^source must not be where messages are written, got Orders/B below '', the destination of Ord"),
    ],
    ids=["back", "onwards"],
)
def test_refuses_a_way_that_feeds_another(second: tuple[str, str], said: str, stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=said):
        ways(stack, ("A", "B", {}), (*second, {}))


def test_two_ways_may_lead_back_and_forth_between_prefixes(stack: cdk.Stack) -> None:
    to_b = {"source_prefix": "in/", "destination_prefix": "out/"}
    ways(stack, ("A", "B", to_b), ("B", "A", to_b))

    rules = resources(template_of(stack), "AWS::Events::Rule").values()
    assert [each["Properties"]["EventPattern"]["detail"]["object"] for each in rules] == [
        {"key": [{"prefix": "in/"}]},
        {"key": [{"prefix": "in/"}]},
    ]


def test_refuses_a_bucket_of_the_app_that_is_imported_by_its_name(stack: cdk.Stack) -> None:
    imported = s3.Bucket.from_bucket_name(stack, "Imported", "incoming")

    with pytest.raises(ConfigurationError, match=r"^destination must be another bucket than source"):
        arrival(stack, source=s3.Bucket(stack, "Incoming", bucket_name="incoming"), destination=imported)
