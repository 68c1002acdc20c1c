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
    CHANGE_SECRET_VALUE,
    DELETE_SECRET,
    EVERYTHING_WITH_SECRETS,
    GET_SECRET_VALUE,
    READ_SECRET,
    TAKE_SECRET_AWAY,
)
from constructs_lib.secrets.secret_statement import EVERYBODY, SecretStatement
from constructs_lib.spared_callers import everybody_but, is_pattern, names_to_spare, without_conditions

# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
_BY_FORCE: Conditions = {"Bool": {"secretsmanager:ForceDeleteWithoutRecovery": ("true",)}}
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
_ACCOUNT = "aws:PrincipalAccount"
_ORGANIZATION = "aws:PrincipalOrgID"
_IS_NO_SERVICE: Conditions = {"BoolIfExists": {"aws:PrincipalIsAWSService": ("false",)}}
_USER_ID = "aws:userid"
# A role has its id there, before the name of the session, and a federated user the account's number before his own.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
_ROLE_ID = "AROA"
_OWN = "${AWS::AccountId}"
# As AWS calls it in errors: https://github.com/aws/aws-cdk/issues/28537. No page of AWS promises it.
_SESSION_OF_CLOUDFORMATION = f"{_ROLE_ID}*:AWSCloudFormation"
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
        administrators: Roles and users that rotate and delete the secret, and change its policy.
        hosted_function_arn: The rotation function that CloudFormation makes for a hosted rotation, whose role has a
            name that nobody chose. Empty for none.
        reading_function_arns: Such functions of other secrets, which read this one: that of a superuser.
        organization_id: The organization of everybody who may do anything. Empty for none: then the accounts of the
            readers are the limit.
    """

    account: str
    deployers: tuple[Person, ...]
    readers: tuple[Person, ...] = ()
    writers: tuple[Person, ...] = ()
    rotators: tuple[Person, ...] = ()
    administrators: tuple[Person, ...] = ()
    hosted_function_arn: str = ""
    reading_function_arns: tuple[str, ...] = ()
    organization_id: str = ""


def secret_statements(people: SecretPeople) -> tuple[SecretStatement, ...]:
    """Return the statements of a secret's resource policy, in an order that does not depend on that of the people.

    - `DenyDeletion`: administrators and deployers alone delete the secret, or take it away otherwise: with its policy,
      its rotation, its replicas or its key.
    - `DenyDeployersReading`: deployers read through CloudFormation alone, unless they are readers too.
    - `DenyForcedDeletion`: deployers alone delete it without time to recover.
    - `DenyOthersReading`: readers, who rotates and deployers.
    - `DenyOthersWriting`: writers, who rotates and deployers.
    - `DenyOutsiders`: who is not of the account, the organization or, without one, a reader's account does nothing.
    - `ForeignReaders`: readers of other accounts are let in.

    A hosted rotation is known by the name of its function in `aws:userid`, since `lambda:SourceFunctionArn` counts in
    no resource policy. That the sessions of a function's role are called like the function is what CloudTrail shows; no
    page of AWS promises it. Whoever may assume a role under that name passes here too, and has to be kept out by IAM.
    https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html

    CloudFormation is known in either of two ways. By the name of its sessions in the same key: the trust policy of the
    deployers' role has to keep others from it, which `cdk bootstrap` writes for CloudFormation alone. And by
    `aws:CalledViaLast`, as it asks for whoever deploys without a role, and by one page also where it has one. Were it
    neither, CloudFormation would be refused, and nobody let in.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/fas-requests-and-permission-evaluation.html

    Args:
        people: Whom the policy names.

    Raises:
        ConfigurationError: If nobody deploys, somebody is not a role or user or is meant only under conditions, or
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
    hosted = (people.hosted_function_arn,) if people.hosted_function_arn else ()
    deployers, rotators = names["deployers"], names["rotators"]
    readers, reading_functions = (*names["readers"], *rotators), (*hosted, *people.reading_function_arns)
    others = everybody_but((*readers, *deployers))
    reading = merge_conditions(others, _but_sessions(*map(_session, reading_functions)))
    others = everybody_but((*names["writers"], *rotators, *deployers))
    writing = merge_conditions(others, _but_sessions(*map(_session, hosted)))
    return (
        *_deployers_reading(deployers, readers, reading_functions),
        _deny("DenyDeletion", TAKE_SECRET_AWAY, everybody_but((*names["administrators"], *deployers))),
        _deny("DenyForcedDeletion", DELETE_SECRET, merge_conditions(everybody_but(deployers), _BY_FORCE)),
        _deny("DenyOthersReading", GET_SECRET_VALUE, reading),
        _deny("DenyOthersWriting", CHANGE_SECRET_VALUE, writing),
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


def sessions_of(function_arn: str) -> dict[str, dict[str, str]]:
    """Return conditions on what a function of AWS asks, whose role nobody can name, as key policies write them.

    Args:
        function_arn: The function.

    Raises:
        ConfigurationError: If it is the ARN of something else.

    Examples:
        >>> sessions_of("arn:aws:lambda:eu-west-1:111122223333:function:RotateOrders")
        {'StringLike': {'aws:userid': 'AROA*:RotateOrders'}}
    """
    return {"StringLike": {_USER_ID: _session(function_arn)}}


def _deployers_reading(
    deployers: tuple[str, ...], readers: tuple[str, ...], reading_functions: tuple[str, ...]
) -> list[SecretStatement]:
    if set(deployers) <= set(readers):
        return []
    # Only a pattern can hold the role of a function that AWS made.
    is_any = any(is_pattern(each) for each in deployers)
    sessions = (_SESSION_OF_CLOUDFORMATION, *(map(_session, reading_functions) if is_any else ()))
    who: Conditions = {"ArnLike" if is_any else "ArnEquals": {PRINCIPAL_ARN: deployers}}
    elsewhere = merge_conditions(_but_sessions(*sessions), _NOT_THROUGH_CLOUDFORMATION)
    conditions = merge_conditions(merge_conditions(who, everybody_but(readers)), elsewhere)
    return [_deny("DenyDeployersReading", GET_SECRET_VALUE, conditions)]


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


def _but_sessions(*names: str) -> Conditions:
    return {"StringNotLike": {_USER_ID: names}} if names else {}


def _session(function_arn: str) -> str:
    return f"{_ROLE_ID}*:{_function_name(function_arn)}"


def _function_name(arn: str) -> str:
    _, _, service, _, _, resource = arn_parts(arn)
    kind, _, name = resource.partition(":")
    if (service, kind) != ("lambda", "function") or not name or ":" in name or is_pattern(name):
        raise ConfigurationError(f"the ARN of a rotation function must be one without a version, got {arn!r}")
    return name


def _deny(sid: str, actions: tuple[str, ...], conditions: Conditions) -> SecretStatement:
    return SecretStatement(sid=sid, effect="Deny", principals=EVERYBODY, actions=actions, conditions=conditions)


def _names(argument: str, people: Iterable[Person]) -> tuple[str, ...]:
    return names_to_spare(f"{argument} must be", (without_conditions(argument, person) for person in people))


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
