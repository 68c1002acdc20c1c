"""Whom the IAM policies of an app allow something."""

from dataclasses import replace
from typing import Any

import pytest

from constructs_lib.guardrails.identity_policies import Holder
from constructs_lib.guardrails.template_values import Located
from constructs_lib.inventory.listed_certificate import Permitted
from constructs_lib.inventory.named_resource import DRAWN, NamedResource
from constructs_lib.inventory.permissions import Permissions
from tests.support.certificate_templates import ACCOUNT, certificate, references_of, resource

DELETE, ADD_TAGS = "acm:DeleteCertificate", "acm:AddTagsToCertificate"
CERT = NamedResource(
    places=frozenset((Located("S", "Cert"),)),
    arn=f"arn:aws:acm:eu-west-1:{ACCOUNT}:certificate/{DRAWN}",
    account=ACCOUNT,
    has_all_tags=True,
    tagged_by=ADD_TAGS,
)
ROLE = {"Ref": "Role"}


def allow(action: Any = DELETE, to: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": to, **more}


def role(*statements: Any, managed: Any = ()) -> dict[str, Any]:
    policies = [{"PolicyName": "P", "PolicyDocument": {"Statement": list(statements)}}] if statements else []
    return resource("AWS::IAM::Role", "App/Role/Resource", Policies=policies, ManagedPolicyArns=list(managed))


def permissions(**made: Any) -> Permissions:
    return Permissions(references_of({"S": "eu-west-1"}, S={"Cert": certificate(), **made}))


def may(*statements: Any, **options: Any) -> list[str]:
    return [each.who for each in permissions(Role=role(*statements, **options)).permitted(DELETE, CERT)]


@pytest.mark.parametrize(
    "statement",
    [
        allow(),
        allow("*"),
        allow("ACM:delete*"),
        allow([DELETE, "s3:GetObject"], {"Ref": "Cert"}),
        allow({"Ref": "Action"}),
        {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
        {"Effect": "Allow", "Action": DELETE, "NotResource": "arn:aws:acm:*:*:certificate/0a1b"},
        {"Effect": {"Ref": "Effect"}, "Action": DELETE, "Resource": "*"},
        {"Effect": "Allow", "Action": DELETE, "Resource": {"Fn::If": ["IsProd", {"Ref": "Cert"}, "arn:x"]}},
    ],
    ids=["exact", "everything", "wildcard", "listed", "token", "NotAction", "NotResource", "effect", "condition"],
)
def test_who_is_allowed_or_may_be_is_told(statement: Any) -> None:
    assert may(statement) == ["App/Role"]


@pytest.mark.parametrize(
    "statement",
    [
        allow("acm:DescribeCertificate"),
        allow(DELETE, {"Ref": "Other"}),
        allow(DELETE, "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b"),
        {"Effect": "Allow", "NotAction": "acm:*", "Resource": "*"},
        {"Effect": "Allow", "Action": DELETE, "NotResource": {"Ref": "Cert"}},
        {"Effect": "Deny", "Action": DELETE, "Resource": "*"},
        allow(DELETE, Condition={"StringEquals": {"aws:ResourceTag/owner": "somebody"}}),
    ],
    ids=["action", "resource", "literal", "NotAction", "NotResource", "Deny", "tag"],
)
def test_who_is_not_allowed_is_not_told(statement: Any) -> None:
    made = permissions(Role=role(statement), Other=certificate())

    assert made.permitted(DELETE, CERT) == ()


@pytest.mark.parametrize(
    ("denial", "who"),
    [
        ({"Effect": "Deny", "Action": "acm:*", "Resource": {"Ref": "Cert"}}, []),
        ({"Effect": "Deny", "Action": "acm:*", "Resource": "*", "Condition": {"Bool": {"a:b": "true"}}}, ["App/Role"]),
        ({"Effect": "Deny", "Action": {"Ref": "Action"}, "Resource": "*"}, ["App/Role"]),
        ({"Effect": "Deny", "Action": "acm:*", "Resource": {"Ref": "Arn"}}, ["App/Role"]),
    ],
    ids=["certain", "under a condition", "token", "parameter"],
)
def test_a_denial_counts_where_it_is_certain(denial: Any, who: list[str]) -> None:
    assert may(allow(), denial) == who


def test_a_condition_is_told_unless_the_same_is_allowed_without() -> None:
    guarded = allow(DELETE, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})

    assert permissions(Role=role(guarded)).permitted(DELETE, CERT) == (
        Permitted("App/Role", ("Bool aws:MultiFactorAuthPresent true",)),
    )
    assert permissions(Role=role(guarded, allow())).permitted(DELETE, CERT) == (Permitted("App/Role"),)


@pytest.mark.parametrize("name", ["AdministratorAccess", "PowerUserAccess", "AWSCertificateManagerFullAccess"])
def test_managed_policies_that_allow_it_are_known(name: str) -> None:
    assert may(managed=[f"arn:aws:iam::aws:policy/{name}"]) == ["App/Role"]


def test_managed_policies_that_nobody_read_are_counted() -> None:
    unknown = ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", "arn:aws:iam::1:policy/Own"]
    made = permissions(Role=role(managed=unknown), Second=role(managed=unknown[:1]))

    assert made.permitted(DELETE, CERT) == ()
    assert made.unread == {"arn:aws:iam::1:policy/Own": 1, "service-role/AWSLambdaBasicExecutionRole": 2}


def test_a_policy_that_the_app_defines_is_read() -> None:
    document = {"Statement": [allow(DELETE, {"Ref": "Cert"})]}
    made = permissions(
        Role=role(managed=[{"Ref": "Policy"}]), Policy=resource("AWS::IAM::ManagedPolicy", PolicyDocument=document)
    )

    assert [each.who for each in made.permitted(DELETE, CERT)] == ["App/Role"]
    assert made.unread == {}


def test_a_role_of_another_account_reaches_no_certificate() -> None:
    elsewhere = NamedResource(arn=CERT.arn.replace(ACCOUNT, "444455556666"), account="444455556666")

    assert permissions(Role=role(allow())).permitted(DELETE, elsewhere) == ()


def test_who_is_refused_by_the_resource_itself_is_not_told() -> None:
    def refuses(holder: Holder) -> bool:
        return holder.place == Located("S", "Role")

    assert permissions(Role=role(allow())).permitted(DELETE, CERT, refuses=refuses) == ()


OWNED = {"StringEquals": {"aws:ResourceTag/owner": "shop"}}
ASKED = {"StringEquals": {"aws:RequestTag/owner": "shop"}, "ForAllValues:StringEquals": {"aws:TagKeys": ["owner"]}}
KEEPS = {"StringEqualsIfExists": {"aws:ResourceTag/owner": "shop"}}
DELETES_OWNED = allow(DELETE, Condition=OWNED)
AFTER = Permitted("App/Role", after_tags=("owner=shop",))


@pytest.mark.parametrize(
    ("tagging", "told"),
    [
        (allow(ADD_TAGS), AFTER),
        (allow("acm:*Tags*", {"Ref": "Cert"}), AFTER),
        (allow(ADD_TAGS, Condition={**ASKED, **KEEPS}), AFTER),
        (
            allow(ADD_TAGS, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
            Permitted("App/Role", ("Bool aws:MultiFactorAuthPresent true",), ("owner=shop",)),
        ),
    ],
    ids=["any tag", "wildcard", "this tag", "under a condition"],
)
def test_who_may_write_the_tag_that_he_needs_is_told_with_it(tagging: Any, told: Permitted) -> None:
    assert permissions(Role=role(DELETES_OWNED, tagging)).permitted(DELETE, CERT) == (told,)


@pytest.mark.parametrize(
    "others",
    [
        [],
        [allow(ADD_TAGS, {"Ref": "Other"})],
        [allow(ADD_TAGS, Condition={"StringEquals": {"aws:RequestTag/owner": "desk"}})],
        [allow(ADD_TAGS, Condition={"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}})],
        [allow(ADD_TAGS, Condition=OWNED)],
        [allow(ADD_TAGS), {"Effect": "Deny", "Action": ADD_TAGS, "Resource": "*"}],
    ],
    ids=["nothing", "another certificate", "another value", "another key", "of what is tagged", "denied"],
)
def test_who_may_not_write_the_tag_that_he_needs_is_not_told(others: list[Any]) -> None:
    made = permissions(Role=role(DELETES_OWNED, *others), Other=certificate())

    assert made.permitted(DELETE, CERT) == ()


def test_what_carries_the_tag_of_another_is_kept_from_who_tags_only_what_carries_none() -> None:
    of_desk = replace(CERT, tags={"owner": "desk"})
    keeping, taking = (
        permissions(Role=role(DELETES_OWNED, allow(ADD_TAGS, Condition=condition)))
        for condition in ({**ASKED, **KEEPS}, ASKED)
    )

    assert keeping.permitted(DELETE, of_desk) == ()
    assert taking.permitted(DELETE, of_desk) == (AFTER,)


def test_the_tags_of_somebody_else_are_not_his() -> None:
    made = permissions(Role=role(DELETES_OWNED), Tagger=role(allow(ADD_TAGS)))

    assert made.permitted(DELETE, CERT) == ()


def test_of_several_values_that_would_do_one_is_told() -> None:
    either = allow(DELETE, Condition={"StringEquals": {"aws:ResourceTag/owner": ["desk", "shop"]}})

    made = permissions(Role=role(either, allow(ADD_TAGS, Condition=ASKED)))
    free = permissions(Role=role(either, allow(ADD_TAGS)))

    assert made.permitted(DELETE, CERT) == (AFTER,)
    assert [each.after_tags for each in free.permitted(DELETE, CERT)] == [("owner=desk",)]


def test_who_may_do_it_anyway_is_told_without_tags() -> None:
    made = permissions(Role=role(DELETES_OWNED, allow(ADD_TAGS), allow(DELETE)))

    assert made.permitted(DELETE, CERT) == (Permitted("App/Role"),)


def test_what_nobody_tags_has_the_tags_that_it_has() -> None:
    made = permissions(Role=role(DELETES_OWNED, allow(ADD_TAGS)))

    assert made.permitted(DELETE, replace(CERT, tagged_by="")) == ()
