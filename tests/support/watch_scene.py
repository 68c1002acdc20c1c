"""Apps with a watch, and what they say in plain text."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.conftest import validator
from tests.support.synthesised import written
from tests.support.told_events import ACCOUNT, KEY_ARN, REGION

if TYPE_CHECKING:
    import aws_cdk as cdk

    from constructs_lib.existing_trail import ExistingTrail
    from constructs_lib.key_watch import KeyWatch

OTHER_ACCOUNT, OTHER_REGION = "444455556666", "eu-west-1"
THERE = KEY_ARN.replace("1234abcd-", "55555555-")


def stack_of(region: str = REGION, account: str = ACCOUNT, **context: Any) -> "cdk.Stack":
    """Return a stack of a known account and Region in an app of its own."""
    import aws_cdk as cdk  # noqa: PLC0415  # costs a second, which tests without the CDK need not pay

    app = cdk.App(context=context, **validator())
    return cdk.Stack(app, "Orders", env=cdk.Environment(account=account, region=region))


def trail_of(stack: "cdk.Stack", *, region: str = REGION, account: str = ACCOUNT, **said: Any) -> "ExistingTrail":
    """Return a trail that exists, with a copy in CloudWatch Logs unless something else is said."""
    from aws_cdk import aws_logs as logs  # noqa: PLC0415
    from aws_cdk import aws_s3 as s3  # noqa: PLC0415

    from constructs_lib.existing_trail import ExistingTrail  # noqa: PLC0415

    if "log_group" not in said:
        said["log_group"] = logs.LogGroup.from_log_group_name(stack, "TrailLogs", "trail/main")
    return ExistingTrail(
        trail_arn=f"arn:aws:cloudtrail:{region}:{account}:trail/main",
        bucket=s3.Bucket.from_bucket_name(stack, "TrailBucket", "trail-logs-of-orders"),
        **said,
    )


def watched(stack: "cdk.Stack", **said: Any) -> "KeyWatch":
    """Return a watch of a key that exists, which tells a topic, unless something else is said."""
    from aws_cdk import aws_sns as sns  # noqa: PLC0415

    from constructs_lib import ExistingKey  # noqa: PLC0415
    from constructs_lib.key_watch import KeyWatch  # noqa: PLC0415
    from constructs_lib.watching.notify import ToTopic  # noqa: PLC0415

    if "keys" not in said:
        said["keys"] = [ExistingKey.from_arn(stack, "There", key_arn=THERE)]
    said.setdefault("notify", ToTopic(topic=sns.Topic(stack, "News")))
    trail = said.pop("trail", None) or trail_of(stack)
    return KeyWatch(stack, "Watch", trail=trail, **said)


def names_of(watch: "KeyWatch") -> set[str]:
    """Return the descriptions of the rules of a watch."""
    return {str(each.description) for each in watch.rules}


def messages(stack: "cdk.Stack") -> list[str]:
    """Return what the constructs of a stack announced so far."""
    return [
        str(entry.data)
        for construct in stack.node.find_all()
        for entry in construct.node.metadata
        if entry.type.startswith("aws:cdk:")
    ]


def template_in(directory: str, stack: str = "Orders") -> dict[str, Any]:
    """Return the template of a stack in an assembly."""
    return dict(json.loads(Path(directory, f"{stack}.template.json").read_text()))


def rules_in(template: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return the properties of each rule by its logical id, with literal values for references."""
    return {
        name: literal(each["Properties"], values)
        for name, each in template["Resources"].items()
        if each["Type"] == "AWS::Events::Rule"
    }


def literal(value: Any, values: Mapping[str, str]) -> Any:
    """Return a value of a template with literal values for references, such as `Key.Arn`."""
    text = json.dumps(written(value))
    for name, meaning in {"AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com", **values}.items():
        text = text.replace(f"${{{name}}}", meaning)
    return json.loads(text)
