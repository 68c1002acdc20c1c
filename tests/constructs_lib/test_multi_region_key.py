"""A key in several Regions as it is deployed: a template for each Region, and nobody admitted who was not meant."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from constructs_lib import (
    Administration,
    ConfigurationError,
    EncryptionKey,
    KeyMaterial,
    KeyState,
    Lifecycle,
    MultiRegionKey,
    RotatesWithin,
)
from constructs_lib.execution_policy.least_policies import execution_policies
from constructs_lib.execution_policy.template_arns import Place
from tests.support.synthesised import app_of, iam_statements, only, resources, template_of, written

MakeApp = Callable[..., cdk.App]
ACCOUNT = "111122223333"
KEY, REPLICA, ALIAS = "AWS::KMS::Key", "AWS::KMS::ReplicaKey", "AWS::KMS::Alias"
REPLICATE = {"kms:ReplicateKey", "kms:UpdatePrimaryRegion"}
STRENGTH = "@aws-cdk/core:defaultCrossStackReferences"
BY_ALIAS = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/orders"}}
DEPLOYER = "arn:${AWS::Partition}:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-us-east-1"


def stack_in(app: cdk.App, region: str, name: str = "", account: str | None = ACCOUNT) -> cdk.Stack:
    return cdk.Stack(app, name or region, env=cdk.Environment(account=account, region=region))


@pytest.fixture
def app(make_app: MakeApp) -> cdk.App:
    return make_app()


@pytest.fixture
def ireland(app: cdk.App) -> cdk.Stack:
    return stack_in(app, "eu-west-1", "Ireland")


@pytest.fixture
def virginia(app: cdk.App) -> cdk.Stack:
    return stack_in(app, "us-east-1", "Virginia")


def role(scope: cdk.Stack, construct_id: str = "Role", **settings: Any) -> iam.Role:
    return iam.Role(scope, construct_id, assumed_by=iam.AccountRootPrincipal(), **settings)


def statements(stack: cdk.Stack, kind: str) -> dict[str, Any]:
    policy = written(only(template_of(stack), kind)["Properties"]["KeyPolicy"])
    assert len({statement["Sid"] for statement in policy["Statement"]}) == len(policy["Statement"])
    return {statement.pop("Sid"): statement for statement in policy["Statement"]}


def uses(stack: cdk.Stack, kind: str) -> dict[str, Any]:
    """Return who uses the key, without the deployers and those who administer it."""
    return {
        sid: statement
        for sid, statement in statements(stack, kind).items()
        if not sid.startswith(("Deployers", "AccountAdministration"))
    }


def by_name(*actions: str, name: str) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
        "Action": actions[0] if len(actions) == 1 else list(actions),
        "Resource": "*",
        "Condition": {"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::111122223333:role/{name}"}},
    }


def test_each_region_has_a_key_a_policy_and_an_alias_and_only_the_primary_rotates(
    ireland: cdk.Stack, virginia: cdk.Stack
) -> None:
    reader = role(ireland, "Reader", role_name="Reader")
    MultiRegionKey(
        ireland,
        "Key",
        replicas=[virginia],
        alias="orders",
        description="Orders",
        tags={"team": "orders"},
        decrypters=[reader],
        services=[],
    )

    there, here = written(template_of(virginia)), written(template_of(ireland))
    administration = there["Resources"]["Key961B73FD"]["Properties"]["KeyPolicy"]["Statement"][0]
    assert set(administration["Action"]) > REPLICATE
    alias = {
        "Type": ALIAS,
        "Properties": {"AliasName": "alias/orders", "TargetKeyId": "${Key961B73FD}"},
        "DeletionPolicy": "RetainExceptOnCreate",
        "UpdateReplacePolicy": "Retain",
    }
    decrypters = by_name("kms:Decrypt", name="Reader")
    shared = {"Description": "Orders", "PendingWindowInDays": 30, "Tags": [{"Key": "team", "Value": "orders"}]}
    assert there["Resources"] == {
        "Key961B73FD": {
            "Type": REPLICA,
            "Properties": {
                **shared,
                "PrimaryKeyArn": {
                    "Fn::GetStackOutput": {
                        "StackName": "Ireland",
                        "Region": "eu-west-1",
                        "OutputName": "PublishOutputFnGetAttKey961B73FDArn43BC6B29",
                    }
                },
                "KeyPolicy": {
                    "Version": "2012-10-17",
                    "Statement": [administration, {"Sid": "DecryptersByName", **decrypters}],
                },
            },
            "DeletionPolicy": "RetainExceptOnCreate",
            "UpdateReplacePolicy": "Retain",
        },
        "KeyAlias6C2E2031": alias,
    }
    decrypters = {**decrypters, "Principal": {"AWS": "${ReaderF7BF189D.Arn}"}}
    del decrypters["Condition"]
    assert resources(here, KEY) == {
        "Key961B73FD": {
            "Type": KEY,
            "Properties": {
                **shared,
                "MultiRegion": True,
                "EnableKeyRotation": True,
                "RotationPeriodInDays": 365,
                "KeyPolicy": {
                    "Version": "2012-10-17",
                    "Statement": [administration, {"Sid": "Decrypters", **decrypters}],
                },
            },
            "DeletionPolicy": "RetainExceptOnCreate",
            "UpdateReplacePolicy": "Retain",
        }
    }
    assert here["Resources"]["KeyAlias6C2E2031"] == alias
    assert here["Outputs"] == {"PublishOutputFnGetAttKey961B73FDArn43BC6B29": {"Value": "${Key961B73FD.Arn}"}}


def test_the_policy_of_each_region_is_that_of_an_encryption_key_there_whose_administrators_replicate(
    ireland: cdk.Stack, virginia: cdk.Stack, make_app: MakeApp
) -> None:
    MultiRegionKey(ireland, "Key", replicas=[virginia])

    for stack, kind in ((ireland, KEY), (virginia, REPLICA)):
        alone = stack_in(make_app(), stack.region)
        EncryptionKey(alone, "Key")
        expected = statements(alone, KEY)
        administration = expected["AccountAdministration"]
        administration["Action"] = sorted({*administration["Action"], *REPLICATE})
        assert statements(stack, kind) == expected


@pytest.mark.parametrize("strength", ["strong", "weak", "both", None])
def test_the_replica_reads_an_output_of_the_primarys_stack_whatever_the_app_prefers(
    strength: str | None, make_app: MakeApp
) -> None:
    app = make_app(**{STRENGTH: strength})
    ireland, virginia = stack_in(app, "eu-west-1"), stack_in(app, "us-east-1")
    MultiRegionKey(ireland, "Key", replicas=[virginia])

    assert list(only(template_of(virginia), REPLICA)["Properties"]["PrimaryKeyArn"]) == ["Fn::GetStackOutput"]
    assert [resource["Type"] for resource in template_of(ireland)["Resources"].values()] == [KEY]


def test_a_strong_reference_to_the_primary_stays_strong_for_what_it_encrypts(
    app: cdk.App, ireland: cdk.Stack, virginia: cdk.Stack
) -> None:
    key = MultiRegionKey(ireland, "Key", replicas=[virginia])
    other = stack_in(app, "eu-west-1", "Orders")
    s3.Bucket(other, "Bucket", encryption_key=key)

    assert "Fn::ImportValue" in json.dumps(only(template_of(other), "AWS::S3::Bucket"))


@pytest.mark.parametrize("within", [lambda stack: stack, lambda stack: cdk.NestedStack(stack, "Nested")])
def test_the_stack_of_a_replica_is_deployed_after_that_of_the_primary(
    within: Callable[[cdk.Stack], cdk.Stack], ireland: cdk.Stack, virginia: cdk.Stack
) -> None:
    MultiRegionKey(ireland, "Key", replicas=[within(virginia)])

    artifact = app_of(virginia).synth().get_stack_by_name("Virginia")
    assert "Ireland" in {dependency.id for dependency in artifact.dependencies}


def test_without_replicas_it_is_a_primary_key_that_can_have_some_later(ireland: cdk.Stack) -> None:
    MultiRegionKey(ireland, "Key", replicas=[])

    template = template_of(ireland)
    assert only(template, KEY)["Properties"]["MultiRegion"] is True
    assert "Outputs" not in template


@pytest.mark.parametrize(
    ("option", "shared", "primary"),
    [
        ({"waiting_period": cdk.Duration.days(10)}, {"PendingWindowInDays": 10}, {}),
        ({"lifecycle": Lifecycle.EPHEMERAL}, {"PendingWindowInDays": 7}, {}),
        ({"state": KeyState.DISABLED}, {"Enabled": False}, {}),
        ({"rotation_period": cdk.Duration.days(90)}, {}, {"RotationPeriodInDays": 90}),
        ({"description": "x"}, {"Description": "x"}, {}),
        ({"tags": {"a": "b"}}, {"Tags": [{"Key": "a", "Value": "b"}]}, {}),
    ],
    ids=lambda value: next(iter(value), "") if isinstance(value, dict) else None,
)
def test_a_setting_holds_in_every_region_and_rotation_is_the_primarys(
    option: dict[str, Any], shared: dict[str, Any], primary: dict[str, Any], make_app: MakeApp
) -> None:
    def properties(**settings: Any) -> list[dict[str, Any]]:
        app = make_app()
        stacks = [stack_in(app, region) for region in ("eu-west-1", "us-east-1", "ap-south-1")]
        MultiRegionKey(stacks[0], "Key", replicas=stacks[1:], **settings)
        kinds = (KEY, REPLICA, REPLICA)
        return [only(template_of(stack), kind)["Properties"] for stack, kind in zip(stacks, kinds, strict=True)]

    plain, *others = properties()
    assert properties(**option) == [{**plain, **shared, **primary}, *({**each, **shared} for each in others)]


def test_an_ephemeral_key_goes_with_each_of_its_stacks(ireland: cdk.Stack, virginia: cdk.Stack) -> None:
    MultiRegionKey(ireland, "Key", replicas=[virginia], alias="orders", lifecycle=Lifecycle.EPHEMERAL)

    policies = [
        resource["DeletionPolicy"]
        for stack in (ireland, virginia)
        for resource in template_of(stack)["Resources"].values()
    ]
    assert policies == ["Delete"] * 4


def test_imported_material_is_the_primarys_origin_and_every_administrator_imports(
    ireland: cdk.Stack, virginia: cdk.Stack
) -> None:
    MultiRegionKey(ireland, "Key", replicas=[virginia], material=KeyMaterial.IMPORTED)

    primary, replica = only(template_of(ireland), KEY), only(template_of(virginia), REPLICA)
    assert (primary["Properties"]["Origin"], "EnableKeyRotation" in primary["Properties"]) == ("EXTERNAL", False)
    assert "Origin" not in replica["Properties"]
    for stack, kind in ((ireland, KEY), (virginia, REPLICA)):
        assert "kms:ImportKeyMaterial" in statements(stack, kind)["AccountAdministration"]["Action"]


def test_a_guard_stands_in_every_regions_policy(ireland: cdk.Stack, virginia: cdk.Stack) -> None:
    MultiRegionKey(ireland, "Key", replicas=[virginia], guards=[RotatesWithin(days=365)])

    for stack, kind in ((ireland, KEY), (virginia, REPLICA)):
        assert {"GuardRotationOff", "GuardRotationPeriod"} <= statements(stack, kind).keys()


def test_a_bucket_in_each_region_is_encrypted_and_read_under_the_key_there(
    ireland: cdk.Stack, virginia: cdk.Stack
) -> None:
    key = MultiRegionKey(ireland, "Key", replicas=[virginia])
    for stack in (ireland, virginia):
        here = key.in_region_of(stack)
        bucket = s3.Bucket(stack, "Bucket", encryption_key=here)
        bucket.grant_read(role(stack))
        assert isinstance(here.node.default_child, kms.CfnKey if stack is ireland else kms.CfnReplicaKey)

    for stack, kind in ((ireland, KEY), (virginia, REPLICA)):
        assert uses(stack, kind) == {
            "GrantedDecryptDescribeKey": {
                "Effect": "Allow",
                "Principal": {"AWS": "${Role1ABCC5F0.Arn}"},
                "Action": ["kms:Decrypt", "kms:DescribeKey"],
                "Resource": "*",
            }
        }
        assert [each["Resource"] for each in iam_statements(template_of(stack))] == ["${Key961B73FD.Arn}"]


def test_another_stack_of_a_region_uses_the_key_there(app: cdk.App, ireland: cdk.Stack, virginia: cdk.Stack) -> None:
    key = MultiRegionKey(ireland, "Key", replicas=[virginia])
    other = stack_in(app, "us-east-1", "Orders")
    here = key.in_region_of(other)

    assert here is key.in_region_of(role(virginia)) is key.everywhere[1]
    assert key.in_region_of(ireland) is key
    here.grant_decrypt(role(other, role_name="Reader"))
    assert uses(virginia, REPLICA) == {"GrantedDecryptByName": by_name("kms:Decrypt", name="Reader")}
    assert "GrantedDecryptByName" not in statements(ireland, KEY)


def test_what_is_granted_everywhere_holds_in_each_region(ireland: cdk.Stack, virginia: cdk.Stack) -> None:
    key = MultiRegionKey(ireland, "Key", replicas=[virginia])
    recovery = role(virginia, "Recovery", role_name="Recovery")
    for each in key.everywhere:
        each.grant_decrypt(recovery)

    assert uses(ireland, KEY) == {"GrantedDecryptByName": by_name("kms:Decrypt", name="Recovery")}
    assert list(uses(virginia, REPLICA)) == ["GrantedDecrypt"]
    assert [each["Resource"] for each in iam_statements(template_of(virginia))] == [
        ["${Key961B73FD.Arn}", "arn:aws:kms:eu-west-1:111122223333:key/${Key961B73FD}"]
    ]


@pytest.mark.parametrize("alias", [None, "orders"])
def test_people_of_any_region_with_the_key_are_bound_to_the_exact_key_of_each(
    alias: str | None, app: cdk.App, ireland: cdk.Stack, virginia: cdk.Stack
) -> None:
    orders = stack_in(app, "us-east-1", "Orders")
    people = {stack: role(stack, role_name=f"Reader{stack.stack_name}") for stack in (ireland, virginia, orders)}
    MultiRegionKey(ireland, "Key", replicas=[virginia], alias=alias, decrypters=list(people.values()))

    def resource(stack: cdk.Stack) -> list[Any]:
        found = iam_statements(template_of(stack))
        assert all(each["Action"] == "kms:Decrypt" and "Condition" not in each for each in found)
        return [each["Resource"] for each in found]

    # The role of the primary's stack needs no statement for the key that names it by identity.
    assert resource(ireland) == ["arn:aws:kms:us-east-1:111122223333:key/${Key961B73FD}"]
    assert resource(virginia) == ["arn:aws:kms:eu-west-1:111122223333:key/${Key961B73FD}"]
    (statement,) = only(template_of(orders), "AWS::IAM::Policy")["Properties"]["PolicyDocument"]["Statement"]
    exact, of_the_twin = statement["Resource"]
    assert exact["Fn::ImportValue"].startswith("Virginia:ExportsOutputFnGetAttKey961B73FDArn")
    assert of_the_twin["Fn::Join"] == [
        "",
        [
            "arn:aws:kms:eu-west-1:111122223333:key/",
            {"Fn::ImportValue": "Virginia:ExportsOutputRefKey961B73FD1C116C2C"},
        ],
    ]
    assert set(uses(ireland, KEY)) == set(uses(virginia, REPLICA)) == {"Decrypters", "DecryptersByName"}


def test_people_of_a_region_without_the_key_are_bound_to_it_by_its_alias_in_each_region(
    app: cdk.App, ireland: cdk.Stack, virginia: cdk.Stack
) -> None:
    tokyo = stack_in(app, "ap-northeast-1", "Tokyo")
    MultiRegionKey(ireland, "Key", replicas=[virginia], alias="orders", decrypters=[role(tokyo, role_name="Reader")])

    assert iam_statements(template_of(tokyo)) == [
        {
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            "Resource": [f"arn:aws:kms:{region}:111122223333:key/*" for region in ("eu-west-1", "us-east-1")],
            "Condition": BY_ALIAS,
        }
    ]


def test_people_of_two_regions_at_once_are_bound_by_the_alias(
    app: cdk.App, ireland: cdk.Stack, virginia: cdk.Stack
) -> None:
    mumbai = stack_in(app, "ap-south-1", "Mumbai")
    key = MultiRegionKey(ireland, "Key", replicas=[virginia, mumbai], alias="orders")
    both = iam.CompositePrincipal(*(role(stack, role_name=f"Reader{stack.stack_name}") for stack in (virginia, mumbai)))
    key.grant_decrypt(both)

    for stack in (virginia, mumbai):
        (statement,) = iam_statements(template_of(stack))
        assert (statement["Resource"], statement["Condition"]) == ("arn:aws:kms:eu-west-1:111122223333:key/*", BY_ALIAS)


def test_people_of_another_account_are_bound_by_the_alias(
    app: cdk.App, ireland: cdk.Stack, virginia: cdk.Stack
) -> None:
    abroad = stack_in(app, "us-east-1", "Abroad", account="444455556666")
    MultiRegionKey(ireland, "Key", replicas=[virginia], alias="orders", decrypters=[role(abroad, role_name="Reader")])

    (statement,) = iam_statements(template_of(abroad))
    assert statement["Condition"] == BY_ALIAS


def test_only_where_nobody_else_administers_each_regions_deployer_is_let_in_to_replicate(
    ireland: cdk.Stack, virginia: cdk.Stack
) -> None:
    security = role(ireland, "Security", role_name="Security")
    settings: dict[str, Any] = {"administrators": [security], "services": []}
    MultiRegionKey(ireland, "Open", replicas=[virginia], **settings)
    MultiRegionKey(
        ireland,
        "Own",
        replicas=[virginia],
        administration=Administration.ONLY_NAMED,
        deployers=[role(ireland)],
        **settings,
    )
    MultiRegionKey(ireland, "Closed", replicas=[virginia], administration=Administration.ONLY_NAMED, **settings)

    def granted(stack: cdk.Stack, kind: str) -> dict[str, list[Any]]:
        return {
            name: [
                statement
                for statement in written(key["Properties"]["KeyPolicy"]["Statement"])
                if statement["Sid"].startswith("Granted")
            ]
            for name, key in resources(template_of(stack), kind).items()
        }

    assert not any(granted(virginia, REPLICA).values())
    found = granted(ireland, KEY)
    assert [name for name, each in found.items() if each] == [name for name in found if name.startswith("Closed")]
    ((statement,),) = [each for each in found.values() if each]
    assert statement == {
        "Sid": "GrantedReplicateKey0a2707ByName",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:${AWS::Partition}:iam::111122223333:root"},
        "Action": "kms:ReplicateKey",
        "Resource": "*",
        "Condition": {
            "ArnEquals": {"aws:PrincipalArn": DEPLOYER},
            "StringEquals": {"kms:ReplicaRegion": "us-east-1"},
        },
    }


def test_stacks_of_any_account_but_known_regions_will_do(make_app: MakeApp) -> None:
    app = make_app()
    ireland, virginia = (stack_in(app, region, account=None) for region in ("eu-west-1", "us-east-1"))
    MultiRegionKey(ireland, "Key", replicas=[virginia], decrypters=[role(ireland, role_name="Reader")])

    (statement,) = iam_statements(template_of(ireland))
    assert statement["Resource"] == "arn:aws:kms:us-east-1:${AWS::AccountId}:key/${Key961B73FD}"


def test_regions_of_china_are_in_one_partition(make_app: MakeApp) -> None:
    app = make_app()
    beijing, ningxia = (stack_in(app, region) for region in ("cn-north-1", "cn-northwest-1"))
    MultiRegionKey(beijing, "Key", replicas=[ningxia], decrypters=[role(beijing, role_name="Reader")])

    (statement,) = iam_statements(template_of(beijing))
    assert statement["Resource"] == "arn:aws-cn:kms:cn-northwest-1:111122223333:key/${Key961B73FD}"


def test_a_key_deep_in_its_stack_has_replicas_wherever_they_are_put(ireland: cdk.Stack, virginia: cdk.Stack) -> None:
    key = MultiRegionKey(Construct(ireland, "Orders"), "Key", replicas=[Construct(virginia, "Copies")])

    assert [each.node.path for each in key.everywhere] == ["Ireland/Orders/Key", "Virginia/Copies/Key"]


def test_the_templates_pass_the_validator_of_the_cdk(make_app: MakeApp) -> None:
    app = make_app(validate=True)
    ireland, virginia = stack_in(app, "eu-west-1"), stack_in(app, "us-east-1")
    MultiRegionKey(ireland, "Key", replicas=[virginia], alias="orders", decrypters=[role(ireland, role_name="Reader")])

    assert Path(app.synth().directory, "manifest.json").exists()


def test_a_replica_is_taken_back_without_what_refers_to_its_stack(make_app: MakeApp) -> None:
    app = make_app(**{"cdk-key-management:take-back": "true"})
    ireland, virginia = stack_in(app, "eu-west-1"), stack_in(app, "us-east-1")
    reader = role(virginia, role_name="Reader")
    MultiRegionKey(ireland, "Key", replicas=[virginia], decrypters=[reader])

    assert (uses(virginia, REPLICA), list(uses(ireland, KEY))) == ({}, ["DecryptersByName"])


@pytest.mark.parametrize(("region", "spoken"), [("ap-south-1", "ap-south-1"), (None, "one known at deployment")])
def test_refuses_to_be_the_key_of_a_region_that_it_is_not_in(
    region: str | None, spoken: str, app: cdk.App, ireland: cdk.Stack, virginia: cdk.Stack
) -> None:
    key = MultiRegionKey(ireland, "Key", replicas=[virginia])
    other = cdk.Stack(app, "Other", env=cdk.Environment(account=ACCOUNT, region=region))

    with pytest.raises(ConfigurationError) as refused:
        key.in_region_of(other)

    assert str(refused.value) == (
        f"[Ireland/Key] scope must be in a Region of the key, eu-west-1, us-east-1, got Other in {spoken}"
    )


def test_the_least_execution_policy_of_a_region_has_what_its_key_needs_elsewhere(
    ireland: cdk.Stack, virginia: cdk.Stack
) -> None:
    MultiRegionKey(ireland, "Key", replicas=[virginia], alias="orders")
    place = Place(region="us-east-1", account=ACCOUNT)
    found = {
        action: (statement["Resource"], statement.get("Condition"))
        for document in execution_policies(Path(app_of(ireland).synth().directory), place=place)
        for statement in document["Statement"]
        for action in statement["Action"]
    }

    synchronizes = "arn:aws:iam::111122223333:role/aws-service-role/mrk.kms.amazonaws.com/*"
    for_kms = {"StringEquals": {"iam:AWSServiceName": ["mrk.kms.amazonaws.com"]}}
    assert found["kms:ReplicateKey"] == (["arn:aws:kms:eu-west-1:111122223333:key/*"], None)
    assert found["cloudformation:DescribeStacks"] == (
        ["arn:aws:cloudformation:eu-west-1:111122223333:stack/Ireland/*"],
        None,
    )
    assert found["iam:CreateServiceLinkedRole"] == ([synchronizes], for_kms)
