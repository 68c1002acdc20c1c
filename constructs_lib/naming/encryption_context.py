"""Callers bound to an encryption context."""

from collections.abc import Mapping

from aws_cdk import aws_iam as iam

from constructs_lib.errors import ConfigurationError

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
        ConfigurationError: If there is no pair, or one is empty.

    Examples:
        >>> blue = with_context(iam.ArnPrincipal("arn:aws:iam::111122223333:role/Reader"), {"tenant": "blue"})
        >>> blue.policy_fragment.conditions
        {'StringEquals': {'kms:EncryptionContext:tenant': 'blue'}}
    """
    if not context or not all(name and value for name, value in context.items()):
        raise ConfigurationError(f"context must be pairs of texts that are not empty, got {dict(context)}")
    pairs = {f"{_KEY}{name}": value for name, value in context.items()}
    return iam.PrincipalWithConditions(caller.grant_principal, {"StringEquals": pairs})
