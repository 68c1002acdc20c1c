"""Each service that the embedded AWS has: what the CDK's construct creates under a key, by its deployer's least policy.

The key admits the deployer through that one service, and each service that calls KMS for itself by the call that a
finding names. Without the deployer's statements CloudFormation is refused by the key policy.
"""

import json
from collections.abc import Callable, Iterator
from functools import reduce
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from constructs_lib import EncryptionKey, Lifecycle
from constructs_lib.execution_policy.least_policies import execution_policies
from constructs_lib.execution_policy.template_arns import Place
from local_aws import LocalAws
from tests.conftest import FLAGS
from tests.support.l2_case import Build, L2Case, called
from tests.support.l2_cases import compute, created, databases, delivery, events, logging, messaging, secrets, storage
from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy

HERE = cdk.Environment(account="111122223333", region="eu-west-1")
SUBNETS = {"subnet-11111111": "eu-west-1a", "subnet-22222222": "eu-west-1b"}
DEPLOYER = "cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1"

# The embedded AWS has neither the types of the others nor, for some, what CloudFormation's handlers need.
RUNNING = (
    *("bucket_read_and_written_by_a_role", "bucket_replicated", "bucket_of_an_inventory", "volume_attached_by_a_role"),
    *("queue_sent_to", "topic_published_to", "topic_feeds_a_queue", "dead_letters_of_a_subscription"),
    *("stream_read_and_written", "delivery_stream_to_an_encrypted_bucket", "content_from_a_bucket"),
    *("rule_to_a_topic", "rule_to_a_queue", "dead_letters_of_a_rule", "state_machine_with_its_role_granted"),
    *("log_group", "log_group_of_a_function", "trail_into_a_bucket_with_a_bucket_key", "alarm_to_a_topic"),
    *("table_read", "database_with_a_generated_secret", "secret_rotated", "instances_with_encrypted_volumes"),
)
THROUGH = {
    "table_read": "dynamodb",
    "state_machine_with_its_role_granted": "states",
    "database_with_a_generated_secret": "rds",
}
CASES: dict[str, L2Case] = {
    case.name: case
    for family in (storage, messaging, events, logging, databases, secrets, compute, delivery)
    for case in family.CASES
}
LACKING = (
    *("activity", "event_data_store", "event_source_with_an_encrypted_filter", "instance_with_an_encrypted_volume"),
    "function_with_an_encrypted_package",  # which lies in a bucket that exists elsewhere
)
CREATED = {case.name: case for case in (*created.CASES, *created.TOLD) if case.name not in LACKING}

Resources = dict[str, Any]


def title(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def with_key(app: cdk.App, name: str, build: Build, calls: tuple[str, ...], services: list[str]) -> None:
    stack = cdk.Stack(app, title(name), env=HERE)
    key = EncryptionKey(stack, "Key", lifecycle=Lifecycle.EPHEMERAL, services=services)
    build(key, stack)
    for call in calls:
        key.allow(*called(call.format(stack=stack.stack_name, lower=stack.stack_name.lower())))


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Synthesise a stack and a key for each case."""
    silent = {"@aws-cdk/core:validationReportPrettyPrint": False}
    app = cdk.App(
        outdir=str(tmp_path_factory.mktemp("services")),
        analytics_reporting=False,
        tree_metadata=False,
        context={**FLAGS, **silent},
        builtin_cloud_formation_validation=False,
    )
    for name in RUNNING:
        case, service = CASES[name], THROUGH.get(name)
        with_key(app, name, case.build, tuple(case.calls), [service] if service else [])
    for name, each in CREATED.items():
        calls = (each.call,) if each.call else ()
        told = each in created.TOLD or each.call
        with_key(app, f"{name}_created", each.build, calls, [] if told else [each.service])
    with_key(app, "log_group_alone", CASES["log_group"].build, tuple(CASES["log_group"].calls), [])
    return Path(app.synth().directory)


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    """Start an account in the Region of the cases."""
    with LocalAws(account=str(HERE.account), region=str(HERE.region)) as running:
        yield running


@pytest.fixture(scope="module")
def in_network(aws: LocalAws) -> Callable[[str], str]:
    """Make the network that cases take as given, and put its ids in the place of those that they assume."""
    ec2 = aws.session().client("ec2")
    ids = {"vpc-12345678": ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]}
    for number, (subnet, zone) in enumerate(SUBNETS.items()):
        made = ec2.create_subnet(VpcId=ids["vpc-12345678"], CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=zone)
        ids[subnet] = made["Subnet"]["SubnetId"]
    return lambda text: reduce(lambda so_far, name: so_far.replace(name, ids[name]), ids, text)


@pytest.fixture(scope="module")
def stacks(aws: LocalAws, assembly: Path, in_network: Callable[[str], str]) -> StackOperation:
    """Operate stacks as the execution role of the CDK, with the least policies for these stacks."""
    policies = execution_policies(assembly, place=Place(account=aws.account, region=aws.region))
    statements = [each for policy in json.loads(in_network(json.dumps(policies))) for each in policy["Statement"]]
    role = aws.create_role(DEPLOYER, *statements, service="cloudformation.amazonaws.com")
    # Of this role KMS refuses to hear before it exists.
    aws.session().client("iam").create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")
    return StackOperation(aws.session(), role)


@pytest.fixture
def resources_of(assembly: Path, in_network: Callable[[str], str]) -> Callable[[str], Resources]:
    def read(name: str) -> Resources:
        template = in_network((assembly / f"{title(name)}.template.json").read_text())
        return dict(json.loads(template)["Resources"])

    return read


def without(resources: Resources, is_taken: Callable[[dict[str, Any]], bool]) -> Resources:
    """Take statements from the policy of the key."""
    taken: Resources = json.loads(json.dumps(resources))
    (key,) = [each for each in taken.values() if each["Type"] == "AWS::KMS::Key"]
    policy = key["Properties"]["KeyPolicy"]
    kept = [each for each in policy["Statement"] if not is_taken(each)]
    assert len(kept) < len(policy["Statement"])
    policy["Statement"] = kept
    return taken


def test_constructs_are_deployed_with_keys_that_admit_whom_they_ask_for(
    stacks: StackOperation, resources_of: Callable[[str], Resources]
) -> None:
    outcomes = {name: stacks.create(resources_of(name), name=title(name)) for name in RUNNING}

    assert {name: each.failures for name, each in outcomes.items() if each.status != "CREATE_COMPLETE"} == {}


def test_resources_are_created_by_their_deployer_through_their_service_and_not_without(
    stacks: StackOperation, resources_of: Callable[[str], Resources]
) -> None:
    for name in CREATED:
        resources, stack = resources_of(f"{name}_created"), title(f"{name}_created")

        refused = stacks.create(without(resources, lambda each: each["Sid"].startswith("Deployers")), name=stack)
        assert refused.status == "ROLLBACK_COMPLETE", name
        assert any("not authorized to perform: kms:" in each and DEPLOYER in each for each in refused.failures), refused
        stacks.delete(stack)

        assert stacks.create(resources, name=stack).status == "CREATE_COMPLETE", name


def test_a_log_group_is_created_if_the_service_is_admitted_and_not_without(
    stacks: StackOperation, resources_of: Callable[[str], Resources]
) -> None:
    resources = without(resources_of("log_group_alone"), lambda each: "Service" in each["Principal"])

    refused = stacks.create(resources, name=title("log_group_alone"))

    assert refused.status == "ROLLBACK_COMPLETE"
    assert "is not allowed to be used with Arn" in str(refused.failures)
