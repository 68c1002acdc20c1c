"""The resource policy of a secret, statement by statement."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from botocore.session import Session

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import Person, Principal
from constructs_lib.secrets.hosted_function import HostedFunction
from constructs_lib.secrets.secret_policy import SecretPeople, foreign_readers, secret_statements

HOME, PARTNER = "111122223333", "444455556666"


def _arn(name: str, account: str = HOME) -> str:
    return f"arn:aws:iam::{account}:role/{name}"


def _named(name: str, account: str = HOME) -> Person:
    return Person(Principal.by_name(_arn(name, account)))


DEPLOYER = _named("Deployer")
PERMISSION_SET = "aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Readers_????????????????"
HOSTED = HostedFunction(
    arn="arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:RotateOrders", roles=_arn("Orders-*")
)
PEOPLE = SecretPeople(account=HOME, deployers=(DEPLOYER,))
ALL = replace(
    PEOPLE,
    readers=(_named("Reader"), _named(PERMISSION_SET), _named("Partner", PARTNER)),
    writers=(_named("Writer"),),
    rotators=(_named("Rotation"),),
    administrators=(_named("Administrator"),),
)


def _policy(people: SecretPeople) -> dict[str, Any]:
    return {each.sid: each.render() for each in secret_statements(people)}


def _deny(action: str | list[str], **conditions: Mapping[str, str | list[str]]) -> dict[str, Any]:
    rendered = {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*"}
    return {**rendered, "Condition": conditions} if conditions else rendered


def _but(*names: str) -> dict[str, str | list[str]]:
    arns = [_arn(name) for name in names]
    return {"aws:PrincipalArn": arns if len(arns) > 1 else arns[0]}


def _actions(*names: str) -> list[str]:
    return [f"secretsmanager:{name}" for name in names]


TAKE_AWAY = _actions("CancelRotateSecret", "DeleteSecret", "RotateSecret", "StopReplicationToReplica")
OPEN = _actions(
    "DeleteResourcePolicy",
    "PutResourcePolicy",
    "RemoveRegionsFromReplication",
    "ReplicateSecretToRegions",
    "UpdateSecret",
)
PUT, MOVE = _actions("PutSecretValue", "UpdateSecretVersionStage")
GET = "secretsmanager:GetSecretValue"
READ = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
NOT_CLOUDFORMATION: dict[str, dict[str, str | list[str]]] = {
    "StringNotEquals": {"aws:CalledViaLast": "cloudformation.amazonaws.com"},
    "StringNotLike": {"aws:userid": "AROA*:AWSCloudFormation"},
}
OUTSIDE_OF_HOME = _deny(
    "secretsmanager:*",
    BoolIfExists={"aws:PrincipalIsAWSService": "false"},
    StringNotEquals={"aws:PrincipalAccount": HOME},
)


def test_a_secret_that_nobody_reads_denies_reading_to_everybody_but_cloudformation() -> None:
    forced = {"secretsmanager:ForceDeleteWithoutRecovery": "true"}
    expected = {
        "DenyDeployersReading": _deny(GET, ArnEquals=_but("Deployer"), **NOT_CLOUDFORMATION),
        "DenyDeletion": _deny(TAKE_AWAY, ArnNotEquals=_but("Deployer")),
        "DenyForcedDeletion": _deny("secretsmanager:DeleteSecret", ArnNotEquals=_but("Deployer"), Bool=forced),
        "DenyOpening": _deny(OPEN, ArnNotEquals=_but("Deployer")),
        "DenyOthersMoving": _deny(MOVE, ArnNotEquals=_but("Deployer")),
        "DenyOthersReading": _deny(GET, ArnNotEquals=_but("Deployer")),
        "DenyOthersWriting": _deny(PUT, ArnNotEquals=_but("Deployer")),
        "DenyOutsiders": OUTSIDE_OF_HOME,
    }

    assert _policy(PEOPLE) == {sid: {"Sid": sid, **statement} for sid, statement in expected.items()}


def test_everybody_who_is_named_is_spared_where_he_belongs() -> None:
    forced = {"secretsmanager:ForceDeleteWithoutRecovery": "true"}
    partner = _arn("Partner", PARTNER)
    readers = {"aws:PrincipalArn": [_arn("Reader"), _arn("Rotation"), partner]}
    spared = {"aws:PrincipalArn": [_arn("Deployer"), *readers["aws:PrincipalArn"]]}
    expected = {
        "DenyDeployersReading": _deny(
            GET, ArnEquals=_but("Deployer"), ArnNotEquals=readers, ArnNotLike=_but(PERMISSION_SET), **NOT_CLOUDFORMATION
        ),
        "DenyDeletion": _deny(TAKE_AWAY, ArnNotEquals=_but("Administrator", "Deployer")),
        "DenyForcedDeletion": _deny("secretsmanager:DeleteSecret", ArnNotEquals=_but("Deployer"), Bool=forced),
        "DenyOpening": _deny(OPEN, ArnNotEquals=_but("Deployer")),
        "DenyOthersMoving": _deny(MOVE, ArnNotEquals=_but("Administrator", "Deployer", "Rotation")),
        "DenyOthersReading": _deny(GET, ArnNotEquals=spared, ArnNotLike=_but(PERMISSION_SET)),
        "DenyOthersWriting": _deny(PUT, ArnNotEquals=_but("Deployer", "Rotation", "Writer")),
        "DenyOutsiders": _deny(
            "secretsmanager:*",
            BoolIfExists={"aws:PrincipalIsAWSService": "false"},
            StringNotEquals={"aws:PrincipalAccount": [HOME, PARTNER]},
        ),
        "ForeignReadersByName": {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{PARTNER}:root"},
            "Action": READ,
            "Resource": "*",
            "Condition": {"ArnEquals": {"aws:PrincipalArn": partner}},
        },
    }

    assert _policy(ALL) == {sid: {"Sid": sid, **statement} for sid, statement in expected.items()}


def test_an_organization_takes_the_place_of_the_accounts_of_readers_and_the_own_account_stays() -> None:
    statement = _policy(replace(ALL, organization_id="o-a1b2c3d4e5"))["DenyOutsiders"]

    assert statement["Condition"] == {
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        "StringNotEquals": {"aws:PrincipalAccount": HOME, "aws:PrincipalOrgID": "o-a1b2c3d4e5"},
    }


def test_a_hosted_rotation_needs_the_name_of_its_function_and_a_role_of_its_stack() -> None:
    policy = _policy(replace(ALL, readers=(), rotators=(), hosted_function=HOSTED))

    said = {sid: each["Condition"] for sid, each in policy.items() if sid.startswith("DenyOthers")}
    people = {"Moving": ("Administrator", "Deployer"), "Reading": ("Deployer",), "Writing": ("Deployer", "Writer")}
    session, role = {"aws:userid": "AROA*:RotateOrders"}, _but("Orders-*")
    assert said == {
        f"DenyOthers{what}{where}": {"ArnNotEquals": _but(*names), **other}
        for what, names in people.items()
        for where, other in (("", {"StringNotLike": session}), ("Elsewhere", {"ArnNotLike": role}))
    }


def test_the_function_of_another_secret_reads_a_superuser_and_does_not_write_it() -> None:
    arns = [f"arn:aws:lambda:eu-west-1:{HOME}:function:{name}" for name in ("RotateOrders", "RotateStock")]
    functions = tuple(
        HostedFunction(arn=arn, roles=_arn(role)) for arn, role in zip(arns, ("Orders-*", "Stock-*"), strict=True)
    )

    policy = _policy(replace(PEOPLE, reading_functions=functions))

    assert policy["DenyOthersReading"]["Condition"] == {
        "ArnNotEquals": _but("Deployer"),
        "StringNotLike": {"aws:userid": ["AROA*:RotateOrders", "AROA*:RotateStock"]},
    }
    assert policy["DenyOthersReadingElsewhere"]["Condition"] == {
        "ArnNotEquals": _but("Deployer"),
        "ArnNotLike": _but("Orders-*", "Stock-*"),
    }
    assert all(policy[sid]["Condition"].keys() == {"ArnNotEquals"} for sid in ("DenyOthersMoving", "DenyOthersWriting"))


def test_foreign_readers_are_let_in_as_they_are_named() -> None:
    by_arn = Person(Principal.by_arn(_arn("Exact", PARTNER)))
    readers = (by_arn, _named(PERMISSION_SET, PARTNER), _named("Partner", PARTNER))

    policy = _policy(replace(PEOPLE, readers=readers))

    account = {"AWS": f"arn:aws:iam::{PARTNER}:root"}
    allowed = {sid: (each["Principal"], each.get("Condition")) for sid, each in policy.items() if "Foreign" in sid}
    assert allowed == {
        "ForeignReaders": ({"AWS": _arn("Exact", PARTNER)}, None),
        "ForeignReadersByName": (account, {"ArnEquals": {"aws:PrincipalArn": _arn("Partner", PARTNER)}}),
        "ForeignReadersByPattern": (account, {"ArnLike": {"aws:PrincipalArn": _arn(PERMISSION_SET, PARTNER)}}),
    }
    assert {each.value for each in foreign_readers(replace(PEOPLE, readers=readers))} == {
        _arn("Exact", PARTNER),
        f"arn:aws:iam::{PARTNER}:root",
    }


@pytest.mark.parametrize("own", ["${Orders/Reader.Arn}", _arn("Reader"), _arn("Reader", "${AWS::AccountId}")])
def test_a_role_of_the_account_is_no_foreign_reader(own: str) -> None:
    assert foreign_readers(replace(PEOPLE, readers=(Person(Principal.by_arn(own)),))) == ()


def test_the_order_of_people_does_not_matter() -> None:
    backwards = replace(ALL, readers=ALL.readers[::-1], deployers=(_named("Other"), DEPLOYER))

    assert secret_statements(backwards) == secret_statements(replace(ALL, deployers=(DEPLOYER, _named("Other"))))


def test_every_operation_on_a_secret_is_denied_to_somebody_or_does_no_harm() -> None:
    known = {each.removeprefix("secretsmanager:") for each in (*TAKE_AWAY, *OPEN, PUT, MOVE, GET)}
    harmless = {
        *("DescribeSecret", "GetResourcePolicy", "ListSecretVersionIds", "ValidateResourcePolicy"),
        *("RestoreSecret", "TagResource", "UntagResource"),
    }
    # These are about no secret that exists, or ask for the actions above on each.
    of_no_secret = {"BatchGetSecretValue", "CreateSecret", "GetRandomPassword", "ListSecrets"}

    operations = set(Session().get_service_model("secretsmanager").operation_names)

    assert operations == known | harmless | of_no_secret


def test_deployers_who_are_readers_too_are_spared_as_both() -> None:
    policy = _policy(replace(PEOPLE, readers=(DEPLOYER,)))

    assert policy["DenyOthersReading"]["Condition"] == {"ArnNotEquals": _but("Deployer")}
    assert "DenyDeployersReading" not in policy


def test_one_of_several_deployers_who_is_a_reader_too_reads_and_the_others_do_not() -> None:
    other = _named("Other")

    policy = _policy(replace(PEOPLE, deployers=(DEPLOYER, other), readers=(other,)))

    assert policy["DenyDeployersReading"]["Condition"] == {
        "ArnEquals": _but("Deployer", "Other"),
        "ArnNotEquals": _but("Other"),
        **NOT_CLOUDFORMATION,
    }


def test_deployers_may_be_a_permission_set() -> None:
    condition = _policy(replace(PEOPLE, deployers=(DEPLOYER, _named(PERMISSION_SET))))["DenyDeployersReading"][
        "Condition"
    ]

    assert condition == {"ArnLike": _but("Deployer", PERMISSION_SET), **NOT_CLOUDFORMATION}


@pytest.mark.parametrize("argument", ["administrators", "deployers", "readers", "rotators", "writers"])
@pytest.mark.parametrize("name", ["*", "Ap?", "AWSReservedSSO_Readers_????????????????"])
def test_refuses_a_pattern_as_a_person(argument: str, name: str) -> None:
    changes: dict[str, Any] = {argument: (_named(name),)}

    with pytest.raises(ConfigurationError, match=f"^{argument} must be roles and users by their whole names"):
        secret_statements(replace(PEOPLE, **changes))


def test_refuses_a_secret_that_nobody_deploys() -> None:
    with pytest.raises(ConfigurationError, match="deployers must name who deploys the secret, got nobody"):
        secret_statements(replace(PEOPLE, deployers=()))


@pytest.mark.parametrize("argument", ["administrators", "deployers", "rotators", "writers"])
def test_refuses_people_of_other_accounts_who_would_do_more_than_read(argument: str) -> None:
    changes: dict[str, Any] = {argument: (_named("Partner", PARTNER),)}

    with pytest.raises(ConfigurationError, match=f"^{argument} must be roles and users of the secret's account {HOME}"):
        secret_statements(replace(PEOPLE, **changes))


@pytest.mark.parametrize("argument", ["administrators", "deployers", "readers", "rotators", "writers"])
def test_refuses_a_whole_account_as_a_person(argument: str) -> None:
    changes: dict[str, Any] = {argument: (Person(Principal.by_arn(f"arn:aws:iam::{PARTNER}:root")),)}

    with pytest.raises(ConfigurationError, match=f"^{argument} must be roles and users only, got arn:aws:iam::"):
        secret_statements(replace(PEOPLE, **changes))


def test_refuses_a_reader_under_conditions() -> None:
    reader = replace(_named("Reader"), conditions={"StringEquals": {"aws:SourceVpc": ("vpc-1",)}})

    with pytest.raises(ConfigurationError, match="readers must name people without conditions"):
        secret_statements(replace(PEOPLE, readers=(reader,)))
