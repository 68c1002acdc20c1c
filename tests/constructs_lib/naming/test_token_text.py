from collections.abc import Callable

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns

from constructs_lib import ConfigurationError
from constructs_lib.naming.token_text import TokenText, reference_in, referenced_in, stand_for, tokens_in
from constructs_lib.policy_variables import holds_variable
from constructs_lib.statements import Statement
from tests.support.round_trips import counted_round_trips

MakeApp = Callable[..., cdk.App]


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S")


def test_text_without_tokens_is_kept(stack: cdk.Stack) -> None:
    text = TokenText(stack)

    for plain in ("", "arn:aws:iam::111122223333:root", "${aws:PrincipalTag/team}", "$", "${"):
        assert text.text(plain) == text.with_tokens(plain) == plain


def test_pseudo_parameters_have_the_names_that_cloudformation_gives_them(stack: cdk.Stack) -> None:
    scoped = cdk.ScopedAws(stack)
    for partition, account, region, suffix in (
        (stack.partition, stack.account, stack.region, stack.url_suffix),
        (cdk.Aws.PARTITION, cdk.Aws.ACCOUNT_ID, cdk.Aws.REGION, cdk.Aws.URL_SUFFIX),
        (scoped.partition, scoped.account_id, scoped.region, scoped.url_suffix),
    ):
        text = TokenText(stack)
        arn = f"arn:{partition}:iam::{account}:role/{region}-{suffix}"
        name = text.text(arn)
        assert name == "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${AWS::Region}-${AWS::URLSuffix}"
        assert stack.resolve(text.with_tokens(name)) == stack.resolve(arn)


def test_the_name_of_a_reference_says_what_it_is(stack: cdk.Stack) -> None:
    topic = sns.Topic(stack, "Alarms")
    parameter = cdk.CfnParameter(stack, "Name")
    text = TokenText(stack)

    assert text.text(f"{topic.topic_arn}|{parameter.value_as_string}") == "${S/Alarms/Resource.Ref}|${S/Name.Ref}"


@pytest.mark.parametrize("construct_id", ["Role", "a}b", "{x}", "${y}", "a b", "ünï"])
def test_any_reference_comes_back_as_it_was(construct_id: str, stack: cdk.Stack) -> None:
    arn = iam.Role(stack, construct_id, assumed_by=iam.AccountRootPrincipal()).role_arn
    text = TokenText(stack)

    name = text.text(arn)
    assert name.startswith("${")
    assert name.endswith("}")
    assert name.count("}") == 1
    assert stack.resolve(text.with_tokens({"AWS": [name, "x"]})) == {"AWS": [stack.resolve(arn), "x"]}


def test_the_same_reference_has_the_same_name_whichever_token_it_is(stack: cdk.Stack) -> None:
    other = sns.CfnTopic(stack, "Topic")
    text = TokenText(stack)

    assert text.text(other.attr_topic_arn) == text.text(other.get_att("TopicArn").to_string())


def test_a_function_has_a_name_by_its_content_and_comes_back(stack: cdk.Stack) -> None:
    text = TokenText(stack)
    first, same, other = (cdk.Fn.import_value(name) for name in ("a", "a", "b"))

    assert text.text(first) == text.text(same) != text.text(other)
    assert stack.resolve(text.with_tokens(text.text(first))) == {"Fn::ImportValue": "a"}


def test_a_token_that_is_known_already_becomes_its_value(stack: cdk.Stack) -> None:
    assert TokenText(stack).text(f"x-{cdk.Token.as_string('known')}-{cdk.Lazy.string(Known())}") == "x-known-later"


def test_refuses_a_token_that_means_nothing_in_the_stack(stack: cdk.Stack) -> None:
    policy = iam.ManagedPolicy(stack, "Managed")
    nothing = policy.grant_principal.policy_fragment.principal_json["AWS"][0]

    with pytest.raises(
        ConfigurationError, match=r"^\[S\] a key policy must name what exists in its stack, got a token"
    ):
        TokenText(stack).text(nothing)


def test_a_reference_is_seen_through_without_being_made(make_app: MakeApp) -> None:
    app = make_app()
    stack, other = cdk.Stack(app, "S"), cdk.Stack(app, "W")
    role = iam.Role(other, "Role", assumed_by=iam.AccountRootPrincipal())

    target = referenced_in(role.role_arn)
    assert isinstance(target, iam.CfnRole)
    assert target.node.path == "W/Role/Resource"
    assert reference_in(stack.partition) is None
    assert referenced_in(f"{role.role_arn}/x") is None
    assert referenced_in("arn:aws:iam::111122223333:role/Reader") is None
    assert stack.dependencies == other.dependencies == []


def test_tokens_are_found_in_order(stack: cdk.Stack) -> None:
    assert tokens_in(f"a{stack.region}b{stack.account}") == [stack.region, stack.account]


@jsii.implements(cdk.IStableStringProducer)
class Known:
    def produce(self) -> str:
        return "later"


def test_two_tokens_never_share_a_name(make_app: Callable[..., cdk.App]) -> None:
    # Their six-digit digests are equal.
    text = TokenText(cdk.Stack(make_app(), "Keys"))

    assert text.text(cdk.Fn.import_value("role-3700")) != text.text(cdk.Fn.import_value("role-7631"))


def test_an_account_root_is_named_alike_however_it_is_written(make_app: Callable[..., cdk.App]) -> None:
    stack = cdk.Stack(make_app(), "Keys")
    text = TokenText(stack)
    root = iam.AccountRootPrincipal().policy_fragment.principal_json["AWS"][0]

    assert text.text(root) == text.text(f"arn:{stack.partition}:iam::{stack.account}:root")


def test_a_statement_is_resolved_as_the_cdk_would_and_each_text_asked_for_once(stack: cdk.Stack) -> None:
    text = TokenText(stack)
    role = text.text(iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()).role_arn)
    account = text.text(f"arn:{stack.partition}:iam::{stack.account}:root")
    statements = [
        Statement(
            sid=sid,
            principals={"AWS": (account, role), "Service": ("sns.amazonaws.com",)},
            actions=(action,),
            conditions={"StringEquals": {"aws:SourceAccount": (text.text(stack.account), "111122223333")}},
        )
        for sid, action in (("Read", "kms:Decrypt"), ("Write", "kms:Encrypt"))
    ]
    expected = [stack.resolve(text.with_tokens(statement.render())) for statement in statements]

    with counted_round_trips() as trips:
        known = dict[str, object]()
        assert [text.resolved(statement, known) for statement in (*statements, statements[0])] == [
            *expected,
            expected[0],
        ]
    assert trips.made == 1


def test_what_a_lazy_token_means_is_asked_each_time(stack: cdk.Stack) -> None:
    meant = ["first", "second"]

    @jsii.implements(cdk.IStringProducer)
    class Changing:
        def produce(self, _context: cdk.IResolveContext) -> str:
            return meant.pop(0)

    token = cdk.Lazy.uncached_string(Changing())
    text = TokenText(stack)
    assert [text.text(token), text.text(token)] == ["first", "second"]


def test_no_name_of_ours_looks_like_a_variable_of_iam(stack: cdk.Stack) -> None:
    role = iam.Role(stack, "aws:username", assumed_by=iam.AccountRootPrincipal())

    assert not holds_variable(TokenText(stack).text(role.role_arn))


def test_a_lazy_token_names_the_construct_that_it_stands_for(stack: cdk.Stack) -> None:
    role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())

    @jsii.implements(cdk.IStringProducer)
    class Said:
        def produce(self, _context: cdk.IResolveContext) -> str:
            return "x"

    token, other = cdk.Lazy.uncached_string(Said()), cdk.Lazy.uncached_string(Said())
    stand_for(token, role)

    assert referenced_in(token) is role
    assert referenced_in(other) is None
    assert referenced_in(f"<{token}>") is None
