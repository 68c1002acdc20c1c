from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Annotations, Match

from constructs_lib import ConfigurationError, EncryptionKey, UnnamedRoles
from tests.support.announcements import announcements
from tests.support.synthesised import app_of, granted, only, template_of, written

MakeApp = Callable[..., cdk.App]
IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")
OREGON = cdk.Environment(account="111122223333", region="us-west-2")


def role(scope: cdk.Stack, construct_id: str = "Role", **options: Any) -> iam.Role:
    return iam.Role(scope, construct_id, assumed_by=iam.AccountRootPrincipal(), **options)


def name_of(stack: cdk.Stack) -> str:
    name: str = written(only(template_of(stack), "AWS::IAM::Role")["Properties"]["RoleName"])
    return name


def named(scope: cdk.Stack, construct_id: str = "Role", environment: cdk.Environment | None = IRELAND) -> str:
    """Grant a key to an unnamed role and return the name that it gets."""
    key_stack = cdk.Stack(app_of(scope), "KeyStack", env=environment)
    EncryptionKey(key_stack, "Key", alias="named").grant_decrypt(role(scope, construct_id))
    return name_of(scope)


def test_an_unnamed_role_gets_the_same_name_in_every_run(make_app: MakeApp) -> None:
    names = {named(cdk.Stack(make_app(), "W", env=IRELAND)) for _ in range(2)}

    assert names == {"Role-eu-west-1-636e0667a114"}


def test_a_name_tells_regions_stacks_and_places_apart(make_app: MakeApp) -> None:
    def nested(app: cdk.App) -> cdk.Stack:
        return cdk.NestedStack(cdk.Stack(app, "W", env=IRELAND), "N")

    def staged(app: cdk.App) -> cdk.Stack:
        return cdk.Stack(cdk.Stage(app, "Prod"), "W", env=IRELAND)

    stacks: list[Callable[[cdk.App], cdk.Stack]] = [
        lambda app: cdk.Stack(app, "W", env=IRELAND),
        lambda app: cdk.Stack(app, "W", env=OREGON),
        lambda app: cdk.Stack(app, "V", env=IRELAND),
        lambda app: cdk.Stack(app, "W", env=IRELAND, stack_name="Renamed"),
        nested,
        staged,
    ]
    names = [named(stack(make_app())) for stack in stacks]

    assert len(set(names)) == len(names), names


def test_two_roles_of_one_stack_get_two_names(make_app: MakeApp) -> None:
    app = make_app()
    stack, other = cdk.Stack(app, "S", env=IRELAND), cdk.Stack(app, "W", env=IRELAND)
    EncryptionKey(stack, "Key", decrypters=[role(other, "A"), role(cdk.NestedStack(other, "N"), "A")])

    statement = written(template_of(stack)["Resources"]["Key961B73FD"]["Properties"]["KeyPolicy"]["Statement"][1])
    assert len(statement["Condition"]["ArnEquals"]["aws:PrincipalArn"]) == 2


@pytest.mark.parametrize(
    "construct_id", ["A", "x" * 100, "Service Role", "ünïcode", "a*b?c", "日本", "Default", "Role{1}"]
)
@pytest.mark.parametrize("environment", [IRELAND, cdk.Environment(region="ap-southeast-10"), None])
def test_a_name_has_at_most_64_characters_that_iam_takes(
    construct_id: str, environment: cdk.Environment | None, make_app: MakeApp
) -> None:
    name = named(cdk.Stack(make_app(), "W", env=environment), construct_id, environment)

    longest = name.replace("${AWS::Region}", "ap-southeast-10")
    assert len(longest) <= 64
    assert all(character.isascii() and (character.isalnum() or character in "_+=,.@-") for character in longest)


def test_an_unnamed_role_of_any_region_has_its_region_in_the_name(make_app: MakeApp) -> None:
    assert named(cdk.Stack(make_app(), "W"), environment=None) == "Role-${AWS::Region}-636e0667a114"


def test_naming_is_announced_by_the_key_that_needs_it(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "W", env=IRELAND)
    named(stack)

    assert Annotations.from_stack(stack).find_info("*", Match.any_value()) == []
    (note,) = announcements(app_of(stack).synth().directory, "KeyStack", "info")
    assert "given a name, so that a key policy can name them by it: W/Role is Role-<Region>-636e0667a114; who" in note


def test_a_role_with_a_name_keeps_it_without_a_word(make_app: MakeApp) -> None:
    app = make_app()
    stack, other = cdk.Stack(app, "S", env=IRELAND), cdk.Stack(app, "W", env=IRELAND)
    EncryptionKey(stack, "Key").grant_decrypt(role(other, role_name="Reader"))

    assert name_of(other) == "Reader"
    assert Annotations.from_stack(other).find_info("*", Match.any_value()) == []


def test_a_role_granted_by_several_keys_is_named_once(make_app: MakeApp) -> None:
    app = make_app()
    other = cdk.Stack(app, "W", env=IRELAND)
    reader = role(other)
    stacks = [cdk.Stack(app, f"S{number}", env=IRELAND) for number in range(2)]
    for stack in stacks:
        EncryptionKey(stack, "Key").grant_decrypt(reader)

    arns = {
        granted(template_of(stack))["GrantedDecryptByName"]["Condition"]["ArnEquals"]["aws:PrincipalArn"]
        for stack in stacks
    }
    assert arns == {f"arn:aws:iam::111122223333:role/{name_of(other)}"}


def test_pseudo_parameters_in_a_name_mean_the_roles_stack(make_app: MakeApp) -> None:
    app = make_app()
    stack, other = cdk.Stack(app, "S", env=IRELAND), cdk.Stack(app, "W", env=OREGON)
    key = EncryptionKey(stack, "Key", alias="orders")
    key.grant_decrypt(role(other, role_name=f"reader-{cdk.Aws.REGION}", path=f"/{cdk.Aws.REGION}/"))

    condition = granted(template_of(stack))["GrantedDecryptByName"]["Condition"]
    assert condition == {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/us-west-2/reader-us-west-2"}}


def test_a_generated_name_can_be_matched_instead_and_the_role_stays_as_it_is(make_app: MakeApp) -> None:
    app = make_app()
    stack, other = cdk.Stack(app, "S", env=IRELAND), cdk.Stack(app, "W", env=IRELAND)
    key = EncryptionKey(stack, "Key", unnamed_roles=UnnamedRoles.MATCH_GENERATED_NAME)
    key.grant_decrypt(role(other, path="/team/"))

    assert granted(template_of(stack)) == {
        "GrantedDecryptByPattern": {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
            "Action": "kms:Decrypt",
            "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/team/W-Role1ABCC5F0-*"}},
        }
    }
    assert "RoleName" not in only(template_of(other), "AWS::IAM::Role")["Properties"]
    Annotations.from_stack(other).has_info(
        "/W/Role/Resource",
        Match.string_like_regexp(r"a key policy admits every role of this account named W-Role1ABCC5F0-\*"),
    )


@pytest.mark.parametrize(
    "other",
    [
        lambda app: cdk.Stack(app, "W" * 40, env=IRELAND),
        lambda app: cdk.NestedStack(cdk.Stack(app, "W", env=IRELAND), "N"),
    ],
    ids=["too-long", "nested"],
)
def test_refuses_to_match_a_generated_name_that_is_not_known(
    other: Callable[[cdk.App], cdk.Stack], make_app: MakeApp
) -> None:
    app = make_app()
    key = EncryptionKey(cdk.Stack(app, "S", env=IRELAND), "Key", unnamed_roles=UnnamedRoles.MATCH_GENERATED_NAME)
    reader = role(other(app))

    with pytest.raises(
        ConfigurationError,
        match="unnamed_roles must be GIVE_NAME for a role whose generated name is cut short or unknown",
    ):
        key.grant_decrypt(reader)


def test_an_unnamed_user_of_another_stack_gets_a_name_too(make_app: MakeApp) -> None:
    app = make_app()
    stack, other = cdk.Stack(app, "S", env=IRELAND), cdk.Stack(app, "W", env=IRELAND)
    EncryptionKey(stack, "Key").grant_decrypt(iam.User(other, "User", path="/people/"))

    name = only(template_of(other), "AWS::IAM::User")["Properties"]["UserName"]
    condition = granted(template_of(stack))["GrantedDecryptByName"]["Condition"]
    assert condition == {"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::111122223333:user/people/{name}"}}
