"""How do I have every use of my keys on record, so that an auditor can read it and nobody can take it back?"""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib import AuditTrail, EncryptionKey, Insight, ObjectLock


def define(app: cdk.App) -> None:
    """Define a trail of every call, locked for a year, that one role reads."""
    stack = cdk.Stack(app, "Audit")
    auditor = iam.Role(stack, "Auditor", assumed_by=iam.AccountRootPrincipal(), description="Reads the audit trail")
    trail = AuditTrail(
        stack,
        "Trail",
        trail_name="every-use",
        encryption_key=EncryptionKey(stack, "LogKey", alias="audit/logs", services=[]),
        operations_key=EncryptionKey(stack, "OperationsKey", alias="audit/operations", services=["logs"]),
        insights=[Insight.CALL_RATE, Insight.ERROR_RATE],
        object_lock=ObjectLock.governance(cdk.Duration.days(365)),
        readers=[auditor],
    )
    cdk.CfnOutput(stack, "LogFiles", value=trail.bucket.s3_url_for_object(trail.prefix or None))


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
