"""A stack with everything that the table of controls speaks of, as little configured as can be."""

import json
from pathlib import Path
from typing import Any, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib import EncryptionKey
from constructs_lib.audit_trail import AuditTrail
from constructs_lib.auditing.data_events import DataEvents
from constructs_lib.auditing.object_lock import ObjectLock
from constructs_lib.cis_alarms import CisAlarms
from constructs_lib.key_watch import KeyWatch
from constructs_lib.watching.notify import NewTopic, ToTopic


def controlled_template(directory: Path) -> dict[str, Any]:
    """Synthesise the stack and return its template.

    Only what the table calls an option is chosen: Object Lock, and the recording of objects.
    """
    app = cdk.App(
        outdir=str(directory),
        builtin_cloud_formation_validation=False,
        context={"aws:cdk:bundling-stacks": []},
    )
    stack = cdk.Stack(app, "Audit")
    reader = iam.Role(stack, "Auditor", assumed_by=iam.AccountPrincipal("111122223333"))
    key = EncryptionKey(stack, "OrdersKey", alias="orders")
    trail = AuditTrail(
        stack,
        "Trail",
        trail_name="audit",
        encryption_key=EncryptionKey(stack, "TrailKey", alias="audit/trail", services=["s3"]),
        operations_key=EncryptionKey(stack, "OperationsKey", alias="audit/logs", services=["logs"]),
        data_events=[DataEvents.of_all_objects()],
        object_lock=ObjectLock.compliance(cdk.Duration.days(365)),
        readers=[reader],
    )
    news = NewTopic(encryption_key=EncryptionKey(stack, "NewsKey", alias="audit/news", services=["sns"]))
    cis = CisAlarms(stack, "Cis", trail=trail, notify=news)
    assert cis.topic is not None
    KeyWatch(stack, "Watch", keys=[key], trail=trail, notify=ToTopic(topic=cis.topic), roles=[reader])
    app.synth()
    return cast("dict[str, Any]", json.loads((directory / stack.template_file).read_text()))
