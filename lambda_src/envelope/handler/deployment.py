"""What was decided when the function was deployed, and what is made once for all its invocations."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Self

from envelope.format.context import EncryptionContext
from envelope.format.suites import AlgorithmSuite, CommitmentPolicy
from envelope.handler.clients import AwsClients, Clients
from envelope.handler.environment import Environment, region_of_stream
from envelope.handler.invocation_time import InvocationTime
from envelope.handler.kms_calls import KmsCalls
from envelope.keys.cache_limits import CacheLimits
from envelope.keys.data_key_cache import CachedDataKeys
from envelope.keys.key_arns import KeyArn
from envelope.keys.kms_keyring import KmsKeyring, Purpose
from envelope.keys.materials import FreshDataKeys
from envelope.records.queue_sink import QueueSink
from envelope.records.record_sinks import RecordSink
from envelope.records.stream_sink import StreamSink

# What each entry point needs besides the key. Which one a function has, its handler setting says.
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "reencrypt": ("NEW_KEY_ARN",),
    "encrypt_arrivals": ("ARRIVALS_FROM", "ARRIVALS_TO", "ENCRYPTION_CONTEXT"),
    "encrypt_records": ("ENCRYPTION_CONTEXT", "RECORDS_TO"),
    "decrypt_records": ("ENCRYPTION_CONTEXT", "RECORDS_TO"),
}


@dataclass(frozen=True, slots=True)
class Keys:
    """One set of KMS keys, as it is used.

    Attributes:
        keyring: The keys.
        fresh: A data key for each message.
        cached: Data keys for many messages, from one invocation to the next. None: not without limits that somebody
            set.
    """

    keyring: KmsKeyring
    fresh: FreshDataKeys
    cached: CachedDataKeys | None

    @classmethod
    def of(cls, keyring: KmsKeyring, *, limits: CacheLimits | None) -> Self:
        """Use a keyring.

        Args:
            keyring: The keys.
            limits: Those of the cache. None: no cache that outlives an invocation.

        Returns:
            The keys.
        """
        cached = None if limits is None else CachedDataKeys(keyring, limits=limits)
        return cls(keyring, FreshDataKeys(keyring), cached)


@dataclass(frozen=True, slots=True)
class Deployment:
    """What is decided when the function is deployed.

    Attributes:
        keys: The keys of messages.
        new_keys: The keys of messages that `reencrypt` writes; None for every other function.
        required_context: Keys that the encryption context of every request must hold.
        suite: How messages are written.
        policy: Which messages are read.
        encryption_context: What the messages of records, and of objects that arrive, are bound to.
        records_to: Where records go: the URL of a queue or the ARN of a stream.
        arrivals_from: The bucket in which objects arrive.
        arrivals_to: The bucket into which objects go that arrive.
        arrivals_prefix: What their keys begin with there.
        clients: Who speaks to AWS.
        kms_calls: How often KMS was asked.
        time_left: How much time the invocation has left.
        clock: Seconds, from any beginning.
    """

    keys: Keys
    new_keys: Keys | None
    required_context: frozenset[str]
    suite: AlgorithmSuite
    policy: CommitmentPolicy
    encryption_context: EncryptionContext | None
    records_to: str | None
    arrivals_from: str | None
    arrivals_to: str | None
    arrivals_prefix: str
    clients: Clients
    kms_calls: KmsCalls
    time_left: InvocationTime = field(default_factory=InvocationTime)
    clock: Callable[[], float] = time.perf_counter

    @classmethod
    def from_environment(
        cls,
        variables: Mapping[str, str],
        *,
        clients: Clients,
        time_left: InvocationTime | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> Self:
        """Read the deployment from environment variables.

        Args:
            variables: `ENVELOPE_KEY_ARN`, the key, and `FURTHER_KEY_ARNS`, more of them (JSON list);
                `REQUIRED_CONTEXT_KEYS` (JSON list), without which a function takes no requests but only records or
                arrivals; `ALGORITHM_SUITE` (`0478` or `0578`) and `COMMITMENT_POLICY`; `NEW_KEY_ARN` and
                `NEW_FURTHER_KEY_ARNS`; `DATA_KEY_CACHE` (JSON object of limits), `ENCRYPTION_CONTEXT` (JSON object) and
                `RECORDS_TO` (queue URL or stream ARN); `ARRIVALS_FROM` and `ARRIVALS_TO` (buckets) and
                `ARRIVALS_PREFIX`.
            clients: Who speaks to AWS.
            time_left: How much time the invocation has left. Default: no limit.
            clock: Seconds, from any beginning. Default: the system's, for durations.

        Returns:
            The deployment.

        Raises:
            ValueError: If one of them is missing or something else.
        """
        environment = Environment(variables)
        calls = KmsCalls(clients.kms)
        limits = environment.cache_limits("DATA_KEY_CACHE")
        required = environment.strings("REQUIRED_CONTEXT_KEYS")
        encryption_context = environment.context("ENCRYPTION_CONTEXT")
        if not required and encryption_context is None:
            raise ValueError("REQUIRED_CONTEXT_KEYS must be a JSON list of strings, not empty, got None")
        new_key_arn = environment.text("NEW_KEY_ARN")
        keyring = KmsKeyring(
            calls,
            key_arn=environment.text("ENVELOPE_KEY_ARN") or "",
            further_key_arns=environment.strings("FURTHER_KEY_ARNS"),
            purpose=Purpose.DECRYPT if new_key_arn else Purpose.ENCRYPT_AND_DECRYPT,
        )
        new_keyring = new_key_arn and KmsKeyring(
            calls, key_arn=new_key_arn, further_key_arns=environment.strings("NEW_FURTHER_KEY_ARNS")
        )
        return cls(
            keys=Keys.of(keyring, limits=limits),
            new_keys=Keys.of(new_keyring, limits=None) if new_keyring else None,
            required_context=frozenset(required),
            suite=environment.suite("ALGORITHM_SUITE"),
            policy=environment.policy("COMMITMENT_POLICY"),
            encryption_context=encryption_context,
            records_to=environment.queue_or_stream("RECORDS_TO"),
            arrivals_from=environment.text("ARRIVALS_FROM"),
            arrivals_to=environment.text("ARRIVALS_TO"),
            arrivals_prefix=environment.text("ARRIVALS_PREFIX") or "",
            clients=clients,
            kms_calls=calls,
            time_left=time_left or InvocationTime(),
            clock=clock,
        )

    @property
    def key_arn(self) -> str:
        """The key that makes data keys, for the log and for metadata."""
        return self.keys.keyring.key_arn

    def sink(self) -> RecordSink:
        """Give what takes the results of records.

        Returns:
            A queue or a stream.

        Raises:
            ValueError: If the environment names none.
        """
        if self.records_to is None:
            raise ValueError("RECORDS_TO must be the URL of an SQS queue or the ARN of a Kinesis stream, got None")
        region = region_of_stream(self.records_to)
        if region is None:
            return QueueSink(self.clients.sqs(), queue_url=self.records_to)
        return StreamSink(self.clients.kinesis(region), stream_arn=self.records_to)


def is_in_lambda() -> bool:
    """Say where this is running.

    Returns:
        True in a function of Lambda.
    """
    return "AWS_LAMBDA_FUNCTION_NAME" in os.environ


@cache
def deployed() -> Deployment:
    """Give the deployment of this process, with its clients, each of which is made once.

    Returns:
        What the environment says.

    Raises:
        ValueError: If the environment lacks what this function's entry point needs.
    """
    entry_point = os.environ.get("_HANDLER", "").rpartition(".")[2]
    missing = [name for name in _NEEDED.get(entry_point, ()) if not os.environ.get(name)]
    if missing:
        raise ValueError(f"environment must say {list(_NEEDED[entry_point])} for {entry_point}, got no {missing}")
    time_left = InvocationTime()
    clients = AwsClients(time_left.seconds_left)
    deployment = Deployment.from_environment(os.environ, clients=clients, time_left=time_left)
    # The clients that every first request needs; those of other Regions wait until they are needed.
    clients.kms(KeyArn.parse(deployment.key_arn).region)
    if deployment.records_to is not None:
        deployment.sink()
    if deployment.arrivals_to is not None:
        clients.s3()
    return deployment
