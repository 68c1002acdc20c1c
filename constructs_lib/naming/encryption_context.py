"""Callers bound to an encryption context."""

from collections.abc import Mapping

from aws_cdk import aws_iam as iam

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.cdk_principals import principal_of

_KEY = "kms:EncryptionContext:"


def with_context(caller: iam.IGrantable, context: Mapping[str, str]) -> iam.PrincipalWithConditions:
    """Return a caller who may use a key only with an encryption context that holds these pairs.

    It works as a person of a key that encrypts or decrypts, and in `grant_encrypt` and `grant_decrypt` of a symmetric
    key. What carries no context, such as `kms:DescribeKey`, is refused for such a caller: grants of buckets and the
    like ask for that, and their services bring a context of their own.

    IAM does not tell upper from lower case in the keys of a context, though KMS does when it decrypts.
    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context

    Args:
        caller: A role, a user, a function, or any other principal.
        context: Pairs that each request must hold, exactly so. It may hold others beside them.

    Raises:
        ConfigurationError: If the caller is none, if there is no pair, or if one is empty or no text.

    Examples:
        >>> blue = with_context(iam.ArnPrincipal("arn:aws:iam::111122223333:role/Reader"), {"tenant": "blue"})
        >>> blue.policy_fragment.conditions
        {'StringEquals': {'kms:EncryptionContext:tenant': 'blue'}}
    """
    pairs = context.items() if isinstance(context, Mapping) else ()
    if not pairs or not all(text and isinstance(text, str) for pair in pairs for text in pair):
        raise ConfigurationError(
            f'context must be a mapping of texts that are not empty, such as {{"tenant": "blue"}}, got {context!r}'
        )
    wanted = {f"{_KEY}{name}": value for name, value in pairs}
    return iam.PrincipalWithConditions(principal_of(caller, "caller"), {"StringEquals": wanted})
