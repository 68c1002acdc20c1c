"""From the keys that a command line names to the data keys of messages."""

from collections.abc import Sequence

import click

from envelope.keys.materials import DataKeys, FreshDataKeys
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
        UsageError: If one of them is not the ARN of a key.
    """
    from envelope.keys.kms_keyring import KmsKeyring  # noqa: PLC0415  # botocore: `--help` and `inspect` need not wait for it

    first, *others = key_arns
    try:
        keyring = KmsKeyring(aws.kms, key_arn=first, further_key_arns=others, grant_tokens=grant_tokens)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    return FreshDataKeys(keyring)


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
    from envelope.keys.discovery_keyring import DiscoveryKeyring  # noqa: PLC0415  # as above

    try:
        keyring = DiscoveryKeyring(
            aws.kms, partition=partition, accounts=accounts, regions=regions, grant_tokens=grant_tokens
        )
    except ValueError as error:
        raise click.UsageError(
            "--discover-account must be twelve digits, and partition and Region those of a KMS key, got others"
        ) from error
    return FreshDataKeys(keyring)
