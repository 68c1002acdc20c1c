"""What a synthesised stack says about its keys and its IAM policies, in plain text."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import aws_cdk as cdk

Json = dict[str, Any]


def app_of(stack: "cdk.Stack") -> "cdk.App":
    """Return the app that a stack belongs to."""
    return cast("cdk.App", stack.node.root)


def template_of(stack: "cdk.Stack") -> Json:
    """Synthesise the app of a stack, guardrails included, and return the stack's template. Nested stacks too."""
    directory = Path(app_of(stack).synth().directory)
    (path,) = directory.rglob(stack.template_file)
    return cast("Json", json.loads(path.read_text()))


def written(value: Any) -> Any:
    """Return a template value with its joins put together and references as `${Name}` or `${Name.Attribute}`."""
    if isinstance(value, list):
        return [written(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    match value:
        case {"Ref": name}:
            return f"${{{name}}}"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"${{{name}.{attribute}}}"
        case {"Fn::Join": [separator, items]}:
            return separator.join(str(written(item)) for item in items)
    return {name: written(item) for name, item in value.items()}


def resources(template: Json, kind: str) -> dict[str, Json]:
    """Return the resources of one type by logical id."""
    return {name: each for name, each in template["Resources"].items() if each["Type"] == kind}


def only(template: Json, kind: str) -> Json:
    """Return the one resource of its type."""
    (resource,) = resources(template, kind).values()
    return resource


def key_statements(template: Json) -> dict[str, Json]:
    """Return the statements of the one key by Sid, without what is the same in all of them: Resource `*`."""
    policy = written(only(template, "AWS::KMS::Key")["Properties"]["KeyPolicy"])
    assert all(statement["Resource"] == "*" for statement in policy["Statement"])
    by_sid = {
        statement["Sid"]: {name: value for name, value in statement.items() if name not in {"Sid", "Resource"}}
        for statement in policy["Statement"]
    }
    assert len(by_sid) == len(policy["Statement"])
    return by_sid


def granted(template: Json) -> dict[str, Json]:
    """Return what grants added to the policy of the one key."""
    return {sid: each for sid, each in key_statements(template).items() if sid.startswith(("Granted", "Denied"))}


def iam_statements(template: Json) -> list[Json]:
    """Return the statements of the template's IAM policies that speak about KMS, in order."""
    return [
        statement
        for policy in resources(template, "AWS::IAM::Policy").values()
        for statement in written(policy["Properties"]["PolicyDocument"]["Statement"])
        if "kms:" in json.dumps(statement["Action"])
    ]


def violations(stack: "cdk.Stack") -> list[tuple[str, str]]:
    """Synthesise, expecting the guardrails to object, and return rule and description of each finding."""
    app = app_of(stack)
    try:
        app.synth()
    except RuntimeError as error:
        if "ValidationFailed" not in str(error):
            raise  # not by the guardrails
    else:
        return []
    reports = json.loads(Path(app.outdir, "validation-report.json").read_text())["pluginReports"]
    (report,) = [each for each in reports if each["pluginName"] == "Key Management"]  # annotations are reported too
    assert "error" not in (report.get("metadata") or {}), report
    return [(each["ruleName"], each["description"]) for each in report["violations"]]
