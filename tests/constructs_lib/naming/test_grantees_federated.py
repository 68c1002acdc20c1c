"""People who come from a provider of identities, by SAML or OpenID Connect."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib import ConfigurationError, EncryptionKey
from tests.support.synthesised import granted, iam_statements, key_statements, template_of

MakeApp = Callable[..., cdk.App]
Make = Callable[[cdk.Stack], iam.IPrincipal]
IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")
IDP = "arn:aws:iam::111122223333:saml-provider/Idp"
GITHUB = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
SIGN_IN = {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}
OF_MAIN = {"StringEquals": {"token.actions.githubusercontent.com:sub": "repo:orders/orders:ref:refs/heads/main"}}
OF_POOL = {"StringEquals": {"cognito-identity.amazonaws.com:aud": "eu-west-1:12345678-1234-1234-1234-123456789012"}}
COGNITO = "cognito-identity.amazonaws.com"


def imported_saml(scope: cdk.Stack) -> iam.IPrincipal:
    return iam.SamlPrincipal(iam.SamlProvider.from_saml_provider_arn(scope, "Imported", IDP), SIGN_IN)


def own_saml(scope: cdk.Stack) -> iam.IPrincipal:
    provider = iam.SamlProvider(scope, "Saml", metadata_document=iam.SamlMetadataDocument.from_xml("<x/>"))
    return iam.SamlConsolePrincipal(provider)


def imported_oidc(scope: cdk.Stack) -> iam.IPrincipal:
    provider = iam.OpenIdConnectProvider.from_open_id_connect_provider_arn(scope, "Imported", GITHUB)
    return iam.OpenIdConnectPrincipal(provider, OF_MAIN)


def own_oidc(scope: cdk.Stack) -> iam.IPrincipal:
    provider = iam.OidcProviderNative(
        scope, "Oidc", url="https://token.actions.githubusercontent.com", thumbprints=["a" * 40]
    )
    return iam.OpenIdConnectPrincipal(provider, OF_MAIN)


def web_identity(_: cdk.Stack) -> iam.IPrincipal:
    return iam.WebIdentityPrincipal(COGNITO, OF_POOL)


def by_hand(_: cdk.Stack) -> iam.IPrincipal:
    return iam.FederatedPrincipal(IDP, SIGN_IN, "sts:AssumeRoleWithSAML")


FEDERATED = pytest.mark.parametrize(
    ("make", "provider", "condition"),
    [
        (imported_saml, IDP, SIGN_IN),
        (own_saml, "${SamlC77D5D1E}", SIGN_IN),
        (imported_oidc, GITHUB, OF_MAIN),
        (own_oidc, "${Oidc70BFA75F}", OF_MAIN),
        (web_identity, COGNITO, OF_POOL),
        (by_hand, IDP, SIGN_IN),
    ],
    ids=["saml imported", "saml", "oidc imported", "oidc", "web identity", "by hand"],
)


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=IRELAND)


def allow(provider: str, condition: dict[str, Any]) -> dict[str, Any]:
    principal = {"Federated": provider}
    return {"Effect": "Allow", "Principal": principal, "Action": "kms:Decrypt", "Condition": condition}


@FEDERATED
def test_they_are_people_of_a_key(make: Make, provider: str, condition: dict[str, Any], stack: cdk.Stack) -> None:
    EncryptionKey(stack, "Key", decrypters=[make(stack)])

    people = [each for sid, each in key_statements(template_of(stack)).items() if sid.startswith("Decrypters")]
    assert people == [allow(provider, condition)]


@FEDERATED
def test_they_are_granted_a_key(make: Make, provider: str, condition: dict[str, Any], stack: cdk.Stack) -> None:
    EncryptionKey(stack, "Key").grant_decrypt(make(stack))

    template = template_of(stack)
    assert list(granted(template).values()) == [allow(provider, condition)]
    assert iam_statements(template) == []


@pytest.mark.parametrize("condition", [None, {"StringLike": {f"{COGNITO}:aud": "*"}}])
def test_refuses_everybody_of_a_provider_that_serves_everybody(condition: dict[str, Any], stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key")
    anybody = iam.WebIdentityPrincipal(COGNITO, condition)

    with pytest.raises(
        ConfigurationError, match=rf"^\[S/Key\] grantee: conditions must say whose application .*{COGNITO}"
    ):
        key.grant_decrypt(anybody)
    with pytest.raises(ConfigurationError, match=rf"^decrypters: conditions must say whose application .*{COGNITO}"):
        EncryptionKey(stack, "Other", decrypters=[anybody])


def test_refuses_a_condition_whose_key_only_the_deployment_knows(stack: cdk.Stack) -> None:
    pool = cdk.CfnParameter(stack, "Provider").value_as_string
    person = iam.FederatedPrincipal(IDP, {"StringEquals": {f"{pool}:aud": "x"}}, "sts:AssumeRoleWithWebIdentity")

    with pytest.raises(
        ConfigurationError, match=r"^\[S/Key\] conditions must have keys that are known at synthesis, got "
    ):
        EncryptionKey(stack, "Key").grant_decrypt(person)
