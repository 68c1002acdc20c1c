"""Requests about S3 objects; loaded with the first of them, since the others should not wait for s3transfer."""

from collections import Counter
from typing import Any

from envelope.base64_text import to_base64
from envelope.handler.answers import Facts, log
from envelope.handler.deployment import Deployment, Keys
from envelope.handler.reencryption_request import Reencryption
from envelope.handler.requests import PartOfObject, WholeObject
from envelope.objects.arrivals import ArrivalEncryption
from envelope.objects.object_ranges import decrypt_object_range
from envelope.objects.object_reencryption import reencrypt_object
from envelope.objects.transfer import decrypt_object, encrypt_object


def encrypt_whole(asked: WholeObject, deployment: Deployment, facts: Facts) -> dict[str, Any]:
    """Encrypt an object.

    Args:
        asked: Which objects.
        deployment: Keys and rules.
        facts: What the log line says, to which this adds.

    Returns:
        Versions and lengths.
    """
    facts |= {"request": "object", "context_keys": list(asked.context.keys)}
    done = encrypt_object(
        deployment.clients.s3(),
        asked.request,
        keys=deployment.keys.fresh,
        key_arn=deployment.key_arn,
        context=asked.context,
        suite=deployment.suite,
        remaining_seconds=deployment.time_left.seconds_left,
    )
    facts |= done
    return done


def decrypt_whole(asked: WholeObject, deployment: Deployment, facts: Facts) -> dict[str, Any]:
    """Decrypt an object.

    Args:
        asked: Which objects.
        deployment: Keys and rules.
        facts: What the log line says, to which this adds.

    Returns:
        Versions and lengths.
    """
    facts |= {"request": "object", "context_keys": list(asked.context.keys)}
    done = decrypt_object(
        deployment.clients.s3(),
        asked.request,
        keys=deployment.keys.fresh,
        context=asked.context,
        policy=deployment.policy,
        remaining_seconds=deployment.time_left.seconds_left,
    )
    facts |= done
    return done


def decrypt_part(asked: PartOfObject, deployment: Deployment, facts: Facts) -> dict[str, Any]:
    """Decrypt some bytes out of an object.

    Args:
        asked: Which bytes of which object.
        deployment: Keys and rules.
        facts: What the log line says, to which this adds.

    Returns:
        `{"plaintext": base64}`.
    """
    facts |= {"request": "range", "context_keys": list(asked.context.keys)}
    facts |= {"first": asked.first, "last": asked.last}
    plaintext = decrypt_object_range(
        deployment.clients.s3(),
        asked.source,
        first=asked.first,
        last=asked.last,
        object_id=asked.object_id,
        keys=deployment.keys.fresh,
        context=asked.context,
        policy=deployment.policy,
        remaining_seconds=deployment.time_left.seconds_left,
    )
    facts["plaintext_bytes"] = len(plaintext)
    return {"plaintext": to_base64(plaintext)}


def reencrypt_whole(
    asked: WholeObject, reencryption: Reencryption, deployment: Deployment, new_keys: Keys, facts: Facts
) -> dict[str, Any]:
    """Encrypt the content of an encrypted object anew.

    Args:
        asked: Which objects.
        reencryption: What the new message is bound to.
        deployment: Keys and rules.
        new_keys: The keys of the new message.
        facts: What the log line says, to which this adds.

    Returns:
        Versions and lengths.
    """
    facts |= {"request": "object", "context_keys": list(asked.context.keys)}
    done = reencrypt_object(
        deployment.clients.s3(),
        asked.request,
        old_keys=deployment.keys.fresh,
        context=asked.context,
        policy=deployment.policy,
        keys=new_keys.fresh,
        key_arn=new_keys.keyring.key_arn,
        new_context=reencryption.new_context,
        suite=deployment.suite,
        remaining_seconds=deployment.time_left.seconds_left,
        source_binding=reencryption.source_binding,
        signature=reencryption.signature,
    )
    facts |= done
    return done


def encrypt_arrived_objects(event: object, deployment: Deployment, facts: Facts) -> dict[str, Any]:
    """Encrypt objects that arrived.

    Args:
        event: What SQS hands over: events of EventBridge about new objects.
        deployment: Keys, rules and destination.
        facts: What the log line of the invocation says, to which this adds. Each object has a line of its own too.

    Returns:
        `{"batchItemFailures": [...]}`: what the queue has to hand over again.

    Raises:
        ValueError: If the environment does not name both buckets and the encryption context.
    """
    if deployment.arrivals_from is None:
        raise ValueError("ARRIVALS_FROM must be a bucket, got None")
    if deployment.arrivals_to is None:
        raise ValueError("ARRIVALS_TO must be a bucket, got None")
    if deployment.encryption_context is None:
        raise ValueError("ENCRYPTION_CONTEXT must be a JSON object of strings, got None")
    failed: Counter[str] = Counter()

    def log_arrival(said: Facts) -> None:
        if "error" in said:
            failed[str(said["outcome"])] += 1
        log("arrival", {"operation": "arrival", **said})

    encryption = ArrivalEncryption(
        s3=deployment.clients.s3(),
        source_bucket=deployment.arrivals_from,
        bucket=deployment.arrivals_to,
        prefix=deployment.arrivals_prefix,
        keys=deployment.keys.fresh,
        key_arn=deployment.key_arn,
        context=deployment.encryption_context,
        suite=deployment.suite,
        log=log_arrival,
    )
    answer = encryption.encrypt_batch(event, remaining_seconds=deployment.time_left.seconds_left)
    facts |= {"request": "arrivals", "destination": deployment.arrivals_to}
    if failed:
        facts["failed"] = dict(failed)
    return answer
