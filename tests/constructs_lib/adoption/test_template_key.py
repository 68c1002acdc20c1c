import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.actions import OF_KEY_POLICIES
from constructs_lib.adoption.template_key import Deployment, find_key, read_physical_names
from constructs_lib.errors import ConfigurationError
from constructs_lib.key_kind import AGREEMENT, ASYMMETRIC_ENCRYPTION, MAC, SIGNING, SYMMETRIC, KeyKind

ACCOUNT = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::", {"Ref": "AWS::AccountId"}, ":root"]]}
READER = {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "reader", "Path": "/data/"}}
UNNAMED = {"Type": "AWS::IAM::Role", "Properties": {}}
KNOWN = Deployment(account="111122223333", region="eu-west-1")

Write = Callable[..., Path]


def _key(*principals: Any, path: str = "Orders/Key/Resource", **properties: Any) -> dict[str, Any]:
    policy = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": list(principals)}, "Action": "kms:Decrypt"}]}
    return {
        "Type": "AWS::KMS::Key",
        "Properties": {"KeyPolicy": policy, **properties},
        "Metadata": {"aws:cdk:path": path},
    }


def _alias(name: str, target: Any) -> dict[str, Any]:
    return {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": name, "TargetKeyId": target}}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a template of these resources, and the manifest of its assembly if it is said where it goes."""

    def write(environment: str = "", name: str = "Orders", outputs: Any = None, **resources: Any) -> Path:
        path = tmp_path / f"{name}.template.json"
        path.write_text(json.dumps({"Resources": resources, "Outputs": outputs or {}}))
        manifest = tmp_path / "manifest.json"
        artifacts = json.loads(manifest.read_text())["artifacts"] if manifest.exists() else {}
        artifacts[name] = {
            "type": "aws:cloudformation:stack",
            "environment": environment,
            "properties": {"templateFile": path.name},
        }
        if environment:
            manifest.write_text(json.dumps({"artifacts": artifacts}))
        return path

    return write


def _principals(template: Path, deployment: Deployment = KNOWN, wanted: str | None = None) -> list[str]:
    (statement,) = find_key(template, wanted, deployment).policy["Statement"]
    return list(statement["Principal"]["AWS"])


def test_what_is_known_of_the_deployment_stands_in_the_policy(write: Write) -> None:
    template = write(Key=_key(ACCOUNT, {"Fn::Sub": "${AWS::Region}"}))

    assert _principals(template) == ["arn:aws:iam::111122223333:root", "eu-west-1"]
    assert _principals(template, Deployment(account="1", region="x", partition="aws-cn"))[0] == "arn:aws-cn:iam::1:root"


def test_what_nobody_knows_stays_a_name(write: Write) -> None:
    template = write(Key=_key(ACCOUNT, {"Fn::GetAtt": ["Unnamed", "Arn"]}, {"Ref": "Unnamed"}), Unnamed=UNNAMED)

    assert _principals(template, Deployment()) == [
        "arn:aws:iam::${AWS::AccountId}:root", "${Unnamed.Arn}", "${Unnamed.Ref}",
    ]  # fmt: skip


def test_the_manifest_beside_the_template_knows_where_it_goes(write: Write) -> None:
    template = write("aws://444455556666/us-east-1", Key=_key(ACCOUNT, {"Ref": "AWS::Region"}))

    assert _principals(template, Deployment()) == ["arn:aws:iam::444455556666:root", "us-east-1"]
    assert _principals(template, KNOWN) == ["arn:aws:iam::444455556666:root", "us-east-1"]


def test_a_role_or_user_with_a_name_is_its_arn(write: Write) -> None:
    user = {"Type": "AWS::IAM::User", "Properties": {"UserName": "anna"}}
    template = write(
        Key=_key({"Fn::GetAtt": ["Reader", "Arn"]}, {"Fn::Sub": "${User.Arn}"}, {"Ref": "Reader"}),
        Reader=READER,
        User=user,
    )

    assert _principals(template) == [
        "arn:aws:iam::111122223333:role/data/reader", "arn:aws:iam::111122223333:user/anna", "reader",
    ]  # fmt: skip


def test_a_role_without_a_name_is_what_cloudformation_says(write: Write) -> None:
    template = write(Key=_key({"Fn::GetAtt": ["Unnamed", "Arn"]}), Unnamed=UNNAMED)
    names = read_physical_names(
        json.dumps({
            "StackResourceSummaries": [
                {"LogicalResourceId": "Unnamed", "PhysicalResourceId": "Orders-Unnamed-1A2B3C"},
                {"LogicalResourceId": "Coming"},
            ]
        })
    )

    found = _principals(template, Deployment(account="111122223333", physical_names=names))

    assert found == ["arn:aws:iam::111122223333:role/Orders-Unnamed-1A2B3C"]


def test_what_another_stack_exports_is_followed(write: Write) -> None:
    reader = {"Export": {"Name": "Reader"}, "Value": {"Fn::GetAtt": ["Reader", "Arn"]}}
    here = "aws://111122223333/eu-west-1"
    write(here, name="People", outputs={"Reader": reader}, Reader=READER)
    template = write(here, Key=_key({"Fn::ImportValue": "Reader"}))

    assert _principals(template) == ["arn:aws:iam::111122223333:role/data/reader"]


def test_both_branches_of_a_condition_are_kept(write: Write) -> None:
    template = write(Key=_key({"Fn::If": ["IsProd", ACCOUNT, {"Ref": "AWS::NoValue"}]}))

    found: Any = _principals(template)

    assert found == [{"Fn::If": ["IsProd", "arn:aws:iam::111122223333:root", "${AWS::NoValue}"]}]


@pytest.mark.parametrize("wanted", ["Key1", "Orders/First", "Orders/First/Resource", "alias/first", "first", "arn"])
def test_a_key_is_found_by_each_of_its_names(write: Write, wanted: str) -> None:
    template = write(
        Key1=_key("first", path="Orders/First/Resource"),
        Key2=_key("second", path="Orders/Second/Resource"),
        First=_alias("alias/first", {"Ref": "Key1"}),
        Arn=_alias("alias/arn", {"Fn::GetAtt": ["Key1", "Arn"]}),
        Second=_alias("alias/second", {"Ref": "Key2"}),
    )

    assert find_key(template, wanted, KNOWN).logical_id == "Key1"


def test_the_only_key_needs_no_name(write: Write) -> None:
    assert find_key(write(Key=_key("it")), None, KNOWN).logical_id == "Key"


@pytest.mark.parametrize(
    ("properties", "kind"),
    [
        ({}, SYMMETRIC),
        ({"KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT"}, SYMMETRIC),
        ({"Origin": "EXTERNAL"}, SYMMETRIC.with_imported_material()),
        ({"MultiRegion": True}, SYMMETRIC.in_several_regions()),
        ({"KeySpec": "RSA_4096", "KeyUsage": "ENCRYPT_DECRYPT"}, ASYMMETRIC_ENCRYPTION),
        ({"KeySpec": "RSA_4096", "KeyUsage": "SIGN_VERIFY"}, SIGNING),
        ({"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"}, MAC),
        ({"KeySpec": "ECC_NIST_P256", "KeyUsage": "KEY_AGREEMENT"}, AGREEMENT),
    ],
)
def test_wildcards_mean_what_the_kind_of_key_has(write: Write, properties: dict[str, Any], kind: KeyKind) -> None:
    found = find_key(write(Key=_key("it", **properties)), None, KNOWN)

    assert (found.actions, found.use) == (kind.actions, kind.use)


@pytest.mark.parametrize("key", [{**_key("it"), "Type": "AWS::KMS::ReplicaKey"}, _key("it", KeyUsage="NEW")])
def test_wildcards_mean_every_action_where_the_kind_is_unknown(write: Write, key: dict[str, Any]) -> None:
    found = find_key(write(Key=key), None, KNOWN)

    assert found.actions == OF_KEY_POLICIES
    assert found.use >= SYMMETRIC.use | SIGNING.use


@pytest.mark.parametrize(
    ("keys", "wanted", "message"),
    [
        (["Key1"], "Key2", "got 'Key2'; the template has Key1$"),
        (["Key1", "Key2"], None, "got None; the template has Key1, Key2$"),
        ([], None, "got None; the template has no key$"),
    ],
)
def test_refuses_to_guess_which_key_is_meant(write: Write, keys: list[str], wanted: str | None, message: str) -> None:
    template = write(**{name: _key("it", path=name) for name in keys})

    with pytest.raises(
        ConfigurationError, match=f"^key must be the logical id, .* of one key of the template, {message}"
    ):
        find_key(template, wanted, KNOWN)


def test_refuses_a_file_that_is_no_template(tmp_path: Path) -> None:
    broken = tmp_path / "Broken.template.json"
    broken.write_text("{")

    for path in (broken, tmp_path / "Absent.template.json"):
        with pytest.raises(ConfigurationError, match=f"^template must be one that 'cdk synth' wrote, got {path}: "):
            find_key(path, None, KNOWN)


@pytest.mark.parametrize("text", ["[]", "7", '{"Resources": []}'])
def test_refuses_json_that_is_no_template(tmp_path: Path, text: str) -> None:
    path = tmp_path / "Other.template.json"
    path.write_text(text)

    with pytest.raises(ConfigurationError, match=r"^template must be one that 'cdk synth' wrote"):
        find_key(path, None, KNOWN)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"StackResourceSummaries": [{}]}'])
def test_refuses_resources_that_are_none(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^resources must be what 'aws cloudformation list-stack-resources'"):
        read_physical_names(text)
