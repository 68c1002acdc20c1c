"""From the keys that a command line names to the data keys of messages."""

from collections.abc import Sequence
from itertools import combinations

import click

from envelope.keys.key_arns import KeyArn
from envelope.keys.materials import DataKeys, FreshDataKeys
from envelope.limits import ENCRYPTED_DATA_KEYS_MAX
from kms_envelope.aws_clients import AwsClients


def keys_by_arn(key_arns: Sequence[str], *, aws: AwsClients, grant_tokens: Sequence[str]) -> DataKeys:
    """Use the keys that are named, and no other.

    Args:
        key_arns: The first makes data keys, the others encrypt them as well; each can decrypt.
        aws: Who makes clients.
        grant_tokens: For KMS.

    Returns:
        Where data keys come from.

    Raises:
        UsageError: If one of them is not the ARN of a key, if two are the same, or if there are too many.
    """
    _check_keys(key_arns)
    from envelope.keys.kms_keyring import KmsKeyring  # noqa: PLC0415  # botocore: `--help` and `inspect` need not wait for it

    first, *others = key_arns
    return FreshDataKeys(KmsKeyring(aws.kms, key_arn=first, further_key_arns=others, grant_tokens=grant_tokens))


def keys_of_accounts(
    accounts: Sequence[str],
    *,
    partition: str,
    regions: Sequence[str],
    aws: AwsClients,
    grant_tokens: Sequence[str],
) -> DataKeys:
    """Use whichever keys a message names, if they belong to some accounts. They decrypt only.

    Args:
        accounts: Twelve digits each.
        partition: Where those accounts are.
        regions: Where the keys may be: the only Regions in which KMS is asked.
        aws: Who makes clients.
        grant_tokens: For KMS.

    Returns:
        Where data keys come from.

    Raises:
        UsageError: If one of them is no account, partition or Region, or if there is no Region.
    """
    if not regions:
        raise click.UsageError(
            "--discover-region must be given with --discover-account, got none: a message must not choose where KMS is "
            "asked"
        )
    _check_part(
        "--discover-partition", "aws or a partition like it", [partition], "arn:{}:kms:us-east-1:000000000000:key/0"
    )
    _check_part("--discover-account", "the twelve digits of an account", accounts, "arn:aws:kms:us-east-1:{}:key/0")
    _check_part("--discover-region", "a Region such as eu-central-1", regions, "arn:aws:kms:{}:000000000000:key/0")
    from envelope.keys.discovery_keyring import DiscoveryKeyring  # noqa: PLC0415  # as above

    return FreshDataKeys(
        DiscoveryKeyring(aws.kms, partition=partition, accounts=accounts, regions=regions, grant_tokens=grant_tokens)
    )


def _check_keys(key_arns: Sequence[str]) -> None:
    if len(key_arns) > ENCRYPTED_DATA_KEYS_MAX:
        raise click.UsageError(f"--key must be given at most {ENCRYPTED_DATA_KEYS_MAX} times, got {len(key_arns)} keys")
    arns = []
    for text in key_arns:
        try:
            arns.append(KeyArn.parse(text))
        except ValueError as error:
            raise click.UsageError(f"--key must be the ARN of a KMS key, got {text!r}") from error
    for one, other in combinations(arns, 2):
        if one.is_related_to(other):
            raise click.UsageError(f"--key must be another key each time, got {one} and {other}")


def _check_part(option: str, allowed: str, values: Sequence[str], arn: str) -> None:
    for value in values:
        try:
            KeyArn.parse(arn.format(value))
        except ValueError as error:
            raise click.UsageError(f"{option} must be {allowed}, got {value!r}") from error
