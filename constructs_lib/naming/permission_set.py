"""Permission sets of IAM Identity Center as principals."""

import re

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.token_text import tokens_in
from constructs_lib.principals import PRINCIPAL_ARN

# https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreatePermissionSet.html
_NAME = re.compile(r"[A-Za-z0-9_+=,.@-]{1,32}")
_ACCOUNT = re.compile(r"[0-9]{12}")

# Only AWS makes roles on this path. The Region stands in it unless Identity Center is in us-east-1.
_PATH = "role/aws-reserved/sso.amazonaws.com"
_OF_ROLE = "AWSReservedSSO_"
_SUFFIX = "?" * 16
_ROLE = re.compile(rf":(\d{{12}}|\${{AWS::AccountId}}):{_PATH}/(?:\*/)?AWSReservedSSO_(.+)_\?{{16}}")


def permission_set(name: str, *, account: str | None = None) -> iam.PrincipalWithConditions:
    """Return whoever has a permission set of IAM Identity Center in an account, as a principal.

    Identity Center makes a role for each account, `AWSReservedSSO_<name>_<16 hexadecimal digits>`, and another one with
    other digits when the set is taken away and assigned anew. So the role is named by a pattern of its name, which no
    other set matches and under whose path only AWS makes roles. It works as a person of a key, in grants of a key, and
    in those of other constructs of the CDK.

    KMS asks the role's own policies too, and those come from the permission set, which is managed in Identity Center.
    So the set must have a statement such as `{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "<key ARN>"}`.
    Synthesis announces for each key, as `cdk-key-management:permission-set`, which one exactly.

    https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html

    Args:
        name: The set's name.
        account: In which account it is assigned. Default: that of the stack where the principal is used.

    Raises:
        ConfigurationError: If the name or the account is none, or the name is that of the role.

    Examples:
        >>> from constructs_lib import EncryptionKey
        >>> key = EncryptionKey(cdk.Stack(cdk.App(), "Orders"), "Key", auditors=[permission_set("KeyAuditors")])
    """
    if isinstance(name, str) and name.startswith(_OF_ROLE):
        raise ConfigurationError(
            f"name must be the permission set's own, such as KeyAdmins, without the {_OF_ROLE} and the digits that "
            f"Identity Center puts around it to name the role, got {name!r}"
        )
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ConfigurationError(
            f"name must be that of a permission set, 1 to 32 letters, digits and _+=,.@-, got {name!r}"
        )
    if account is not None and not (isinstance(account, str) and (tokens_in(account) or _ACCOUNT.fullmatch(account))):
        raise ConfigurationError(f"account must be twelve digits, got {account!r}")
    role = f"arn:{cdk.Aws.PARTITION}:iam::{account or cdk.Aws.ACCOUNT_ID}:{_PATH}"
    return iam.PrincipalWithConditions(
        iam.AccountRootPrincipal() if account is None else iam.AccountPrincipal(account),
        {
            "ArnLike": {
                PRINCIPAL_ARN: [
                    f"{role}/AWSReservedSSO_{name}_{_SUFFIX}",
                    f"{role}/*/AWSReservedSSO_{name}_{_SUFFIX}",
                ]
            }
        },
    )


def permission_set_of(arn: str) -> str | None:
    """Return the name of the permission set whose roles a pattern names, or None.

    Examples:
        >>> path = "role/aws-reserved/sso.amazonaws.com/*"
        >>> permission_set_of(f"arn:aws:iam::111122223333:{path}/AWSReservedSSO_KeyAdmins_????????????????")
        'KeyAdmins'
    """
    found = _ROLE.search(arn)
    return found[2] if found else None
