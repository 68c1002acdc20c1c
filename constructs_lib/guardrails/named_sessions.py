"""Whether `aws:userid` of the holder of an identity policy may be that of a rotation function's session.

The role of a hosted rotation is made during the deployment, so policies know its sessions by the name of the function.
Whoever may assume a role chooses the name of his session; of roles that services assume, AWS Lambda alone calls it like
a function.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from constructs_lib.guardrails.cloud_templates import SERVERLESS_FUNCTION
from constructs_lib.guardrails.identity_policies import USER, Holder
from constructs_lib.guardrails.names_of_resources import name_of
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.template_values import Located, as_list

_FUNCTION = "AWS::Lambda::Function"
_OF_ROLES = "AROA"


def may_be_session(references: References, holder: Holder, path: str, value: object) -> bool:
    """Whether somebody may ask in a session of this id: not where it is known to have another name.

    Args:
        references: Of the app.
        holder: The role or user.
        path: The template file in which the id stands.
        value: What `aws:userid` is compared with.
    """
    text = references.text(path, value)
    if not text.startswith(_OF_ROLES) or "${" in text:
        return True
    session = text.rpartition(":")[2]
    if holder.kind == USER:
        return False
    if holder.place is None:
        return True
    trusted = list(_trusted_services(references, holder.place))
    if not trusted or not all(trusted):
        return True
    if not any("lambda" in service for service in trusted):
        return False
    called = [name_of(references, function) for function in _functions(references, holder.place)]
    return not called or any("${" in each or fnmatchcase(session, each) for each in called)


def _trusted_services(references: References, role: Located) -> Iterator[str]:
    """Yield the services that may assume a role, and nothing at all for each that is none, or is unknown."""
    document = references.templates.properties(role).get("AssumeRolePolicyDocument", {})
    for statement in as_list(document.get("Statement") if isinstance(document, dict) else None):
        principals: Any = statement.get("Principal") if isinstance(statement, dict) else None
        if not isinstance(principals, dict) or set(principals) != {"Service"}:
            yield ""
            continue
        for service in as_list(principals["Service"]):
            text = references.text(role.template, service)
            yield "" if text.startswith("${") else text


def _functions(references: References, role: Located) -> Iterator[Located]:
    for place, resource in references.templates.resources(_FUNCTION, SERVERLESS_FUNCTION):
        if role in references.meant_by(place.template, resource.get("Properties", {}).get("Role")):
            yield place
