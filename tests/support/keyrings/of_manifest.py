"""Keyrings as the manifests of published messages describe them."""

import base64
from collections.abc import Callable, Mapping
from typing import Any

from tests.support.keyrings.branch_key import BranchKey
from tests.support.keyrings.known_secret import KnownSecret
from tests.support.keyrings.raw_aes import RawAes
from tests.support.keyrings.raw_ecdh import RawEcdh
from tests.support.keyrings.raw_rsa import RawRsa, rsa_padding
from tests.support.keyrings.several import Several
from tests.support.keyrings.unwrapping import UnwrappingKeyring

Keys = Mapping[str, Mapping[str, Any]]


def keyring_of(description: Mapping[str, Any], keys: Keys) -> UnwrappingKeyring | None:
    """Make what a manifest describes, or nothing if it needs an account of AWS."""
    make = _KINDS.get(description["type"])
    return None if make is None else make(description, keys)


def _raw(description: Mapping[str, Any], keys: Keys) -> UnwrappingKeyring:
    return (_aes if description["encryption-algorithm"] == "aes" else _rsa)(description, keys)


def _several(description: Mapping[str, Any], keys: Keys) -> Several:
    parts = [description["generator"], *description["childKeyrings"]]
    return Several([keyring for keyring in (keyring_of(part, keys) for part in parts) if keyring is not None])


def _required(description: Mapping[str, Any], keys: Keys) -> UnwrappingKeyring | None:
    return keyring_of(description["underlying"], keys)


def _static(description: Mapping[str, Any], keys: Keys) -> KnownSecret:
    return KnownSecret(base64.b64decode(keys[description["key"]].get("plaintextDataKey", "")))


def _aes(description: Mapping[str, Any], keys: Keys) -> RawAes:
    key = keys[description["key"]]
    secret = base64.b64decode(key["material"])
    return RawAes(namespace=description["provider-id"], name=key["key-id"], key=secret)


def _rsa(description: Mapping[str, Any], keys: Keys) -> UnwrappingKeyring:
    key = keys[description["key"]]
    if key["type"] != "private":
        return Several([])
    return RawRsa(
        namespace=description["provider-id"],
        name=key["key-id"],
        private_key=key["material"],
        padding=rsa_padding(description["padding-algorithm"], description.get("padding-hash")),
    )


def _branch(description: Mapping[str, Any], keys: Keys) -> BranchKey:
    key = keys[description["key"]]
    secret = base64.b64decode(key["branchKey"])
    return BranchKey(branch_key_id=key["key-id"], version=key["branchKeyVersion"], branch_key=secret)


def _ecdh(description: Mapping[str, Any], keys: Keys) -> RawEcdh:
    sender = description["sender"]
    return RawEcdh(
        recipient_key=keys[description["recipient"]]["recipient-material"],
        sender_key=keys[sender]["sender-material"] if sender in keys else None,
    )


_KINDS: Mapping[str, Callable[[Mapping[str, Any], Keys], UnwrappingKeyring | None]] = {
    "raw": _raw,
    "multi-keyring": _several,
    "required-encryption-context-cmm": _required,
    "aws-kms-hierarchy": _branch,
    "raw-ecdh": _ecdh,
    "static-material-keyring": _static,
}
