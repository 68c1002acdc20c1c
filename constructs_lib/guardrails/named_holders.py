"""Whether `aws:PrincipalArn` of the holder of an identity policy may be one of some names."""

import re

from constructs_lib.execution_policy.template_arns import generated_name
from constructs_lib.guardrails.common_matches import may_both_match
from constructs_lib.guardrails.deployed_stack import may_be_one
from constructs_lib.guardrails.identity_policies import USER, Holder
from constructs_lib.guardrails.names_of_resources import DRAWN
from constructs_lib.guardrails.references import References, references_in
from constructs_lib.guardrails.template_values import Located, flat

_ROLE = "AWS::IAM::Role"
_ARN = re.compile(r"arn:.+:iam::(.*):(role|user)/(.+)", re.DOTALL)
_PLACEHOLDER = "${}"
_UNKNOWN = re.compile(r"\$\{[^{}]*(\{.*\})?[^{}]*\}", re.DOTALL)  # with the JSON of an intrinsic function in it
_ACCOUNT = re.compile(r"\d{12}")
_LONGEST = 64  # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html


def may_be_called(references: References, holder: Holder, path: str, value: object) -> bool:
    """Whether a name in a policy may be that of a role or user: it is not only where both are known to differ.

    Args:
        references: Of the app.
        holder: The role or user.
        path: The template file in which the name stands.
        value: The name: an ARN, a pattern of ARNs, or an intrinsic function.
    """
    resolved = references.resolved(path, value)
    named = [each.place for each in references_in(resolved)]
    if named and "Fn::If" not in flat(resolved):
        return any(_may_be(references, holder, place) for place in named)
    found = None if named else _ARN.fullmatch(_with_tokens(flat(resolved)))
    if found is None:
        return True
    account, kind, name = found.groups()
    if (kind == "user") is not (holder.kind == USER):
        return False
    if not may_be_one(account if _ACCOUNT.fullmatch(account) else "", holder.account):
        return False
    return _may_be_name(name, *_path_and_name(references, holder))


def _may_be(references: References, holder: Holder, place: Located) -> bool:
    """Whether a resource that a policy names may be the holder, who may be imported by its name."""
    if place == holder.place:
        return True
    kind = references.templates.resource(place).get("Type", _ROLE)
    if kind not in {_ROLE, USER}:
        return True
    if holder.place is not None or kind != holder.kind:
        return False
    own, (_, imported) = _own_name(references, place), _path_and_name(references, holder)
    return may_both_match(own.replace(_PLACEHOLDER, "*"), imported.replace(_PLACEHOLDER, "*"))


def _path_and_name(references: References, holder: Holder) -> tuple[str, str]:
    """Return the path in IAM, empty if unknown, and the name, with `*` for what CloudFormation makes."""
    if holder.place is None:  # imported by its name, which says no path
        return "", _with_tokens(holder.name).rpartition("/")[2]
    properties = references.templates.properties(holder.place)
    path = references.text(holder.place.template, properties.get("Path", "/"))
    return _with_tokens(path), _own_name(references, holder.place)


def _own_name(references: References, place: Located) -> str:
    properties = references.templates.properties(place)
    given = properties.get("RoleName", properties.get("UserName"))
    if given is not None:
        return _with_tokens(references.text(place.template, given))
    stack = references.templates.stack(place.template).name
    if references.templates.is_nested(place.template):  # its own name begins with that of the outermost one
        return f"{stack}-*"
    return generated_name(stack, place.logical_id, _LONGEST)


def _may_be_name(pattern: str, path: str, name: str) -> bool:
    """Whether a role or user may be one of the names that a pattern means, which is behind `role/` in an ARN.

    What only the deployment knows may be anything.
    """
    sample = name.replace("*", DRAWN)  # nobody names such a random part in a pattern
    whole, called = pattern.replace(_PLACEHOLDER, "*"), sample.replace(_PLACEHOLDER, "*")
    if "*" not in pattern and "?" not in pattern:
        own = whole.rpartition("/")[2]
        return may_both_match(own, called) or may_both_match(own, name.replace(_PLACEHOLDER, "*"))
    if path:
        return may_both_match(whole, f"{path.replace(_PLACEHOLDER, '*')}{called}".lstrip("/"))
    return may_both_match(whole, called) or may_both_match(whole, f"*/{called}")


def _with_tokens(text: str) -> str:
    """Return a text with the same token for each part that only the deployment knows, which may be a whole function."""
    return _UNKNOWN.sub(lambda _: _PLACEHOLDER, text)
