"""Neither plaintext nor data key is in a log, an exception, a traceback or a repr, however a request ends."""

import base64
import binascii
import copy
import dataclasses
import importlib
import json
import logging
import pickle
import pkgutil
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import Any, get_args, get_origin, get_type_hints

import botocore.exceptions
import pytest

import envelope
from envelope import message
from envelope.cipher.derive import message_keys
from envelope.cipher.seal import MessageCipher
from envelope.format.context import EncryptionContext
from envelope.format.suites import COMMITTING, AlgorithmSuite
from envelope.handler import decrypt, decrypt_records, encrypt, encrypt_records, reencrypt
from envelope.keys.kms_keyring import KmsKeyring
from envelope.keys.materials import FreshDataKeys
from tests.support.fake_kms import KEY_ARN, OTHER_KEY_ARN, FakeKms, client_error
from tests.support.known_random import known_random
from tests.support.record_events import RECORD_VARIABLES, queue_event, stream_event
from tests.support.requests import CONTEXT, Handler, deployment_over, encrypted, to_base64

PLAINTEXT = b"plaintext-that-nobody-may-see-0123456789"
DATA_KEY = known_random("secrecy")(32)
FOR_RECORDS = {**RECORD_VARIABLES, "ENCRYPTION_CONTEXT": json.dumps(CONTEXT)}
Event = dict[str, Any]


def kms_with(**options: Any) -> FakeKms:
    """A KMS whose data keys are all the one that this test looks for."""
    return FakeKms(random=lambda length: DATA_KEY[:length], **options)


def forms(secret: bytes) -> Iterator[str]:
    """How bytes can stand in a text."""
    yield secret.hex()
    yield base64.b64encode(secret).decode().rstrip("=")
    yield base64.urlsafe_b64encode(secret).decode().rstrip("=")
    yield repr(secret)[2:-1]
    yield secret.decode("latin-1")
    yield binascii.b2a_base64(secret).decode().strip()


SECRETS = [form for secret in (PLAINTEXT, DATA_KEY) for form in forms(secret)]


def bad_messages() -> Iterator[tuple[str, Event]]:
    good = base64.b64decode(encrypted(PLAINTEXT, kms=kms_with()))
    broken = {
        "version": b"\x03" + good[1:],
        "cut": good[:-1],
        "extended": good + b"x",
        "message id": good[:3] + bytes([good[3] ^ 1]) + good[4:],
        "last tag": good[:-1] + bytes([good[-1] ^ 1]),
        "plaintext itself": PLAINTEXT,
        "data key itself": DATA_KEY,
    }
    for name, data in broken.items():
        yield name, {"message": to_base64(data), "encryption_context": CONTEXT}
    yield "wrong context", {"message": to_base64(good), "encryption_context": {"purpose": "x"}}
    yield "not base64", {"message": PLAINTEXT.decode(), "encryption_context": CONTEXT}


def bad_plaintexts() -> Iterator[tuple[str, Event]]:
    text = to_base64(PLAINTEXT)
    yield "not base64", {"plaintext": PLAINTEXT.decode(), "encryption_context": CONTEXT}
    yield "not canonical base64", {"plaintext": text + "\n", "encryption_context": CONTEXT}
    yield "no context", {"plaintext": text}
    yield "an unknown field", {"plaintext": text, "encryption_context": CONTEXT, PLAINTEXT.decode(): 1}
    yield "a context without the required key", {"plaintext": text, "encryption_context": {}}
    yield "a number for a context", {"plaintext": text, "encryption_context": {"purpose": 1}}


def kms_troubles() -> Iterator[tuple[str, dict[str, Any]]]:
    for code in ("AccessDeniedException", "ThrottlingException", "InvalidCiphertextException", "ValidationException"):
        yield code, {"failure": client_error(code)}
    yield "timeout", {"failure": botocore.exceptions.ReadTimeoutError(endpoint_url="https://kms")}
    quoted = f"could not parse {to_base64(DATA_KEY)} nor {DATA_KEY!r}"
    yield "an unexpected error that quotes the data key", {"failure": RuntimeError(quoted)}
    quoting = botocore.exceptions.ParamValidationError(report=quoted)
    yield "an expected error that quotes the data key", {"failure": quoting}
    yield "another key", {"answers": {"KeyId": OTHER_KEY_ARN}}
    yield "half a data key", {"answers": {"Plaintext": DATA_KEY[:16]}}
    yield "no data key", {"answers": {"Plaintext": None}}


def record_situations() -> Iterator[tuple[str, Handler, Event]]:
    good = {"plaintext": to_base64(PLAINTEXT), "encryption_context": CONTEXT}
    message = encrypted(PLAINTEXT, kms=kms_with())
    sealed = {"message": message, "encryption_context": CONTEXT}
    yield "batch of encrypt", encrypt, {"records": [good, *(event for _, event in bad_plaintexts())]}
    yield "batch of decrypt", decrypt, {"records": [sealed, *(event for _, event in bad_messages())]}
    yield "records of a queue, encrypt", encrypt_records, queue_event(PLAINTEXT.decode(), "\ud800" + PLAINTEXT.decode())
    yield "records of a queue, decrypt", decrypt_records, queue_event(message, PLAINTEXT.decode())
    yield "records of a stream, encrypt", encrypt_records, stream_event(("key", PLAINTEXT))
    yield "records of a stream, decrypt", decrypt_records, stream_event(("key", PLAINTEXT), ("key", PLAINTEXT))
    yield "no records at all", encrypt_records, {"Records": [{"body": PLAINTEXT.decode()}]}
    yield "reencrypt", reencrypt, {**sealed, "new_encryption_context": {**CONTEXT, "more": "x"}}


def situations() -> Iterator[tuple[str, Handler, Event, Callable[[], FakeKms]]]:
    good = {"plaintext": to_base64(PLAINTEXT), "encryption_context": CONTEXT}
    sealed = {"message": encrypted(PLAINTEXT, kms=kms_with()), "encryption_context": CONTEXT}
    yield "encrypt: success", encrypt, good, kms_with
    yield "decrypt: success", decrypt, sealed, kms_with
    for name, event in bad_plaintexts():
        yield f"encrypt: {name}", encrypt, event, kms_with
    for name, event in bad_messages():
        yield f"decrypt: {name}", decrypt, event, kms_with
    for name, options in kms_troubles():
        yield f"encrypt: {name}", encrypt, good, lambda options=options: kms_with(**options)  # type: ignore[misc]
        yield f"decrypt: {name}", decrypt, sealed, lambda options=options: kms_with(**options)  # type: ignore[misc]
        for kind, handler, event in record_situations():
            yield f"{kind}: {name}", handler, event, lambda options=options: kms_with(**options)  # type: ignore[misc]
    for kind, handler, event in record_situations():
        yield kind, handler, event, kms_with


def chain_of(error: BaseException) -> Iterator[BaseException]:
    yield error
    for linked in (error.__cause__, error.__context__):
        if linked is not None:
            yield from chain_of(linked)


SITUATIONS = list(situations())


@pytest.mark.parametrize(
    ("name", "handler", "event", "make_kms"), SITUATIONS, ids=[situation[0] for situation in SITUATIONS]
)
def test_no_request_leaves_secrets_behind(  # noqa: PLR0917  # a situation has four parts
    name: str,
    handler: Handler,
    event: Event,
    make_kms: Callable[[], FakeKms],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    said, answer = "", None
    try:
        further = {"NEW_KEY_ARN": OTHER_KEY_ARN} if handler is reencrypt else FOR_RECORDS
        answer = handler(event, None, deployment=deployment_over(make_kms(), further=further))
    except Exception as error:  # noqa: BLE001  # whatever it is, it must hold no secret
        said = "\n".join(f"{linked!r} {linked} {vars(linked)}" for linked in chain_of(error))
        said += "".join(traceback.format_exception(error))

    if answer is not None:
        said += str([record.get("error") for record in answer.get("records", ())])
        said += str(answer.get("batchItemFailures"))
    if handler in {encrypt, decrypt} and "batch" not in name:
        assert (answer is not None) is name.endswith("success")
    logged = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert len(caplog.records) == 1
    printed = capfd.readouterr()
    for secret in SECRETS:
        assert secret not in said + logged + printed.out + printed.err


def test_this_test_would_notice() -> None:
    for secret in (PLAINTEXT, DATA_KEY):
        texts = [f"{secret!r}", secret.hex(), to_base64(secret)]

        assert all(any(form in text for form in SECRETS) for text in texts)


def test_the_objects_that_hold_keys_do_not_show_them() -> None:
    kms = kms_with()
    keyring = KmsKeyring(kms, key_arn=KEY_ARN)
    data_key, encrypted_data_keys = keyring.generate_data_key(EncryptionContext.of(CONTEXT))
    keys = message_keys(data_key.secret, message_id=bytes(32), suite=COMMITTING)

    shown = repr([keyring, data_key, encrypted_data_keys, keys, deployment_over(kms)])

    for secret in (*SECRETS, *forms(keys.message_key)):
        assert secret not in shown


def fields_of(made: type) -> dict[str, Any]:
    """The fields of a dataclass or of a named tuple, with their types."""
    names = getattr(made, "_fields", ()) or [field.name for field in dataclasses.fields(made)]
    hints = get_type_hints(made)
    return {name: hints[name] for name in names}


def classes_with_fields() -> Iterator[type]:
    """Every dataclass and named tuple of the package."""
    for module in pkgutil.walk_packages(envelope.__path__, "envelope."):
        for each in vars(importlib.import_module(module.name)).values():
            is_own = isinstance(each, type) and each.__module__ == module.name
            if is_own and (dataclasses.is_dataclass(each) or (issubclass(each, tuple) and hasattr(each, "_fields"))):
                yield each


def may_hold_content(hint: Any) -> bool:
    """Whether plaintext, a key or a message could be in a field of this type."""
    if get_origin(hint) is Callable:
        return False
    return hint in {bytes, bytearray, memoryview, object, Any} or any(map(may_hold_content, get_args(hint)))


def filled(hint: Any) -> Any:
    """What can stand in a field of this type, with the secret in it wherever that is possible."""
    origin = get_origin(hint)
    if not may_hold_content(hint):
        values = {EncryptionContext: EncryptionContext.of({"key": PLAINTEXT.decode()}), AlgorithmSuite: COMMITTING}
        return values.get(hint)
    if origin in {tuple, Sequence}:
        return tuple(filled(each) for each in get_args(hint) if each is not Ellipsis)
    return {"key": PLAINTEXT} if origin is dict else PLAINTEXT


# What everybody may see: which message it is, under which key it was encrypted, the keys of an encryption context, and
# what S3 answered.
SHOWN: dict[tuple[str, str], Any] = {
    ("EncryptedDataKey", "provider_id"): b"aws-kms",
    ("EncryptedDataKey", "provider_info"): KEY_ARN.encode(),
    ("EncryptionContext", "encoded"): ((b"key", PLAINTEXT),),
    ("Header", "message_id"): bytes(32),
    ("OpenedObject", "answer"): {},
    ("StartedMessage", "message_id"): bytes(32),
    ("UnverifiedHeader", "message_id"): bytes(32),
}
CLASSES = list(classes_with_fields())


@pytest.mark.parametrize("made", CLASSES, ids=lambda made: made.__name__)
def test_no_class_shows_the_content_of_its_fields(made: type) -> None:
    values = {name: SHOWN.get((made.__name__, name), filled(hint)) for name, hint in fields_of(made).items()}
    instance: Any = object.__new__(made) if dataclasses.is_dataclass(made) else tuple.__new__(made, values.values())
    if dataclasses.is_dataclass(made):
        for name, value in values.items():
            object.__setattr__(instance, name, value)

    shown = repr(instance)

    assert made.__name__ in shown
    for secret in forms(PLAINTEXT):
        assert secret not in shown


def test_the_classes_with_content_are_among_those() -> None:
    found = {made.__name__ for made in CLASSES if any(map(may_hold_content, fields_of(made).values()))}

    assert found >= {"Addressed", "Arrived", "Batch", "Entry", "Inline", "MessageKeys", "RecordContent"}
    assert found >= {"EncryptionContext", "SealingMaterials", "StartedMessage", "UnverifiedHeader"}


def test_refuses_to_copy_or_pickle_keys() -> None:
    data_key, _ = KmsKeyring(kms_with(), key_arn=KEY_ARN).generate_data_key(EncryptionContext.of(CONTEXT))
    keys = message_keys(data_key.secret, message_id=bytes(32), suite=COMMITTING)

    for holder in (data_key, keys):
        for copied in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match="must not be copied or pickled"):
                copied(holder)
    with pytest.raises(TypeError, match="cannot pickle"):
        pickle.dumps(MessageCipher(keys.message_key))


def test_the_data_key_is_overwritten_when_a_message_is_done() -> None:
    class Watching(KmsKeyring):
        handed_out: list[Any] = []  # noqa: RUF012  # this test's own

        def generate_data_key(self, context: EncryptionContext) -> Any:
            made = super().generate_data_key(context)
            self.handed_out.append(made[0])
            return made

        def decrypt_data_key(self, *given: Any, **named: Any) -> Any:
            data_key = super().decrypt_data_key(*given, **named)
            self.handed_out.append(data_key)
            return data_key

    keys, context = FreshDataKeys(Watching(kms_with(), key_arn=KEY_ARN)), EncryptionContext.of(CONTEXT)
    sealed = message.encrypt(PLAINTEXT, keys=keys, context=context)
    message.decrypt(sealed, keys=keys, context=context)

    assert [data_key._secret for data_key in Watching.handed_out] == [bytes(32)] * 2
