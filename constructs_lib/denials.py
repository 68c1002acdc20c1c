"""What may be denied in a key policy by statements of others: nothing that a deployment does. No jsii.

CloudFormation describes, tags, enables, rotates, disables and deletes a key with the deployers' permissions, in
updates, rollbacks and deletions alike. A Deny that hits them fails the next one of these, and often its rollback too.
"""

from collections.abc import Callable, Collection, Iterable

from constructs_lib.actions import PUT_KEY_POLICY
from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import Permission, Person, Principal
from constructs_lib.same_caller import covers, excepted_arns, may_be_same, whose_arns


def check_denial(
    denied: Permission,
    *,
    administer: Collection[str],
    deployers: Iterable[Principal],
    known_as: Callable[[str], str],
) -> None:
    """Refuse a Deny that may hit a deployer.

    Args:
        denied: A Deny.
        administer: The actions by which a key is administered, deployed ones among them.
        deployers: Who deploys the key.
        known_as: Gives the ARN that a role or user has by its name, for what stands for it.

    Raises:
        ConfigurationError: If it denies a change of the policy, or administration to one of the deployers.
    """
    if PUT_KEY_POLICY in denied.actions:
        raise ConfigurationError(f"a key policy must let its deployer change it, got a Deny of {PUT_KEY_POLICY}")
    actions = sorted({*denied.actions} & {*administer})
    for deployer in deployers if actions else ():
        arn = known_as(deployer.named or deployer.value)
        if _hits(denied, arn, known_as) and not _spares(denied, arn, known_as):
            raise ConfigurationError(
                "a key policy must let its deployers create, change and delete the key, got a Deny of "
                f"{', '.join(actions)} that may hit {arn}; guards such as OnlyDeletedBy spare them"
            )


def _hits(denied: Permission, deployer: str, known_as: Callable[[str], str]) -> bool:
    if denied.principal.kind == "Service":
        return False
    arns = whose_arns(Person(denied.principal, denied.conditions))
    # An account, everybody or a provider: the deployer may be among them.
    is_many = arns == (denied.principal.value,) and (
        denied.principal.is_account or denied.principal.value == "*" or denied.principal.kind == "Federated"
    )
    return is_many or any(may_be_same(known_as(arn), deployer) for arn in arns)


def _spares(denied: Permission, deployer: str, known_as: Callable[[str], str]) -> bool:
    return any(covers(known_as(arn), deployer) for arn in excepted_arns(denied.conditions))
