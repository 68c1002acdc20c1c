"""Ciphertexts of symmetric keys: authenticated, and with the key material that opens them.

ministack's are neither, so that a changed one opens to something else, and a key can never have another material.
"""

import base64
import json
import os
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from ministack.services import kms

from local_aws.server.kms import registry
from local_aws.server.kms.errors import KmsError
from local_aws.server.kms.key_material import current, opening
from local_aws.server.kms.key_uses import KEY_ID_LENGTH, Record, key_of_ciphertext
from local_aws.server.kms.registry import Operation, Request

_MATERIAL_LENGTH, _NONCE_LENGTH = 32, 12
_SYMMETRIC = "SYMMETRIC_DEFAULT"

_data_key_of_ministack = kms._generate_data_key_common
_data_key_pair_of_ministack = kms._generate_data_key_pair_common


def extend() -> None:
    """Encrypt and decrypt in ministack's place wherever a symmetric key does it."""
    registry.wrap("Encrypt", _encrypt)
    registry.wrap("Decrypt", _decrypt)
    kms._generate_data_key_common = _data_key
    kms._generate_data_key_pair_common = _data_key_pair


def seal(record: Record, context: Mapping[str, str], plaintext: bytes) -> bytes:
    """Encrypt under the current material of a key.

    Raises:
        KmsError: If it has none.
    """
    material = current(record)
    if material is None or material.secret is None:
        raise KmsError("KMSInvalidStateException", f"{record['Arn']} is pending import.")
    head: bytes = record["KeyId"].encode() + bytes.fromhex(material.identifier)
    nonce = os.urandom(_NONCE_LENGTH)
    sealed: bytes = AESGCM(material.secret).encrypt(nonce, plaintext, _bound(head, context))
    return head + nonce + sealed


def open_sealed(record: Record, context: Mapping[str, str], blob: bytes) -> bytes:
    """Decrypt what `seal` encrypted.

    Raises:
        KmsError: If it is not what was encrypted under this key and context.
    """
    nonce_at = KEY_ID_LENGTH + _MATERIAL_LENGTH
    sealed_at = nonce_at + _NONCE_LENGTH
    head, nonce, sealed = blob[:nonce_at], blob[nonce_at:sealed_at], blob[sealed_at:]
    secret = opening(record, head[KEY_ID_LENGTH:].hex())
    try:
        opened: bytes = AESGCM(secret).decrypt(nonce, sealed, _bound(head, context))
    except (InvalidTag, ValueError) as error:
        raise KmsError("InvalidCiphertextException", "") from error
    return opened


def _bound(head: bytes, context: Mapping[str, str]) -> bytes:
    return head + json.dumps(dict(context), sort_keys=True).encode()


def _encrypt(request: Request, encrypt: Operation) -> Request:
    record = kms._resolve_key(request.get("KeyId"))
    answer = encrypt(request)
    if record["KeySpec"] != _SYMMETRIC:
        return answer
    plaintext = base64.b64decode(request.get("Plaintext", ""))
    return {**answer, "CiphertextBlob": _text(seal(record, _context(request), plaintext))}


def _decrypt(request: Request, decrypt: Operation) -> Request:
    named = kms._resolve_key(request.get("KeyId")) if request.get("KeyId") else None
    if (request.get("KeyId") and named is None) or (named is not None and named["KeySpec"] != _SYMMETRIC):
        return decrypt(request)
    record = key_of_ciphertext(request.get("CiphertextBlob"))
    if record is None or record["KeySpec"] != _SYMMETRIC:
        raise KmsError("InvalidCiphertextException", "")
    if named is not None and named["Arn"] != record["Arn"]:
        raise KmsError(
            "IncorrectKeyException",
            "The key ID in the request does not identify a CMK that can perform this operation.",
        )
    blob = base64.b64decode(request["CiphertextBlob"])
    plaintext = open_sealed(record, _context(request), blob)
    return {
        "KeyId": record["Arn"],
        "Plaintext": _text(plaintext),
        "EncryptionAlgorithm": _SYMMETRIC,
        "KeyMaterialId": blob[KEY_ID_LENGTH : KEY_ID_LENGTH + _MATERIAL_LENGTH].hex(),
    }


def _data_key(request: Request, *names: str) -> tuple[Any, Any, Any]:
    record, data_key, blob = _data_key_of_ministack(request, *names)
    if record is not None:
        blob = seal(record, _context(request), data_key)
    return record, data_key, blob


def _data_key_pair(request: Request, name: str) -> tuple[Any, Any, Any]:
    answer, private_key, refused = _data_key_pair_of_ministack(request, name)
    if answer is not None:
        record = kms._resolve_key(request.get("KeyId"))
        answer["PrivateKeyCiphertextBlob"] = _text(seal(record, _context(request), private_key))
    return answer, private_key, refused


def _context(request: Request) -> dict[str, str]:
    return request.get("EncryptionContext") or {}


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
