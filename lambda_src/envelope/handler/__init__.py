"""The functions: event to request, request to work, and what came of it to the caller and into the log."""

from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeAlias

from envelope import message
from envelope.base64_text import to_base64
from envelope.handler.answers import Facts, served
from envelope.handler.batches import decrypt_batch, encrypt_batch
from envelope.handler.deployment import Deployment, deployed, is_in_lambda
from envelope.handler.record_batches import decrypt_arrived, encrypt_arrived
from envelope.handler.reencryption_request import reencryption
from envelope.handler.requests import Batch, Inline, PartOfObject, request_of
from envelope.objects.reencryption import reencrypt_message

__all__ = [
    "Deployment",
    "decrypt",
    "decrypt_records",
    "deployed",
    "encrypt",
    "encrypt_arrivals",
    "encrypt_records",
    "reencrypt",
]

_Work: TypeAlias = Callable[[object, Deployment, Facts], dict[str, Any]]


def encrypt(event: object, lambda_context: object, *, deployment: Deployment | None = None) -> dict[str, Any]:
    """Encrypt data in the request, many records in it, or an S3 object.

    `{"plaintext": base64, "encryption_context": {...}}` gives `{"message": base64}`. `{"records": [...]}` with such
    requests gives `{"records": [...]}` with such answers, in their order, or `{"error": {...}}` for a record that
    failed alone. `{"source": {"bucket": ..., "key": ...}, "destination": {...}, "encryption_context": {...}}`, maybe
    with `object_id` and in the source `version_id`, writes an object and gives versions and lengths.

    Args:
        event: The request.
        lambda_context: The context object of Lambda, which knows how much time is left.
        deployment: Key, rules and clients. Default: those of the environment.

    Returns:
        The answer.

    Raises:
        EnvelopeError: One of its kinds, with a JSON object of `status`, `retry` and `error` as its text, in the
            form that API Gateway takes for custom Lambda errors, and nothing chained behind it.
        RuntimeError: The same for what nobody expected, with status 500.
    """
    return _invoke("encrypt", _encrypt, event, lambda_context, deployment)


def decrypt(event: object, lambda_context: object, *, deployment: Deployment | None = None) -> dict[str, Any]:
    """Decrypt what `encrypt` made, or a part of an object.

    `{"message": base64, "encryption_context": {...}}` gives `{"plaintext": base64, "encryption_context": {...}}`;
    records and objects as for `encrypt`. `{"source": {...}, "range": {"first": ..., "last": ...},
    "encryption_context": {...}}` gives `{"plaintext": base64}`: some bytes of the plaintext of an encrypted object.

    Args:
        event: The request. Its encryption context must be exactly the one of the message.
        lambda_context: The context object of Lambda, which knows how much time is left.
        deployment: Key, rules and clients. Default: those of the environment.

    Returns:
        The answer.

    Raises:
        EnvelopeError: As `encrypt` does.
        RuntimeError: As `encrypt` does.
    """
    return _invoke("decrypt", _decrypt, event, lambda_context, deployment)


def reencrypt(event: object, lambda_context: object, *, deployment: Deployment | None = None) -> dict[str, Any]:
    """Decrypt a message or an object, and encrypt what it held under the new key, maybe bound to another context.

    `{"message": base64, "encryption_context": {...}}`, maybe with `new_encryption_context`, gives
    `{"message": base64}`; objects as for `decrypt`, maybe with `new_encryption_context`, and with
    `"source_binding": "unsafe-none"` for an object that is bound to no object id. `"signature": "unsafe-drop"` lets
    a signed message become one without signature.

    Args:
        event: The request.
        lambda_context: The context object of Lambda, which knows how much time is left.
        deployment: Keys, rules and clients. Default: those of the environment.

    Returns:
        The answer.

    Raises:
        EnvelopeError: As `encrypt` does.
        RuntimeError: As `encrypt` does.
    """
    return _invoke("reencrypt", _reencrypt, event, lambda_context, deployment)


def encrypt_arrivals(event: object, lambda_context: object, *, deployment: Deployment | None = None) -> dict[str, Any]:
    """Encrypt S3 objects of which EventBridge told a queue.

    Args:
        event: What SQS hands over.
        lambda_context: The context object of Lambda, which knows how much time is left.
        deployment: Key, rules and clients. Default: those of the environment.

    Returns:
        `{"batchItemFailures": [...]}`.

    Raises:
        EnvelopeError: As `encrypt` does.
        RuntimeError: As `encrypt` does.
    """
    return _invoke("encrypt_arrivals", _encrypt_arrivals, event, lambda_context, deployment)


def encrypt_records(event: object, lambda_context: object, *, deployment: Deployment | None = None) -> dict[str, Any]:
    """Encrypt records of SQS or Kinesis, and send the messages on.

    Args:
        event: What SQS or Kinesis hands over.
        lambda_context: The context object of Lambda, which knows how much time is left.
        deployment: Key, rules and clients. Default: those of the environment.

    Returns:
        `{"batchItemFailures": [...]}`.

    Raises:
        EnvelopeError: As `encrypt` does.
        RuntimeError: As `encrypt` does.
    """
    return _invoke("encrypt_records", encrypt_arrived, event, lambda_context, deployment)


def decrypt_records(event: object, lambda_context: object, *, deployment: Deployment | None = None) -> dict[str, Any]:
    """Decrypt records of SQS or Kinesis, and send the plaintexts on.

    Args:
        event: What SQS or Kinesis hands over.
        lambda_context: The context object of Lambda, which knows how much time is left.
        deployment: Key, rules and clients. Default: those of the environment.

    Returns:
        `{"batchItemFailures": [...]}`.

    Raises:
        EnvelopeError: As `encrypt` does.
        RuntimeError: As `encrypt` does.
    """
    return _invoke("decrypt_records", decrypt_arrived, event, lambda_context, deployment)


def _invoke(
    operation: str, work: _Work, event: object, lambda_context: object, deployment: Deployment | None
) -> dict[str, Any]:
    given = deployment or deployed()
    given.time_left.begin(lambda_context)
    calls_before = given.kms_calls.count

    def counted(facts: Facts) -> dict[str, Any]:
        try:
            return work(event, given, facts)
        finally:
            facts["kms_calls"] = given.kms_calls.count - calls_before

    return served(operation, counted, clock=given.clock, facts={"key_arn": given.key_arn})


def _encrypt(event: object, deployment: Deployment, facts: Facts) -> dict[str, Any]:
    asked = request_of(event, "plaintext", deployment.required_context)
    if isinstance(asked, Batch):
        facts["request"] = "batch"
        return encrypt_batch(asked.records, deployment, facts)
    if not isinstance(asked, Inline):
        done: dict[str, Any] = _object_requests().encrypt_whole(asked, deployment, facts)
        return done
    facts |= {"request": "inline", "context_keys": list(asked.context.keys), "plaintext_bytes": len(asked.data)}
    sealed = message.encrypt(asked.data, keys=deployment.keys.fresh, context=asked.context, suite=deployment.suite)
    facts["message_bytes"] = len(sealed)
    return {"message": to_base64(sealed)}


def _decrypt(event: object, deployment: Deployment, facts: Facts) -> dict[str, Any]:
    asked = request_of(event, "message", deployment.required_context)
    if isinstance(asked, Batch):
        facts["request"] = "batch"
        return decrypt_batch(asked.records, deployment, facts)
    if not isinstance(asked, Inline):
        objects = _object_requests()
        work = objects.decrypt_part if isinstance(asked, PartOfObject) else objects.decrypt_whole
        done: dict[str, Any] = work(asked, deployment, facts)
        return done
    facts |= {"request": "inline", "context_keys": list(asked.context.keys), "message_bytes": len(asked.data)}
    plaintext = message.decrypt(asked.data, keys=deployment.keys.fresh, context=asked.context, policy=deployment.policy)
    facts["plaintext_bytes"] = len(plaintext)
    return {"plaintext": to_base64(plaintext), "encryption_context": asked.context.to_dict()}


def _reencrypt(event: object, deployment: Deployment, facts: Facts) -> dict[str, Any]:
    if deployment.new_keys is None:
        raise ValueError("NEW_KEY_ARN must be the ARN of a KMS key, got None")
    facts["new_key_arn"] = deployment.new_keys.keyring.key_arn
    asked = reencryption(event, deployment.required_context)
    if not isinstance(asked.old, Inline):
        done: dict[str, Any] = _object_requests().reencrypt_whole(
            asked.old, asked, deployment, deployment.new_keys, facts
        )
        return done
    facts |= {"request": "inline", "context_keys": list(asked.old.context.keys)}
    made = reencrypt_message(
        asked.old.data,
        old_keys=deployment.keys.fresh,
        context=asked.old.context,
        policy=deployment.policy,
        keys=deployment.new_keys.fresh,
        new_context=asked.new_context,
        suite=deployment.suite,
        signature=asked.signature,
    )
    sealed = made.message
    facts |= {"old_message_bytes": len(asked.old.data), "message_bytes": len(sealed)}
    facts |= {"old_suite": made.old_suite.name, "suite": deployment.suite.name}
    return {"message": to_base64(sealed)}


def _encrypt_arrivals(event: object, deployment: Deployment, facts: Facts) -> dict[str, Any]:
    done: dict[str, Any] = _object_requests().encrypt_arrived_objects(event, deployment, facts)
    return done


def _object_requests() -> ModuleType:
    # Only here: s3transfer and an S3 client double the time of a cold start.
    from envelope.handler import object_requests  # noqa: PLC0415  # see above

    return object_requests


if is_in_lambda():
    # Before the first request, while Lambda gives the function a full processor, and so that a wrong environment
    # fails the deployment's first start and not a caller.
    deployed()
