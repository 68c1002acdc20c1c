"""Secrets Manager: who reads and writes encrypted secrets. It makes no grants; each call is the caller's own."""

from constructs_lib.actions import DECRYPT, DESCRIBE, ENCRYPT, GENERATE_DATA_KEY
from constructs_lib.principals import Conditions, short_digest
from constructs_lib.service_access.resource_names import SECRET, checked_account, checked_region
from constructs_lib.service_access.service_use import (
    ACCOUNT,
    PARTITION,
    REGION,
    Allowance,
    ServiceUse,
    both,
    in_context,
    via,
)

_CREATOR = "secretsmanager"
_GUIDE = "https://docs.aws.amazon.com/secretsmanager/latest/"
_SUFFIX = "-??????"  # six characters that Secrets Manager appends to the name
_READ_AND_WRITE = (*DECRYPT, *GENERATE_DATA_KEY)


def read_secret(*, secret_name: str, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let callers read one secret.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html

    Args:
        secret_name: Name of the secret, or a pattern of it.
        region: Region of the secret.
        account: Account of the secret.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    conditions = _through(secret_name, region, account)
    return ServiceUse(
        title="Secrets Manager: readers of a secret",
        page=f"{_GUIDE}userguide/security-encryption.html",
        running=(Allowance(sid=f"SecretReaders{short_digest(conditions)}", actions=DECRYPT, conditions=conditions),),
        creator=_CREATOR,
    )


def write_secret(*, secret_name: str, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let callers create one secret and put new values into it, as a rotation function does.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html

    Args:
        secret_name: Name of the secret, or a pattern of it.
        region: Region of the secret.
        account: Account of the secret.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    conditions = _through(secret_name, region, account)
    return ServiceUse(
        title="Secrets Manager: writers and rotation functions of a secret",
        page=f"{_GUIDE}userguide/security-encryption.html",
        running=(
            Allowance(sid=f"SecretWriters{short_digest(conditions)}", actions=_READ_AND_WRITE, conditions=conditions),
        ),
        creator=_CREATOR,
    )


def update_secret(*, secret_name: str, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let callers change one secret with `UpdateSecret`, which re-encrypts under another key and needs `Encrypt`.

    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecret.html

    Args:
        secret_name: Name of the secret, or a pattern of it.
        region: Region of the secret.
        account: Account of the secret.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    conditions = _through(secret_name, region, account)
    actions = (*_READ_AND_WRITE, *ENCRYPT[:1])
    return ServiceUse(
        title="Secrets Manager: who updates a secret",
        page=f"{_GUIDE}apireference/API_UpdateSecret.html",
        running=(Allowance(sid=f"SecretUpdaters{short_digest(conditions)}", actions=actions, conditions=conditions),),
        creator=_CREATOR,
    )


def read_secret_from_another_account(*, secret_name: str, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let roles of another account read one secret. The secret's own policy and their IAM policies must allow it too.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html

    Args:
        secret_name: Name of the secret, or a pattern of it.
        region: Region of the secret.
        account: Account of the secret, not of the callers.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    conditions = _through(secret_name, region, account)
    through = via("secretsmanager", region)
    return ServiceUse(
        title="Secrets Manager: readers of a secret in another account",
        page=f"{_GUIDE}userguide/auth-and-access_examples_cross.html",
        running=(
            Allowance(sid=f"ForeignSecretReaders{short_digest(conditions)}", actions=DECRYPT, conditions=conditions),
            # It has no encryption context.
            Allowance(sid=f"ForeignSecretLookups{short_digest(through)}", actions=(DESCRIBE,), conditions=through),
        ),
        creator=_CREATOR,
    )


def _through(secret_name: str, region: str, account: str) -> Conditions:
    name = SECRET.check_pattern("secret_name", secret_name)
    where = f"{checked_region('region', region)}:{checked_account('account', account)}"
    secret = f"arn:{PARTITION}:secretsmanager:{where}:secret:{name}{_SUFFIX}"
    return both(via("secretsmanager", region), in_context("SecretARN", secret))
