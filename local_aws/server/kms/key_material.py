"""The key materials of a symmetric key: the one it encrypts with, those it only decrypts with, those to come.

ministack knows one, at `_symmetric_key` of its record of the key; here that is always the current one. The
members of a multi-Region key share the materials that KMS made; imported ones each member has for itself.
https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
"""

import time
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from ministack.services import kms

from local_aws.server.kms.errors import KmsError
from local_aws.server.kms.key_uses import Record
from local_aws.server.kms.news import tell_expiry, tell_rotation

State: TypeAlias = Literal["CURRENT", "NON_CURRENT", "PENDING_ROTATION", "PENDING_MULTI_REGION_IMPORT_AND_ROTATION"]

PENDING: frozenset[State] = frozenset(("PENDING_ROTATION", "PENDING_MULTI_REGION_IMPORT_AND_ROTATION"))

_MATERIALS = "_materials"


@dataclass(kw_only=True)
class KeyMaterial:
    """One key material.

    `secret` is nothing while it has to be imported (again). `rotated` says when and how it became the current
    one, unless it is the first.
    """

    identifier: str
    secret: bytes | None
    state: State
    rotated: tuple[float, str] | None = None
    description: str | None = None
    valid_to: float | None = None


def identifier_of(record: Record, secret: bytes) -> str:
    """Compute the id of a material: that of the same bytes in the same key is the same."""
    found: str = kms._key_material_id({"KeyId": record["KeyId"], "_symmetric_key": secret})
    return found


def materials(record: Record) -> list[KeyMaterial]:
    """Return the materials of a key, oldest first; the list is the key's own."""
    if _MATERIALS not in record:
        secret = record.get("_symmetric_key")
        first = (
            []
            if secret is None
            else [KeyMaterial(identifier=kms._key_material_id(record), secret=secret, state="CURRENT")]
        )
        record[_MATERIALS] = first
    found: list[KeyMaterial] = record[_MATERIALS]
    return found


def current(record: Record) -> KeyMaterial | None:
    """Return the material that a key encrypts with, if it ever had one."""
    return next((each for each in materials(record) if each.state == "CURRENT"), None)


def is_whole(record: Record) -> bool:
    """Say whether a key has all the material that it needs to be used."""
    if record["KeySpec"] != "SYMMETRIC_DEFAULT":
        return "_hmac_key" in record or "_private_key" in record
    in_use = [each for each in materials(record) if each.state not in PENDING]
    return bool(in_use) and all(each.secret is not None for each in in_use)


def opening(record: Record, identifier: str) -> bytes:
    """Return the material that a ciphertext names.

    Raises:
        KmsError: If the key never had it.
    """
    for each in materials(record):
        if each.identifier == identifier and each.secret is not None:
            return each.secret
    raise KmsError("InvalidCiphertextException", "")


def promote(record: Record, material: KeyMaterial, *, how: str) -> None:
    """Make a material the current one of a key, and tell of it."""
    before = current(record)
    for each in materials(record):
        if each.state == "CURRENT":
            each.state = "NON_CURRENT"
    if material not in materials(record):
        materials(record).append(material)
    material.state, material.rotated = "CURRENT", (time.time(), how)
    tell_ministack(record)
    tell_rotation(record, how=how, before=before.identifier if before else None, now=material.identifier)


def tell_ministack(record: Record) -> None:
    """Put what ministack has to know about the materials into its record of the key."""
    now = current(record)
    facts: dict[str, Any] = {"_symmetric_key": now.secret if now else None}
    if record["Origin"] == "EXTERNAL" and now is not None and now.secret is not None:
        facts["ExpirationModel"] = "KEY_MATERIAL_EXPIRES" if now.valid_to else "KEY_MATERIAL_DOES_NOT_EXPIRE"
        facts["ValidTo"] = now.valid_to
    for name in ("_symmetric_key", "ExpirationModel", "ValidTo"):
        if facts.get(name) is None:
            record.pop(name, None)
        else:
            record[name] = facts[name]


def forget_expired(record: Record) -> None:
    """Forget the imported materials of a key whose time is over, which leaves the key unusable."""
    if record["Origin"] != "EXTERNAL":
        return
    expired = [
        each for each in record.get(_MATERIALS, ()) if each.valid_to is not None and each.valid_to <= time.time()
    ]
    for each in expired:
        forget(record, each)
    is_only = record["KeySpec"] != "SYMMETRIC_DEFAULT" and record.get("ValidTo", float("inf")) <= time.time()
    if is_only:
        forget_only(record)
    if expired or is_only:
        tell_expiry(record)


def forget(record: Record, material: KeyMaterial) -> None:
    """Forget the secret of a material; one that was never rotated in is forgotten altogether."""
    if material.state in PENDING:
        materials(record).remove(material)
        return
    material.secret = material.valid_to = None
    tell_ministack(record)
    _await_import(record)


def forget_only(record: Record) -> None:
    """Forget the one material that a key of another kind than symmetric has."""
    for name in ("_hmac_key", "_private_key", "_public_key_der", "ExpirationModel", "ValidTo"):
        record.pop(name, None)
    _await_import(record)


def _await_import(record: Record) -> None:
    if not record["KeyState"].endswith("Deletion"):
        record["KeyState"], record["Enabled"] = "PendingImport", False
