"""Naming: whether a key policy binds itself to the very role, or to whoever has its name."""

from enum import Enum


class Naming(Enum):
    """How a key policy names roles and users.

    *By identity*, with the ARN as principal: KMS keeps the unique id behind it. The key policy alone is enough. A role
    that is deleted and made anew under the same name is another role, and the access ends with the old one; KMS refuses
    a policy that names a role which does not exist.

    *By name*, with the account as principal and the ARN in `aws:PrincipalArn`: it survives re-creation, needs no role
    to exist and no order of deployment. Whoever may create a role of that name takes its place, and KMS asks the role's
    own IAM policy, too: grants write both, and what they cannot write is announced.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
    """

    BY_STACK = "BY_STACK"
    """By identity in the key's own stack and wherever an ARN is given, by name where the role is in another stack.

    A role that moves between stacks is named otherwise then; who is named by name is announced.
    """

    BY_NAME = "BY_NAME"
    """Always by name, in the key's own stack as well: a role that moves between stacks changes nothing in the policy.

    A role without a name gets one, as `unnamed_roles` says.
    """
