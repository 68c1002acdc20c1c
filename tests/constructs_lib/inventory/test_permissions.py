"""Whom the IAM policies of an app allow something."""

from typing import Any

import pytest

from constructs_lib.guardrails.identity_policies import Holder
from constructs_lib.guardrails.template_values import Located
from constructs_lib.inventory.listed_certificate import Permitted
from constructs_lib.inventory.named_resource import DRAWN, NamedResource
from constructs_lib.inventory.permissions import Permissions
from tests.support.certificate_templates import ACCOUNT, certificate, references_of, resource

DELETE = "acm:DeleteCertificate"
CERT = NamedResource(
    places=frozenset((Located("S", "Cert"),)),
    arn=f"arn:aws:acm:eu-west-1:{ACCOUNT}:certificate/{DRAWN}",
    account=ACCOUNT,
    has_all_tags=True,
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
