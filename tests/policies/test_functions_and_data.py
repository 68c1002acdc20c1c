"""What functions and people of the reference app may do with objects and messages, by an IAM engine not our own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from ministack.core import iam_evaluator as engine

from app import KeyStack, WorkloadStack
from tests.support.assembled import Assembled
from tests.support.literal_templates import ACCOUNT, OTHER_ACCOUNT, REGION, LiteralTemplates, place_of

OBJECTS = {
    "arrivals": ("arrivals/1", "objects/1", "objects", "other/1", "encrypted/arrivals/1"),
    "messages": ("objects/1", "encrypted/arrivals/1", "encrypted/other/1", "reencrypted/1", "arrivals/1", "other/1"),
    "opened": ("opened/1", "objects/1", "other/1"),
    "somebody else's": ("arrivals/1", "objects/1", "encrypted/arrivals/1", "opened/1"),
}
READ, WRITE = {"GetObject", "GetObjectVersion"}, {"PutObject", "AbortMultipartUpload"}
ON_OBJECTS = {
    *READ,
    *WRITE,
    "DeleteObject",
    "DeleteObjectVersion",
    "PutObjectAcl",
    "GetObjectTagging",
    "PutObjectTagging",
}
ON_BUCKETS = {"ListBucket", "ListBucketVersions", "ListBucketMultipartUploads", "GetBucketPolicy", "PutBucketPolicy"}
ON_QUEUES = {"ReceiveMessage", "DeleteMessage", "GetQueueAttributes", "SendMessage", "PurgeQueue", "SetQueueAttributes"}

Allowed = dict[tuple[str, str], set[str]]
MAY: dict[str, Allowed] = {
    "encrypt": {("arrivals", "objects/1"): READ, ("messages", "objects/1"): WRITE},
    "decrypt": {
        ("messages", "objects/1"): READ,
        ("messages", "encrypted/arrivals/1"): READ,
        ("messages", "encrypted/other/1"): READ,
        ("opened", "opened/1"): WRITE,
    },
    "reencrypt": {("messages", "objects/1"): READ, ("messages", "reencrypted/1"): WRITE},
    "arrivals": {
        ("arrivals", "arrivals/1"): {"GetObject"},
        ("messages", "encrypted/arrivals/1"): {*WRITE, "GetObject"},
        ("queue", ""): {"ReceiveMessage", "DeleteMessage", "GetQueueAttributes"},
    },
    "writer": {("messages", "objects/1"): {"PutObject"}},
    "sender": {("arrivals", "arrivals/1"): {"PutObject"}, ("arrivals", "objects/1"): {"PutObject"}},
    "reader": {
        ("messages", each): {"GetObject"}
        for each in ("objects/1", "encrypted/arrivals/1", "encrypted/other/1", "reencrypted/1")
    },
    "receiver": {("opened", "opened/1"): {"GetObject"}},
    "archivist": {},
}


class Deployed:
    """The reference app as if it were deployed: ARNs of its data, and the IAM policies of its functions and people."""

    def __init__(self, app: cdk.App) -> None:
        self.workload = WorkloadStack(app, "Workload", keys=KeyStack(app, "Keys"))
        self._templates = LiteralTemplates(Assembled.read(Path(app.synth().directory)))
        workload = self.workload
        functions = {
            "encrypt": workload.envelope.encrypt_function,
            "decrypt": workload.envelope.decrypt_function,
            "reencrypt": workload.migration.function,
            "arrivals": workload.arrival.function,
        }
        self.roles = {name: function.role for name, function in functions.items()}
        people = ("writer", "sender", "reader", "receiver", "archivist")
        self.roles |= {name: getattr(workload, name) for name in people}
        data = {name: getattr(workload, name) for name in ("arrivals", "messages", "opened")}
        data |= {"queue": workload.arrival.queue, "dead letters": workload.arrival.dead_letter_queue}
        self.arns = {name: self._arn(construct) for name, construct in data.items()}
        self.arns |= {
            "somebody else's": "arn:aws:s3:::payroll",
            "another queue": f"arn:aws:sqs:{REGION}:{ACCOUNT}:other",
        }

    def _arn(self, construct: Any) -> str:
        stack, logical_id = place_of(construct)
        return str(self._templates.literal(stack, {"Fn::GetAtt": [logical_id, "Arn"]}))

    def policies(self, who: str) -> list[list[Any]]:
        """Return the IAM policies of a role, as the engine reads them."""
        role = self.roles[who]
        assert role is not None
        stack, logical_id = place_of(role)
        documents = [
            self._templates.literal(where, properties["PolicyDocument"])
            for where, _, properties in self._templates.assembled.resources("AWS::IAM::Policy")
            if properties["Roles"] == [{"Ref": logical_id}] and where == stack
        ]
        assert documents
        return [engine.parse_policy_document(document) for document in documents]


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    return Deployed(
        cdk.App(
            outdir=str(tmp_path_factory.mktemp("cdk.out")),
            analytics_reporting=False,
            builtin_cloud_formation_validation=False,
            context={"aws:cdk:bundling-stacks": []},
        )
    )


def asked(deployed: Deployed) -> Iterator[tuple[tuple[str, str], str, str]]:
    """Yield every place with every action on it, and its ARN."""
    for bucket, keys in OBJECTS.items():
        for key in keys:
            yield from (((bucket, key), f"s3:{each}", f"{deployed.arns[bucket]}/{key}") for each in sorted(ON_OBJECTS))
        yield from (((bucket, ""), f"s3:{each}", deployed.arns[bucket]) for each in sorted(ON_BUCKETS))
    for queue in ("queue", "dead letters", "another queue"):
        yield from (((queue, ""), f"sqs:{each}", deployed.arns[queue]) for each in sorted(ON_QUEUES))


def may(policies: list[list[Any]], action: str, resource: str, *, owner: str = ACCOUNT) -> bool:
    context = engine.EvalContext(
        principal_arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/function/session",
        principal_type="AssumedRole",
        # For the engine a resource whose ARN names no account is of the caller's.
        principal_account=owner,
        action=action,
        resource_arn=resource,
        region=REGION,
        secure_transport=True,
        service_context={},
    )
    return bool(engine.evaluate(context, policies).decision == "Allow")


@pytest.mark.parametrize("who", MAY)
def test_a_role_may_exactly_this(who: str, deployed: Deployed, record_property: Callable[[str, object], None]) -> None:
    found: Allowed = {}
    policies, count = deployed.policies(who), 0
    for place, action, resource in asked(deployed):
        count += 1
        if may(policies, action, resource):
            found.setdefault(place, set()).add(action.partition(":")[2])

    assert found == MAY[who]
    record_property("decisions", count)


@pytest.mark.parametrize("who", MAY)
def test_refuses_everybody_a_bucket_of_that_name_in_another_account(who: str, deployed: Deployed) -> None:
    policies = deployed.policies(who)
    taken = [(place, action, resource) for place, action, resource in asked(deployed) if place[0] in OBJECTS]

    own = [place for place, action, resource in taken if may(policies, action, resource)]
    others = [place for place, action, resource in taken if may(policies, action, resource, owner=OTHER_ACCOUNT)]

    assert {place[0] for place in own} == {place[0] for place in MAY[who] if place[0] in OBJECTS}
    assert others == []


def test_the_engine_would_notice_a_prefix_that_is_gone(deployed: Deployed) -> None:
    wide = {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{deployed.arns['arrivals']}/*"}]}

    assert may([engine.parse_policy_document(wide)], "s3:GetObject", f"{deployed.arns['arrivals']}/other/1")
