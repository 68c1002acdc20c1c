"""Keys that queries need or ask about: known by their ARNs, and in the Region of Athena."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_kms as kms

from constructs_lib.alias_name import PREFIX
from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import check_symmetric_keys, spoken
from constructs_lib.wiring.places import are_apart

if TYPE_CHECKING:
    from constructs import Construct

    from constructs_lib.wiring.recorded_trail import RecordedTrail

_OF_TRAIL = "trail.encryption_key"


@dataclass(frozen=True, kw_only=True)
class QueryKeys:
    """Keys, each itself and none by an alias, which neither an IAM policy nor a record calls it.

    Attributes:
        of_logs: The key of log files, or None if S3 encrypts them.
        of_results: The key of results.
        asked_about: Keys of any kind.
    """

    of_logs: kms.IKey | None
    of_results: kms.IKey
    asked_about: tuple[kms.IKey, ...]


def read_query_keys(
    scope: "Construct", trail: "RecordedTrail", *, results_key: kms.IKey, keys: Sequence[kms.IKey]
) -> QueryKeys:
    """Return the keys, behind aliases where aliases of this app were given.

    Args:
        scope: Where Athena is.
        trail: Whose log files are searched.
        results_key: The key of results.
        keys: Keys that are asked about.

    Raises:
        ConfigurationError: If one is no key or an imported alias, makes no data keys, or is known to be in another
            Region; of keys that are asked about only those of this app, whose ARNs a stack elsewhere does not know, and
            none twice or known by an alias alone, since records name keys by their ARN. If trail has none and the
            bucket of its log files has one.
    """
    if not isinstance(keys, Sequence):
        raise ConfigurationError(f"keys must be a list of keys, got {spoken(keys)}")
    of_logs, files = trail.encryption_key, trail.bucket
    if of_logs is None and files.encryption_key is not None:
        raise ConfigurationError(
            f"{_OF_TRAIL} must be the key of the log files, got None where {files.node.path} is encrypted under "
            f"{files.encryption_key.node.path}"
        )
    read = QueryKeys(
        of_logs=None if of_logs is None else _behind_alias(_OF_TRAIL, of_logs),
        of_results=_behind_alias("results_key", results_key),
        asked_about=_each_once([_behind_alias("keys", key) for key in keys]),
    )
    at_work = {"results_key": read.of_results} | ({} if read.of_logs is None else {_OF_TRAIL: read.of_logs})
    check_symmetric_keys(at_work)
    for argument, key in at_work.items():
        _check_region(scope, argument, key)
    for key in read.asked_about:
        if cdk.Resource.is_owned_resource(key):
            _check_region(scope, "keys", key)
    return read


def _behind_alias(argument: str, key: kms.IKey) -> kms.IKey:
    if isinstance(key, kms.Alias):
        return key.alias_target_key
    if not hasattr(key, "key_arn"):
        raise ConfigurationError(
            f"{argument} must be a key, such as EncryptionKey(...) or ExistingKey.from_arn(...), got {spoken(key)}"
        )
    if hasattr(key, "alias_name"):
        raise ConfigurationError(
            f"{argument} must be the key itself, such as ExistingKey.from_arn(...), got the alias {key.node.path}"
        )
    return key


def _each_once(keys: list[kms.IKey]) -> tuple[kms.IKey, ...]:
    arns = [key.key_arn for key in keys]
    for key, arn in zip(keys, arns, strict=True):
        if key.key_id.startswith(PREFIX) or f":{PREFIX}" in arn:
            raise ConfigurationError(
                "keys must be known by their ARN, by which records name them, such as ExistingKey.from_lookup(...), "
                f"got {key.node.path}, known by {key.key_id}"
            )
        if arns.count(arn) > 1:
            raise ConfigurationError(f"keys must name each key once, got {key.node.path} twice")
    return tuple(keys)


def _check_region(scope: "Construct", argument: str, key: kms.IKey) -> None:
    here, there = cdk.Stack.of(scope).region, key.env.region
    if are_apart(here, there):
        raise ConfigurationError(
            f"{argument} must be in {here}, the Region of the queries, got {key.node.path} in {there}"
        )
