"""AWS::ElasticLoadBalancingV2::ListenerCertificate: the certificates of a listener beside its first.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-listenercertificate.html:
every change is a new resource.
"""

from typing import Any

from ministack.core.responses import new_uuid
from ministack.services import alb

TYPE = "AWS::ElasticLoadBalancingV2::ListenerCertificate"
_FIELD = "AdditionalCertificates"


def row() -> dict[str, Any]:
    """Return the handlers."""
    return {"create": _create, "update": _update, "delete": _delete}


def _create(_logical_id: str, properties: dict[str, Any], _stack_name: str) -> tuple[str, dict[str, str]]:
    listener = alb._listeners.get(properties["ListenerArn"])
    if listener is None:
        raise ValueError(f"Listener '{properties['ListenerArn']}' not found")
    identifier = f"{properties['ListenerArn']}/{new_uuid()[:8]}"
    arns = [each["CertificateArn"] for each in properties["Certificates"]]
    listener.setdefault(_FIELD, {})[identifier] = arns
    return identifier, {}


def _update(identifier: str, old: dict[str, Any], new: dict[str, Any], stack_name: str) -> tuple[str, dict[str, str]]:
    return (identifier, {}) if new == old else _create("", new, stack_name)


def _delete(identifier: str, _properties: dict[str, Any]) -> None:
    listener = alb._listeners.get(identifier.rpartition("/")[0])
    if listener is not None:
        listener.get(_FIELD, {}).pop(identifier, None)
