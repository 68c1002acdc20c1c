"""Who is named to a secret: by whom, and who cannot be."""

from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib import permission_set
from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.named_people import (
    ADMINISTRATORS,
    READERS,
    ROTATORS,
    WRITERS,
    NamedPeople,
    check_people,
)
from tests.support.announcements import announcements
from tests.support.secret_stack import role
from tests.support.synthesised import app_of

ACCOUNT = "111122223333"
FOREIGN = "arn:aws:iam::999988887777:role/Reader"


@pytest.fixture
def stack(make_app: Callable[..., cdk.App]) -> cdk.Stack:
    return cdk.Stack(make_app(), "Orders", env=cdk.Environment(account=ACCOUNT, region="eu-west-1"))


@pytest.fixture
def people(stack: cdk.Stack) -> NamedPeople:
    return NamedPeople(cdk.Resource(stack, "Secret"), (), None)


def test_the_deployer_is_the_execution_role_unless_somebody_is_named(stack: cdk.Stack, people: NamedPeople) -> None:
    mine = iam.ArnPrincipal(f"arn:aws:iam::{ACCOUNT}:role/Pipeline")

    (usual,) = people.people.deployers
    (named,) = NamedPeople(cdk.Resource(stack, "Other"), [mine], "o-a1b2c3d4e5").people.deployers

    assert str(usual).endswith(f"role/cdk-hnb659fds-cfn-exec-role-{ACCOUNT}-eu-west-1")
    assert str(named).endswith("role/Pipeline")


def test_who_is_added_twice_is_named_once(stack: cdk.Stack, people: NamedPeople) -> None:
    reader = people.read(READERS, role(stack, "Reader"))

    assert [people.add(READERS, reader), people.add(READERS, reader)] == [True, False]
    assert len(people.people.readers) == 1


def test_a_role_of_another_stack_is_named_without_a_reference(stack: cdk.Stack, people: NamedPeople) -> None:
    other = cdk.Stack(app_of(stack), "Other", env=cdk.Environment(account=ACCOUNT, region="eu-west-1"))

    (person,) = people.read(READERS, role(other, "Reader", role_name="reader")).people

    assert person.principal.named.endswith(f":iam::{ACCOUNT}:role/reader")


def test_a_permission_set_is_named_by_its_pattern(people: NamedPeople) -> None:
    found = people.read(ADMINISTRATORS, permission_set("SecretAdmins")).people

    assert all("AWSReservedSSO_SecretAdmins_" in person.principal.named for person in found)


def test_a_reader_may_be_of_another_account(people: NamedPeople) -> None:
    (person,) = people.read(READERS, iam.ArnPrincipal(FOREIGN)).people

    assert people.is_foreign(person.principal)


@pytest.mark.parametrize("kind", [WRITERS, ADMINISTRATORS])
def test_refuses_another_account_for_more_than_reading(people: NamedPeople, kind: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{kind} must be of the account of the secret, got {FOREIGN}"):
        people.read(kind, iam.ArnPrincipal(FOREIGN))


@pytest.mark.parametrize("kind", [READERS, WRITERS, ROTATORS, ADMINISTRATORS])
@pytest.mark.parametrize("name", ["role/*", "role/Ap?", "user/*", "role/team/*"])
def test_refuses_a_wildcard_in_the_arn_of_a_person(people: NamedPeople, kind: str, name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{kind} must be roles and users by "):
        people.read(kind, iam.ArnPrincipal(f"arn:aws:iam::{ACCOUNT}:{name}"))


def test_refuses_a_wildcard_in_the_arn_of_a_deployer(stack: cdk.Stack) -> None:
    anybody = iam.ArnPrincipal(f"arn:aws:iam::{ACCOUNT}:role/*")

    with pytest.raises(ConfigurationError, match="deployers must be roles and users by their whole names"):
        NamedPeople(cdk.Resource(stack, "Other"), [anybody], None)


@pytest.mark.parametrize(
    "who",
    [
        iam.ArnPrincipal(FOREIGN.replace("Reader", "*")),
        iam.PrincipalWithConditions(
            iam.AccountRootPrincipal(), {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/Re*"}}
        ),
    ],
    ids=["foreign", "by condition"],
)
def test_refuses_readers_by_a_pattern(people: NamedPeople, who: iam.IPrincipal) -> None:
    with pytest.raises(ConfigurationError, match="readers must be roles and users by"):
        people.read(READERS, who)


def test_deployers_of_ones_own_are_told_who_could_be_taken_for_cloudformation(stack: cdk.Stack) -> None:
    NamedPeople(cdk.Resource(stack, "Usual"), (), None)
    NamedPeople(cdk.Resource(stack, "Own"), [iam.ArnPrincipal(f"arn:aws:iam::{ACCOUNT}:role/Pipeline")], None)

    (said,) = announcements(app_of(stack).synth().directory, "Orders", "info")

    assert said.startswith(f"whoever may assume arn:aws:iam::{ACCOUNT}:role/Pipeline in a session called AWSCloudF")


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        (iam.ServicePrincipal("rds.amazonaws.com"), "got the service rds.amazonaws.com: services read secrets with"),
        (iam.AnyPrincipal(), "got everybody: the resource policy denies"),
        (iam.AccountRootPrincipal(), ":root: the resource policy denies"),
        (iam.AccountPrincipal("999988887777"), "999988887777:root: the resource policy denies"),
        (iam.OrganizationPrincipal("o-a1b2c3d4e5"), "got everybody|:root"),
        (iam.FederatedPrincipal("cognito-identity.amazonaws.com"), "by name, got cognito"),
        (iam.ArnPrincipal(f"arn:aws:sts::{ACCOUNT}:assumed-role/Reader/me"), "got the session .*: name its role"),
        (
            iam.PrincipalWithConditions(iam.ArnPrincipal(FOREIGN), {"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
            "without conditions, .* under aws:MultiFactorAuthPresent",
        ),
    ],
    ids=["service", "anybody", "account", "other-account", "organization", "federated", "session", "conditions"],
)
def test_refuses_who_has_no_name_of_his_own(people: NamedPeople, who: iam.IPrincipal, reason: str) -> None:
    with pytest.raises(ConfigurationError, match=reason):
        people.read(READERS, who)


def test_refuses_a_group(stack: cdk.Stack, people: NamedPeople) -> None:
    with pytest.raises(ConfigurationError, match="got a group"):
        people.read(READERS, iam.Group(stack, "Group"))


@pytest.mark.parametrize("given", ["role", None, 7], ids=repr)
def test_refuses_what_are_no_people(given: object) -> None:
    with pytest.raises(ConfigurationError, match="readers must be a sequence of roles and users"):
        check_people("readers", given)


def test_refuses_a_literal_writer_where_the_account_is_not_known() -> None:
    people = NamedPeople(cdk.Resource(cdk.Stack(cdk.App(), "Anywhere"), "Secret"), (), None)

    with pytest.raises(ConfigurationError, match="give the stack an env, so that its account is known"):
        people.read(WRITERS, iam.ArnPrincipal(FOREIGN))
