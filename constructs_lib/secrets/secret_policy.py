"""What stands in the resource policy of a secret: who is kept from reading, changing and deleting it. No jsii.

IAM policies of the account decide who may do something, and the resource policy denies it to everybody whom it does not
name, whatever IAM says. It allows one thing: reading from another account, which needs both sides.

Everybody is known by `aws:PrincipalArn`. Who is hit, and who is not:

- Of an assumed role it is the role's ARN, with its path: all sessions of a role are one. A federated user, the root
  user and a service-linked role have ARNs of their own, so they are hit.
- An AWS service that acts for itself has none: it is hit, but by `DenyOutsiders`. A service that asks with the
  permissions of whoever called it, as the Data API of RDS does, is that caller.
- A role is named by name: one of the same name takes its place. So nobody is locked out for good when the deployers'
  role is gone: who may create roles makes it anew, as `cdk bootstrap` does.
- CloudFormation asks as the deployers, so they are spared wherever it creates, updates, rolls back or deletes
  something. It deletes secrets by force, for which administrators have to wait. The value it may read too, which its
  handlers declare for updates and for drift, and which a dynamic reference needs; deployers who ask themselves may not.
- `RestoreSecret` is denied to outsiders alone: it brings back what was to be deleted, and shows nothing.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
"""

from collections.abc import Iterable
from dataclasses import dataclass

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import PRINCIPAL_ARN, Conditions, Person, Principal, arn_parts, merge_conditions
from constructs_lib.secret_actions import (
    DELETE_SECRET,
    EVERYTHING_WITH_SECRETS,
    GET_SECRET_VALUE,
    MOVE_SECRET_VERSION,
    OPEN_SECRET,
    PUT_SECRET_VALUE,
    READ_SECRET,
    TAKE_SECRET_AWAY,
)
from constructs_lib.secrets.hosted_function import ROLE_ID, USER_ID, HostedFunction
from constructs_lib.secrets.secret_statement import EVERYBODY, SecretStatement
from constructs_lib.spared_callers import (
    everybody_but,
    is_pattern,
    names_to_spare,
    refuse_wildcards,
    without_conditions,
)

# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
_BY_FORCE: Conditions = {"Bool": {"secretsmanager:ForceDeleteWithoutRecovery": ("true",)}}
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
_ACCOUNT = "aws:PrincipalAccount"
_ORGANIZATION = "aws:PrincipalOrgID"
_IS_NO_SERVICE: Conditions = {"BoolIfExists": {"aws:PrincipalIsAWSService": ("false",)}}
_OWN = "${AWS::AccountId}"
# As AWS calls it in errors: https://github.com/aws/aws-cdk/issues/28537. No page of AWS promises it.
_SESSION_OF_CLOUDFORMATION = f"{ROLE_ID}*:AWSCloudFormation"
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
_NOT_THROUGH_CLOUDFORMATION: Conditions = {"StringNotEquals": {"aws:CalledViaLast": ("cloudformation.amazonaws.com",)}}


@dataclass(frozen=True, kw_only=True)
class SecretPeople:
    """Whom the resource policy of a secret names, as a key policy would.

    Attributes:
        account: The account of the secret, as the ARNs of its people write it: twelve digits or a placeholder.
        deployers: Roles with which CloudFormation creates, changes and deletes the secret.
        readers: Roles and users that read the value; deployers only if they are named here too.
        writers: Roles and users that put values.
        rotators: Roles of functions that rotate the secret: they read and write.
        administrators: Roles and users that rotate and delete the secret, without its value, key and policy.
        hosted_function: The function of a hosted rotation, which CloudFormation makes. None if there is none.
        reading_functions: Such functions of other secrets, which read this one: that of a superuser.
        organization_id: The organization of everybody who may do anything. Empty for none: then the accounts of the
            readers are the limit.
    """

    account: str
    deployers: tuple[Person, ...]
    readers: tuple[Person, ...] = ()
    writers: tuple[Person, ...] = ()
    rotators: tuple[Person, ...] = ()
    administrators: tuple[Person, ...] = ()
    hosted_function: HostedFunction | None = None
    reading_functions: tuple[HostedFunction, ...] = ()
    organization_id: str = ""


def secret_statements(people: SecretPeople) -> tuple[SecretStatement, ...]:
    """Return the statements of a secret's resource policy, in an order that does not depend on that of the people.

    - `DenyDeletion`: administrators and deployers alone delete the secret, or take its rotation or a replica away.
    - `DenyDeployersReading`: deployers read through CloudFormation alone, unless they are readers too.
    - `DenyForcedDeletion`: deployers alone delete it without time to recover.
    - `DenyOpening`: deployers alone give the secret another policy, another key or a replica.
    - `DenyOthersMoving`: administrators, who rotates and deployers move the labels of versions.
    - `DenyOthersReading`: readers, who rotates and deployers read.
    - `DenyOthersWriting`: writers, who rotates and deployers put values.
    - `DenyOutsiders`: who is not of the account, the organization or, without one, a reader's account does nothing.
    - `ForeignReaders`: readers of other accounts are let in.

    What is said of others is two statements each where functions of hosted rotations are let in: one spares sessions of
    their names, and the other, which ends in `Elsewhere`, roles of their names. So they have to be both.

    CloudFormation is known in either of two ways. By the name of its sessions in the same key: the trust policy of the
    deployers' role has to keep others from it, which `cdk bootstrap` writes for CloudFormation alone. And by
    `aws:CalledViaLast`, as it asks for whoever deploys without a role, and by one page also where it has one. Were it
    neither, CloudFormation would be refused, and nobody let in.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/fas-requests-and-permission-evaluation.html

    Args:
        people: Whom the policy names.

    Raises:
        ConfigurationError: If nobody deploys, somebody is not one role or user or is meant only under conditions, or
            somebody of another account is more than a reader.
    """
    names = {
        argument: _names(argument, getattr(people, argument))
        for argument in ("administrators", "deployers", "readers", "rotators", "writers")
    }
    if not names["deployers"]:
        raise ConfigurationError("deployers must name who deploys the secret, got nobody")
    for argument in ("administrators", "deployers", "rotators", "writers"):
        _refuse_foreigners(argument, names[argument], people.account)
    deployers, rotators = names["deployers"], names["rotators"]
    readers = (*names["readers"], *rotators)
    hosted = (people.hosted_function,) if people.hosted_function else ()
    return (
        *_deployers_reading(deployers, readers),
        _deny("DenyDeletion", TAKE_SECRET_AWAY, everybody_but((*names["administrators"], *deployers))),
        _deny("DenyForcedDeletion", DELETE_SECRET, merge_conditions(everybody_but(deployers), _BY_FORCE)),
        _deny("DenyOpening", OPEN_SECRET, everybody_but(deployers)),
        *_but_functions(
            "DenyOthersMoving", MOVE_SECRET_VERSION, (*names["administrators"], *rotators, *deployers), hosted
        ),
        *_but_functions(
            "DenyOthersReading", GET_SECRET_VALUE, (*readers, *deployers), (*hosted, *people.reading_functions)
        ),
        *_but_functions("DenyOthersWriting", PUT_SECRET_VALUE, (*names["writers"], *rotators, *deployers), hosted),
        _deny("DenyOutsiders", EVERYTHING_WITH_SECRETS, _outsiders(people)),
        *_foreign_readers(people),
    )


def foreign_readers(people: SecretPeople) -> tuple[Principal, ...]:
    """Return the readers of other accounts.

    Args:
        people: Whom the policy names.
    """
    readers = {person.principal for person in people.readers}
    return tuple(sorted(each for each in readers if _account_of(each.named or each.value, people.account)))


def _deployers_reading(deployers: tuple[str, ...], readers: tuple[str, ...]) -> list[SecretStatement]:
    if set(deployers) <= set(readers):
        return []
    is_any = any(is_pattern(each) for each in deployers)
    who: Conditions = {"ArnLike" if is_any else "ArnEquals": {PRINCIPAL_ARN: deployers}}
    session: Conditions = {"StringNotLike": {USER_ID: (_SESSION_OF_CLOUDFORMATION,)}}
    conditions = merge_conditions(who, everybody_but(readers))
    for other in (session, _NOT_THROUGH_CLOUDFORMATION):
        conditions = merge_conditions(conditions, other)
    return [_deny("DenyDeployersReading", GET_SECRET_VALUE, conditions)]


def _but_functions(
    sid: str, actions: tuple[str, ...], names: tuple[str, ...], functions: tuple[HostedFunction, ...]
) -> list[SecretStatement]:
    """Deny actions to everybody but who has a name, and functions that are known by their sessions and their roles."""
    if not functions:
        return [_deny(sid, actions, everybody_but(names))]
    sessions: Conditions = {"StringNotLike": {USER_ID: tuple(each.session for each in functions)}}
    return [
        _deny(sid, actions, merge_conditions(everybody_but(names), sessions)),
        _deny(f"{sid}Elsewhere", actions, everybody_but((*names, *(each.roles for each in functions)))),
    ]


def _foreign_readers(people: SecretPeople) -> list[SecretStatement]:
    foreigners = foreign_readers(people)
    named = [each for each in foreigners if each.named]
    groups = {
        "ForeignReaders": ("", [each for each in foreigners if not each.named]),
        "ForeignReadersByName": ("ArnEquals", [each for each in named if not is_pattern(each.named)]),
        "ForeignReadersByPattern": ("ArnLike", [each for each in named if is_pattern(each.named)]),
    }
    return [
        SecretStatement(
            sid=sid,
            effect="Allow",
            principals={"AWS": tuple(each.value for each in group)},
            actions=READ_SECRET,
            conditions={operator: {PRINCIPAL_ARN: tuple(each.named for each in group)}} if operator else {},
        )
        for sid, (operator, group) in groups.items()
        if group
    ]


def _outsiders(people: SecretPeople) -> Conditions:
    # The account itself is never an outsider, also when it leaves the organization or the id was wrong.
    accounts = {people.account}
    if people.organization_id:
        return merge_conditions(
            {"StringNotEquals": {_ACCOUNT: tuple(accounts), _ORGANIZATION: (people.organization_id,)}}, _IS_NO_SERVICE
        )
    accounts |= {_account_of(each.named or each.value, people.account) for each in foreign_readers(people)}
    return merge_conditions({"StringNotEquals": {_ACCOUNT: tuple(accounts)}}, _IS_NO_SERVICE)


def _deny(sid: str, actions: tuple[str, ...], conditions: Conditions) -> SecretStatement:
    return SecretStatement(sid=sid, effect="Deny", principals=EVERYBODY, actions=actions, conditions=conditions)


def _names(argument: str, people: Iterable[Person]) -> tuple[str, ...]:
    names = names_to_spare(f"{argument} must be", (without_conditions(argument, person) for person in people))
    for name in names:
        refuse_wildcards(f"{argument} must be", name)
    return names


def _refuse_foreigners(argument: str, names: Iterable[str], account: str) -> None:
    for name in names:
        if _account_of(name, account):
            raise ConfigurationError(
                f"{argument} must be roles and users of the secret's account {account}, got {name}; "
                "only reading is shared with other accounts"
            )


def _account_of(name: str, home: str) -> str:
    """Return the account of a role or user if it is another one than that of the secret, else nothing."""
    if name.startswith("${"):  # a role or user of the stack as a whole
        return ""
    account = arn_parts(name)[4]
    return "" if account in {home, _OWN} else account
