from typing import Any

import pytest

from constructs_lib.actions import (
    ADMINISTER,
    CREATE_GRANT,
    CREATE_THROUGH_SERVICE,
    DECRYPT,
    ENCRYPT,
    INSPECT,
    RE_ENCRYPT,
    RETIRE_GRANT,
    USE,
)
from constructs_lib.errors import ConfigurationError
from constructs_lib.key_kind import SYMMETRIC
from constructs_lib.key_policy import Administration, KeyPolicy
from constructs_lib.principals import Permission, Person, Principal

ACCOUNT = "arn:aws:iam::111122223333:root"


def role(name: str) -> str:
    return f"arn:aws:iam::111122223333:role/{name}"


def by_arn(*names: str) -> list[Principal]:
    return [Principal.by_arn(role(name)) for name in names]


DEPLOYER = Principal.by_name(role("Deployer"))


def policy(**changed: Any) -> KeyPolicy:
    people = {
        argument: [person if isinstance(person, Person) else Person(person) for person in changed.pop(argument)]
        for argument in ("administrators", "auditors", "encrypters", "decrypters")
        if argument in changed
    }
    given: dict[str, Any] = {
        "kind": SYMMETRIC,
        "people": people,
        "account": ACCOUNT,
        "region": "eu-west-1",
        "administration": Administration.THROUGH_IAM,
        "deployers": [DEPLOYER],
        **changed,
    }
    return KeyPolicy(**given)


def rendered(of: KeyPolicy, *granted: Permission) -> list[dict[str, Any]]:
    return [statement.render() for statement in of.statements(granted)]


def allow(sid: str, principal: Any, actions: Any, condition: Any = None) -> dict[str, Any]:
    statement = {"Sid": sid, "Effect": "Allow", "Principal": principal, "Action": actions, "Resource": "*"}
    return statement if condition is None else {**statement, "Condition": condition}


ADMINISTRATION = [
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyLastUsage",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
]
CREATION = [
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
]
DEPLOYED = {"ArnEquals": {"aws:PrincipalArn": role("Deployer")}}


def via(*services: str) -> dict[str, Any]:
    values = [f"{service}.eu-west-1.amazonaws.com" for service in services]
    return {"StringEquals": {"kms:ViaService": values if values[1:] else values[0]}}


VIA_ANY = {"StringLike": {"kms:ViaService": "*.eu-west-1.amazonaws.com"}}
FOR_AWS = {"Bool": {"kms:GrantIsForAWSResource": "true"}}

ACCOUNT_ADMINISTRATION = allow("AccountAdministration", {"AWS": ACCOUNT}, ADMINISTRATION)
DEPLOYMENT = [
    allow("DeployersThroughServicesByName", {"AWS": ACCOUNT}, CREATION, {**DEPLOYED, **VIA_ANY}),
    allow("DeployersGrantsByName", {"AWS": ACCOUNT}, "kms:CreateGrant", {**DEPLOYED, **FOR_AWS, **VIA_ANY}),
    allow(
        "DeployersReEncryptFromByName",
        {"AWS": ACCOUNT},
        ["kms:Decrypt", "kms:ReEncryptFrom"],
        {**DEPLOYED, **via("fsx")},
    ),
    allow(
        "DeployersReEncryptFromReEncryptToByName",
        {"AWS": ACCOUNT},
        ["kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
        {**DEPLOYED, **via("dynamodb", "ec2", "events")},
    ),
    allow("DeployersRetireGrantByName", {"AWS": ACCOUNT}, "kms:RetireGrant", {**DEPLOYED, **via("backup", "ecr")}),
]


def test_the_least_policy_lets_the_account_administer_and_the_deployer_create() -> None:
    assert rendered(policy()) == [ACCOUNT_ADMINISTRATION, *DEPLOYMENT]


def test_each_kind_of_person_is_one_statement() -> None:
    whole = policy(
        administrators=by_arn("Admin"),
        encrypters=by_arn("Writer2", "Writer1"),
        decrypters=by_arn("Reader"),
        auditors=by_arn("Auditor"),
    )

    assert rendered(whole) == [
        ACCOUNT_ADMINISTRATION,
        allow("Administrators", {"AWS": role("Admin")}, ADMINISTRATION),
        allow(
            "Encrypters",
            {"AWS": [role("Writer1"), role("Writer2")]},
            ["kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"],
        ),
        allow("Decrypters", {"AWS": role("Reader")}, "kms:Decrypt"),
        allow(
            "Auditors",
            {"AWS": role("Auditor")},
            [
                "kms:DescribeKey",
                "kms:GetKeyLastUsage",
                "kms:GetKeyPolicy",
                "kms:GetKeyRotationStatus",
                "kms:ListGrants",
                "kms:ListKeyPolicies",
                "kms:ListKeyRotations",
                "kms:ListResourceTags",
            ],
        ),
        *DEPLOYMENT,
    ]


def test_where_only_named_people_administer_the_account_is_not_trusted_and_the_deployer_stays_able() -> None:
    whole = policy(administration=Administration.ONLY_NAMED, administrators=by_arn("Admin"))

    assert rendered(whole) == [
        allow("Administrators", {"AWS": role("Admin")}, ADMINISTRATION),
        allow("DeployersAdministerByName", {"AWS": ACCOUNT}, ADMINISTRATION, DEPLOYED),
        *DEPLOYMENT,
    ]


def test_services_narrow_what_a_deployer_reaches_and_where_grants_are_made() -> None:
    assert rendered(policy(services=["s3", "rds", "es"])) == [
        ACCOUNT_ADMINISTRATION,
        allow("DeployersThroughEsRdsByName", {"AWS": ACCOUNT}, "kms:DescribeKey", {**DEPLOYED, **via("es", "rds")}),
        allow(
            "DeployersThroughS3ByName",
            {"AWS": ACCOUNT},
            ["kms:Decrypt", "kms:GenerateDataKey"],
            {**DEPLOYED, **via("s3")},
        ),
        allow(
            "DeployersGrantsByName", {"AWS": ACCOUNT}, "kms:CreateGrant", {**DEPLOYED, **FOR_AWS, **via("es", "rds")}
        ),
    ]


def test_creating_through_one_service_more_changes_the_statements_of_that_service_alone() -> None:
    narrow = policy(services=["s3"])

    assert rendered(narrow.created_through("rds")) == rendered(policy(services=["s3", "rds"]))
    assert narrow.created_through("s3") is narrow
    assert (every := policy()).created_through("rds") is every


def test_services_that_make_no_grants_need_none() -> None:
    assert [statement["Sid"] for statement in rendered(policy(services=["s3", "sqs"]))] == [
        "AccountAdministration",
        "DeployersThroughS3SqsByName",
    ]


def test_no_services_leave_a_deployer_without_any_use() -> None:
    assert rendered(policy(services=[])) == [ACCOUNT_ADMINISTRATION]


def test_deployers_by_identity_stand_apart_from_those_by_name() -> None:
    whole = policy(deployers=[DEPLOYER, *by_arn("Pipeline")], services=["s3"])

    assert [(statement["Sid"], statement["Principal"]) for statement in rendered(whole)[1:]] == [
        ("DeployersThroughS3", {"AWS": role("Pipeline")}),
        ("DeployersThroughS3ByName", {"AWS": ACCOUNT}),
    ]


def test_an_encrypter_may_also_decrypt_and_a_deployer_may_administer() -> None:
    both = by_arn("Both")

    assert len(policy(encrypters=both, decrypters=both).statements()) == 3 + len(DEPLOYMENT)
    assert len(policy(administrators=[DEPLOYER]).statements()) == 2 + len(DEPLOYMENT)


@pytest.mark.parametrize("use", ["encrypters", "decrypters"])
def test_refuses_an_administrator_who_also_uses_the_key(use: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        policy(administrators=by_arn("Admin", "Other"), **{use: by_arn("Reader", "Admin")})
    assert str(refused.value) == (
        f"{use} must be other people than the administrators, got arn:aws:iam::111122223333:role/Admin as both"
    )


def test_refuses_an_administrator_by_name_who_also_uses_the_key() -> None:
    named = [Principal.by_name(role("Admin"))]

    with pytest.raises(ConfigurationError, match=r"^decrypters must be other people .* got .*role/Admin as both$"):
        policy(administrators=named, decrypters=named)


def test_refuses_an_administrator_by_name_who_uses_the_key_by_identity() -> None:
    with pytest.raises(ConfigurationError, match=r"^decrypters must be other people .* got .*role/Admin as both$"):
        policy(administrators=[Principal.by_name(role("Admin"))], decrypters=by_arn("Admin"))


SPELLINGS = {
    "a partition that the deployment knows": Person(
        Principal.by_arn(role("Admin").replace(":aws:", ":${AWS::Partition}:"))
    ),
    "a session": Person(Principal.by_arn("arn:aws:sts::111122223333:assumed-role/Admin/me")),
    "the account under a condition": Person(
        Principal("AWS", ACCOUNT), {"StringEquals": {"aws:PrincipalArn": (role("Admin"),)}}
    ),
    "a pattern": Person(Principal.by_name(role("Adm*"))),
    "the name of a role of the stack": Person(Principal.by_arn("${S/Admin/Resource.Arn}")),
}


@pytest.mark.parametrize("administration", Administration)
@pytest.mark.parametrize("person", SPELLINGS.values(), ids=SPELLINGS)
def test_refuses_an_administrator_in_another_spelling(person: Person, administration: Administration) -> None:
    known_as = {"${S/Admin/Resource.Arn}": role("Admin")}
    given: dict[str, Any] = {
        "administrators": by_arn("Admin"),
        "administration": administration,
        "known_as": lambda arn: known_as.get(arn, arn),
    }

    with pytest.raises(ConfigurationError, match=r"^decrypters must be other people than the administrators, got "):
        policy(**given, decrypters=[person])
    with pytest.raises(ConfigurationError, match=r"^grantee must be somebody else than an administrator of the key"):
        policy(**given).statements([Permission(person.principal, ("kms:Decrypt",), person.conditions)])


def test_the_whole_account_may_use_a_key_beside_its_administrators() -> None:
    account = Permission(Principal("AWS", ACCOUNT), ("kms:Decrypt",))

    assert len(policy(administrators=by_arn("Admin")).statements([account])) == 3 + len(DEPLOYMENT)


def test_refuses_named_administration_without_a_name() -> None:
    with pytest.raises(
        ConfigurationError, match=r"^administrators must name somebody when administration is ONLY_NAMED, got nobody$"
    ):
        policy(administration=Administration.ONLY_NAMED)


def test_refuses_a_key_that_nobody_deploys() -> None:
    with pytest.raises(ConfigurationError, match=r"^deployers must name who deploys the key, got nobody$"):
        policy(deployers=[])


@pytest.mark.parametrize("actions", [("kms:PutKeyPolicy",), ADMINISTER])
@pytest.mark.parametrize("caller", [Principal("AWS", "*"), DEPLOYER, Principal.by_arn(role("Somebody"))])
def test_refuses_to_deny_a_change_of_the_policy(caller: Principal, actions: tuple[str, ...]) -> None:
    denied = Permission(caller, actions, effect="Deny")

    with pytest.raises(
        ConfigurationError, match=r"^a key policy must let its deployer change it, got a Deny of kms:PutKeyPolicy$"
    ):
        policy().statements([denied])


def test_use_may_be_denied_to_everybody() -> None:
    denied = Permission(Principal("AWS", "*"), ("kms:Decrypt",), effect="Deny")

    assert rendered(policy(), denied)[-1] == {
        "Sid": "DeniedDecrypt",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "kms:Decrypt",
        "Resource": "*",
    }


def test_every_kind_of_person_has_actions() -> None:
    held = {people: policy().actions_of(people) for people in ("administrators", "auditors", *SYMMETRIC.people)}
    assert held == {"administrators": ADMINISTER, "auditors": INSPECT, "encrypters": ENCRYPT, "decrypters": DECRYPT}


@pytest.mark.parametrize(
    ("services", "actions"),
    [
        ([], set()),
        (["s3"], {"kms:Decrypt", "kms:GenerateDataKey"}),
        (["rds"], {"kms:DescribeKey", CREATE_GRANT}),
        (None, {*CREATE_THROUGH_SERVICE, *RE_ENCRYPT, CREATE_GRANT, RETIRE_GRANT}),
    ],
    ids=["none", "without grants", "with grants", "every"],
)
def test_deployers_may_do_what_their_services_need(services: list[str] | None, actions: set[str]) -> None:
    assert set(policy(services=services).actions_of("deployers")) == actions


def test_deployers_administer_where_iam_does_not_say_who_does() -> None:
    named = policy(services=[], administration=Administration.ONLY_NAMED, administrators=by_arn("Admin"))

    assert set(named.actions_of("deployers")) == set(ADMINISTER)


def test_granting_changes_no_statement_of_people() -> None:
    whole = policy(encrypters=by_arn("Writer"), decrypters=by_arn("Reader"))
    granted = Permission(Principal.by_arn(role("Writer")), ("kms:Decrypt", "kms:Encrypt"))

    assert rendered(whole, granted)[:-1] == rendered(whole)


@pytest.mark.parametrize("action", [*USE, CREATE_GRANT])
def test_refuses_to_let_an_administrator_use_the_key_by_a_grant(action: str) -> None:
    (admin,) = by_arn("Admin")
    guarded = policy(administrators=[admin])

    guarded.statements([Permission(admin, ("kms:DescribeKey",)), Permission(admin, (action,), effect="Deny")])
    with pytest.raises(ConfigurationError, match=r"^grantee must be somebody else than an administrator of the key"):
        guarded.statements([Permission(admin, (action,))])


def test_holders_are_people_and_grantees_and_not_the_deployers() -> None:
    (writer, reader, late) = by_arn("Writer", "Reader", "Late")
    service, denied = Principal("Service", "sns.amazonaws.com"), Principal.by_arn(role("Denied"))
    of = policy(encrypters=[writer], decrypters=[reader], services=["s3"])
    granted = [
        Permission(late, ("kms:Encrypt", "kms:Decrypt")),
        Permission(service, ("kms:GenerateDataKey",)),
        Permission(denied, ("kms:Encrypt",), effect="Deny"),
    ]

    assert of.holders_of(["kms:Encrypt"]) == (role("Writer"),)
    assert of.holders_of(ENCRYPT, granted) == (role("Late"), role("Writer"), "sns.amazonaws.com")
    assert of.holders_of(DECRYPT, granted) == (role("Late"), role("Reader"))
