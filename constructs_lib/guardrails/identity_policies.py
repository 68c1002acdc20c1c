"""The identity policies of an app's templates: what each says, where it stands and whose it is."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from constructs_lib.actions import DECRYPT, ENCRYPT
from constructs_lib.guardrails.cloud_templates import SERVERLESS_FUNCTION
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.template_values import Located, as_json, as_list, flat
from constructs_lib.secret_actions import GET_SECRET_VALUE

PERMISSION_SET = "AWS::SSO::PermissionSet"
GROUP = "AWS::IAM::Group"
USER = "AWS::IAM::User"
_ROLE = "AWS::IAM::Role"
_MANAGED = "AWS::IAM::ManagedPolicy"
_HOLDERS = (_ROLE, USER, GROUP)
_LISTED = {"Roles": _ROLE, "Users": USER, "Groups": GROUP}
_OWN = {
    "AWS::IAM::RolePolicy": ("RoleName", _ROLE),
    "AWS::IAM::UserPolicy": ("UserName", USER),
    "AWS::IAM::GroupPolicy": ("GroupName", GROUP),
}

# https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
_SERVERLESS_TEMPLATES = {
    "KMSDecryptPolicy": (DECRYPT[0], "KeyId"),
    "KMSEncryptPolicy": (ENCRYPT[0], "KeyId"),
    "AWSSecretsManagerGetSecretValuePolicy": (GET_SECRET_VALUE[0], "SecretArn"),
}


@dataclass(frozen=True)
class Holder:
    """Whose policy it is.

    Attributes:
        kind: The type of resource that it is, in the app or elsewhere.
        place: Where the app defines it, or None.
        name: What names one that the app does not define, as text.
        written: The same as JSON.
        account: Its account, empty if only the deployment knows.
    """

    kind: str
    place: Located | None = None
    name: str = ""
    written: str = ""
    account: str = ""


@dataclass(frozen=True)
class IdentityPolicy:
    """A policy of a role, user, group or permission set.

    Attributes:
        place: The resource that holds the document.
        holder: Whose it is.
        document: What it says.
    """

    place: Located
    holder: Holder
    document: Mapping[str, Any]

    def statements(self) -> Iterator[Mapping[str, Any]]:
        """Yield its statements, also those under a condition of the template."""
        return (each for each in as_list(self.document.get("Statement")) if isinstance(each, dict))


def identity_policies(references: References) -> Iterator[IdentityPolicy]:
    """Yield each identity policy of the app, once for each holder."""
    kinds = ("AWS::IAM::Policy", _MANAGED, *_OWN, *_HOLDERS, PERMISSION_SET, SERVERLESS_FUNCTION)
    for place, resource in references.templates.resources(*kinds):
        kind, properties = resource["Type"], resource.get("Properties", {})
        if kind in _HOLDERS:
            for inline in as_list(properties.get("Policies")):
                yield IdentityPolicy(place, _defined(references, kind, place), _document(inline.get("PolicyDocument")))
        elif kind == PERMISSION_SET:
            # It becomes a role in every account that it is assigned in.
            yield IdentityPolicy(place, Holder(kind, place), _document(properties.get("InlinePolicy")))
        elif kind == SERVERLESS_FUNCTION:
            yield from _serverless(references, place, properties)
        else:
            for holder in _attached(references, place, kind, properties):
                yield IdentityPolicy(place, holder, _document(properties.get("PolicyDocument")))


def _defined(references: References, kind: str, place: Located) -> Holder:
    return Holder(kind, place, account=references.templates.stack(place.template).account)


def _attached(references: References, place: Located, kind: str, properties: Mapping[str, Any]) -> Iterator[Holder]:
    listed = dict([_OWN[kind]] if kind in _OWN else _LISTED.items())
    for name, holder_kind in listed.items():
        for value in as_list(properties.get(name)):
            yield _named(references, place.template, holder_kind, value)
    if kind == _MANAGED:
        for holder, resource in references.templates.resources(*_HOLDERS):
            for attached in as_list(resource.get("Properties", {}).get("ManagedPolicyArns")):
                if place in references.meant_by(holder.template, attached):
                    yield _defined(references, resource["Type"], holder)


def _named(references: References, path: str, kind: str, value: object) -> Holder:
    for place in references.meant_by(path, value):
        if references.templates.resource(place).get("Type", _ROLE) in _HOLDERS:
            return _defined(references, kind, place)
    resolved = references.resolved(path, value)
    return Holder(kind, None, flat(resolved), as_json(resolved), references.templates.stack(path).account)


def _serverless(references: References, place: Located, properties: Mapping[str, Any]) -> Iterator[IdentityPolicy]:
    if "Role" in properties:  # then its policies are ignored
        return
    holder = _defined(references, _ROLE, Located(place.template, f"{place.logical_id}Role"))
    for policy in as_list(properties.get("Policies")):
        if not isinstance(policy, dict):
            continue
        yield IdentityPolicy(place, holder, policy)
        for name, (action, parameter) in _SERVERLESS_TEMPLATES.items():
            if name in policy:
                statement = {"Effect": "Allow", "Action": action, "Resource": policy[name].get(parameter)}
                yield IdentityPolicy(place, holder, {"Statement": statement})


def _document(value: object) -> Mapping[str, Any]:
    read = json.loads(value) if isinstance(value, str) else value
    return read if isinstance(read, dict) else {}
