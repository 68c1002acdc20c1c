"""Dynamic references: which secrets and parameters from elsewhere a template reads, and what the role needs for it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html. A reference to a secret of the
template needs nothing of its own: who makes a secret has what reading it needs, as far as IAM goes. Under which key
something from elsewhere is, no template says; so the role may have it decrypted through the service that reads it,
under whichever key admits the role.
"""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from constructs_lib.actions import DECRYPT, READ_TEMPLATE_PARAMETERS
from constructs_lib.execution_policy.handler_permissions import Permission
from constructs_lib.secret_actions import GET_SECRET_VALUE

if TYPE_CHECKING:
    from constructs_lib.execution_policy.template_arns import Place

_REFERENCE = re.compile(r"\{\{resolve:(secretsmanager|ssm|ssm-secure):([^}]+)\}\}")
_ARN = re.compile(r"arn:(?:[^:]*:){5}[^:]*")
_OF_THE_TEMPLATE = "\0"
_SUFFIX = re.compile(r"-\w{6}$")


def resolving_permissions(value: object, place: "Place") -> Iterator[Permission]:
    """Yield what the execution role needs for each dynamic reference in a part of a template.

    Args:
        value: The part.
        place: Where the template is deployed.
    """
    if isinstance(value, str) or (isinstance(value, Mapping) and "Fn::Join" in value):
        for service, body in _REFERENCE.findall(_text(value, place)):
            if _OF_THE_TEMPLATE not in body:
                yield from _reading(service, body, place)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from resolving_permissions(item, place)
    elif isinstance(value, list):
        for item in value:
            yield from resolving_permissions(item, place)


def _reading(service: str, body: str, place: "Place") -> Iterator[Permission]:
    name = body.partition(":")[0]
    if service == "secretsmanager":
        arn = _ARN.match(body)
        yield Permission(action=GET_SECRET_VALUE[0], resources=(_secret(arn[0] if arn else name, place),))
    else:
        parameter = _arn("ssm", f"parameter/{name.lstrip('/')}", place)
        yield Permission(action=READ_TEMPLATE_PARAMETERS, resources=(parameter,))
    if service != "ssm":
        through = service.removesuffix("-secure")
        yield Permission(action=DECRYPT[0], resources=(_arn("kms", "key/*", place),), through=through)


def _secret(name: str, place: "Place") -> str:
    if not name.startswith("arn:"):
        return _arn("secretsmanager", f"secret:{name}-??????", place)
    return name if _SUFFIX.search(name) else f"{name}-??????"


def _arn(service: str, resource: str, place: "Place") -> str:
    return f"arn:{place.partition}:{service}:{place.region}:{place.account}:{resource}"


def _text(value: object, place: "Place") -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        if "Fn::Join" in value and isinstance(value["Fn::Join"][1], list):
            separator, parts = value["Fn::Join"]
            return str(separator).join(_text(part, place) for part in parts)
        pseudo = {"AWS::Partition": place.partition, "AWS::Region": place.region, "AWS::AccountId": place.account}
        return pseudo.get(str(value.get("Ref")), _OF_THE_TEMPLATE)
    return _OF_THE_TEMPLATE
