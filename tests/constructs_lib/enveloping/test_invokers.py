"""Who may invoke: somebody, and a service for a named resource or account; conditions are kept or refused."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from constructs_lib import ConfigurationError, EncryptionKey, EnvelopeEncryption
from constructs_lib.enveloping.invokers import check_invoker
from tests.support.synthesised import only, template_of

ACCOUNT = "111122223333"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/orders"


def s3(conditions: dict[str, Any] | None = None) -> iam.ServicePrincipal:
    return iam.ServicePrincipal("s3.amazonaws.com", conditions=conditions)


def for_account(value: object = ACCOUNT) -> dict[str, Any]:
    return {"StringEquals": {"aws:SourceAccount": value}}


def for_resource(arn: str = "arn:aws:s3:::orders") -> dict[str, Any]:
    return {"ArnLike": {"aws:SourceArn": arn}}


ADMITTED: dict[str, tuple[iam.IPrincipal, dict[str, str]]] = {
    "arn": (iam.ArnPrincipal(ROLE_ARN), {"Principal": ROLE_ARN}),
    "account": (iam.AccountPrincipal(ACCOUNT), {"Principal": ACCOUNT}),
    "organization": (
        iam.OrganizationPrincipal("o-abcdefghij"),
        {"Principal": "*", "PrincipalOrgID": "o-abcdefghij"},
    ),
    "service for an account": (s3(for_account()), {"Principal": "s3.amazonaws.com", "SourceAccount": ACCOUNT}),
    "service for a resource": (
        s3().with_conditions(for_resource()),
        {"Principal": "s3.amazonaws.com", "SourceArn": "arn:aws:s3:::orders"},
    ),
    "service for both": (
        s3({**for_resource(), **for_account()}),
        {"Principal": "s3.amazonaws.com", "SourceArn": "arn:aws:s3:::orders", "SourceAccount": ACCOUNT},
    ),
}


@pytest.mark.parametrize("case", ADMITTED)
def test_what_lambda_is_told_has_every_condition(case: str, make_app: Callable[..., cdk.App]) -> None:
    grantee, told = ADMITTED[case]
    stack = cdk.Stack(make_app(), "Orders")
    function = lambda_.Function(
        stack,
        "Function",
        code=lambda_.Code.from_inline("def handle(): ..."),
        handler="index.handle",
        runtime=lambda_.Runtime.PYTHON_3_13,
    )

    check_invoker(grantee)
    function.grant_invoke_latest_version(grantee)

    properties = only(template_of(stack), "AWS::Lambda::Permission")["Properties"]
    assert {name: each for name, each in properties.items() if name not in {"Action", "FunctionName"}} == told


@pytest.mark.parametrize(
    "grantee",
    [
        iam.AnyPrincipal(),
        iam.StarPrincipal(),
        iam.ArnPrincipal("*"),
        iam.AnyPrincipal().with_conditions({"StringEquals": {"aws:PrincipalOrgID": "*"}}),
        iam.AnyPrincipal().with_conditions({"StringLike": {"aws:PrincipalOrgID": "o-*"}}),
    ],
    ids=["any", "star", "arn", "any organization", "organizations that are alike"],
)
def test_refuses_anybody(grantee: iam.IPrincipal) -> None:
    with pytest.raises(ConfigurationError, match=r"^grantee must be somebody, .*, got anybody$"):
        check_invoker(grantee)


@pytest.mark.parametrize(
    "conditions",
    [
        None,
        {"StringEquals": {"aws:PrincipalTag/team": "orders"}},
        {**for_account(), "Bool": {"aws:SecureTransport": "true"}},
        for_account([ACCOUNT]),
        for_account("*"),
        for_resource("*"),
        for_resource("arn:aws:s3:::*"),
        {"ArnEquals": {"aws:SourceArn": "arn:aws:s3:::orders"}},
    ],
    ids=["none", "another", "one more", "list", "any account", "any resource", "any bucket", "another operator"],
)
def test_refuses_a_service_that_acts_for_anybody(conditions: dict[str, Any] | None) -> None:
    with pytest.raises(ConfigurationError, match=r"^grantee must say for whom a service acts, and nothing else: "):
        check_invoker(s3(conditions))


def test_refuses_conditions_that_a_permission_drops(make_app: Callable[..., cdk.App]) -> None:
    role = iam.Role(cdk.Stack(make_app(), "Orders"), "Role", assumed_by=iam.AccountRootPrincipal())
    tagged = iam.PrincipalWithConditions(role, {"StringEquals": {"aws:PrincipalTag/team": "orders"}})

    with pytest.raises(ConfigurationError, match=r"^grantee must be without conditions, .* aws:PrincipalTag/team: put"):
        check_invoker(tagged)


@pytest.mark.parametrize(
    ("grantee", "said"),
    [
        (iam.CompositePrincipal(iam.ArnPrincipal(ROLE_ARN), iam.AnyPrincipal()), "one principal, got 2 at once"),
        (iam.FederatedPrincipal("cognito-identity.amazonaws.com", {}), "of AWS or a service, .*, got Federated"),
        (iam.CanonicalUserPrincipal("abc"), "of AWS or a service, .*, got CanonicalUser abc"),
    ],
)
def test_refuses_what_a_permission_cannot_name(grantee: iam.IPrincipal, said: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"^grantee must be {said}"):
        check_invoker(grantee)


def test_refuses_anybody_to_a_decrypting_function(make_app: Callable[..., cdk.App]) -> None:
    stack = cdk.Stack(make_app(), "Orders")
    envelope = EnvelopeEncryption(
        stack,
        "Envelope",
        encryption_key=EncryptionKey(stack, "Key", alias="orders"),
        operations_key=EncryptionKey(stack, "LogKey", alias="logs"),
        required_context=["purpose"],
    )

    for grant in (envelope.grant_invoke_decrypt, envelope.grant_invoke_encrypt):
        with pytest.raises(ConfigurationError, match=r"^grantee must be somebody"):
            grant(iam.AnyPrincipal())
