"""How do I ask the trail who used a key, who was refused, and which keys nobody uses?"""

from datetime import date

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib import AuditQueries, AuditTrail, EncryptionKey


def define(app: cdk.App) -> None:
    """Define a trail, the questions to it, and a role that asks them."""
    stack = cdk.Stack(app, "Audit", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    auditor = iam.Role(stack, "Auditor", assumed_by=iam.AccountPrincipal(stack.account))
    trail = AuditTrail(
        stack,
        "Trail",
        trail_name="audit",
        encryption_key=EncryptionKey(stack, "TrailKey", alias="audit/trail", services=["s3"]),
        operations_key=EncryptionKey(stack, "OperationsKey", alias="audit/logs", services=["logs"]),
    )
    queries = AuditQueries(
        stack,
        "Queries",
        trail=trail,
        results_key=EncryptionKey(stack, "ResultsKey", alias="audit/results", services=["s3"]),
        since=date(2026, 1, 1),
        keys=[EncryptionKey(stack, "OrdersKey", alias="orders")],
        regions=["eu-west-1", "us-east-1"],
        readers=[auditor],
        access_logs=trail.access_logs,
    )
    cdk.CfnOutput(stack, "Workgroup", value=queries.workgroup.ref)


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
