import json
from collections.abc import Callable
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_sns as sns

from constructs_lib.errors import ConfigurationError
from constructs_lib.execution_policy.cloud_assembly import read_cloud_assembly

MakeApp = Callable[..., cdk.App]


def test_every_template_is_read_with_the_name_of_its_stack(make_app: MakeApp) -> None:
    app = make_app()
    sns.CfnTopic(cdk.Stack(app, "Plain"), "Topic")
    sns.CfnTopic(cdk.Stack(app, "Renamed", stack_name="other-name"), "Topic")
    sns.CfnTopic(cdk.Stack(cdk.Stage(app, "Stage"), "Inside"), "Topic")

    found = read_cloud_assembly(Path(app.synth().directory))

    assert sorted(each.stack_name for each in found.templates) == ["Plain", "Stage-Inside", "other-name"]
    assert all(list(each.resources) == ["Topic"] for each in found.templates)


def test_a_nested_template_is_found_through_the_assets(make_app: MakeApp) -> None:
    app = make_app()
    sns.CfnTopic(cdk.NestedStack(cdk.Stack(app, "Outer"), "Inner"), "Topic")

    found = read_cloud_assembly(Path(app.synth().directory))
    outer, inner = found.templates

    assert inner.stack_name == f"Outer-{next(iter(outer.resources))}-*"
    assert list(inner.resources) == ["Topic"]
    assert found.asset_buckets == ("cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}",)


def test_what_one_stack_exports_is_known_to_all(make_app: MakeApp) -> None:
    app = make_app()
    stack = cdk.Stack(app, "Exporting")
    topic = sns.CfnTopic(stack, "Topic")
    cdk.CfnOutput(stack, "Out", value=topic.ref, export_name="the-topic")

    where, value = read_cloud_assembly(Path(app.synth().directory)).exports["the-topic"]

    assert (where.stack_name, value) == ("Exporting", {"Ref": "Topic"})


def test_refuses_a_nested_template_that_is_no_asset(make_app: MakeApp) -> None:
    app = make_app()
    cdk.CfnStack(cdk.Stack(app, "Outer"), "Inner", template_url="https://example.com/template.json")

    with pytest.raises(ConfigurationError, match="template of Outer/Inner must be an asset of the assembly, got "):
        read_cloud_assembly(Path(app.synth().directory))


def test_refuses_a_folder_without_a_manifest(tmp_path: Path) -> None:
    (tmp_path / "Stack.template.json").write_text(json.dumps({}))

    with pytest.raises(ConfigurationError, match="assembly must be a folder that 'cdk synth' wrote"):
        read_cloud_assembly(tmp_path)
