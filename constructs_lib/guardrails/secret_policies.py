"""What the resource policies of our secrets deny for certain: to whom, and whatever IAM allows him.

Such a policy is known by its statement `DenyOthersReading`. Each Deny is read as what it is, whatever its Sid, and
holds for certain only if each of its conditions does: one that says anything but whom it spares by `aws:PrincipalArn`
or by the session of a function may be false.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from constructs_lib.guardrails.identity_policies import Holder
from constructs_lib.guardrails.named_holders import may_be_called
from constructs_lib.guardrails.named_sessions import may_be_session
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.template_values import Located, as_list
from constructs_lib.principals import PRINCIPAL_ARN

SECRET = "AWS::SecretsManager::Secret"  # noqa: S105  # a type of resource
_ATTACHMENT = "AWS::SecretsManager::SecretTargetAttachment"
POLICY = "AWS::SecretsManager::ResourcePolicy"
_OURS = "DenyOthersReading"
_ARN_IS_NONE_OF = frozenset({"ArnNotEquals", "ArnNotLike", "StringNotEquals", "StringNotLike"})
_USER_ID = "aws:userid"
_ID_IS_NONE_OF = frozenset({"StringNotEquals", "StringNotLike"})


class SecretPolicies:
    """The Deny statements of our secrets, as far as they are in the templates whatever is deployed."""

    def __init__(self, references: References) -> None:
        """Find our secrets.

        Args:
            references: Of the app.
        """
        self._references = references
        self._denials: dict[Located, list[tuple[str, Mapping[str, Any]]]] = {}
        for place, resource in references.templates.resources(POLICY):
            properties = resource.get("Properties", {})
            denials = list(_denials(properties.get("ResourcePolicy")))
            if "Condition" in resource or not any(each.get("Sid") == _OURS for each in denials):
                continue
            for secret in self.meant_by(place.template, properties.get("SecretId")):
                self._denials[secret] = [(place.template, each) for each in denials]

    @property
    def is_empty(self) -> bool:
        """Whether none of our secrets is in the templates."""
        return not self._denials

    def meant_by(self, path: str, value: object) -> list[Located]:
        """Return the secrets that a value refers to, by themselves or by their attachments.

        Args:
            path: The template file in which the value stands.
            value: A string or an intrinsic function.
        """
        found = []
        for place in self._references.meant_by(path, value):
            resource = self._references.templates.resource(place)
            if resource.get("Type") == _ATTACHMENT:
                found += self.meant_by(place.template, resource.get("Properties", {}).get("SecretId"))
            elif resource.get("Type") == SECRET:
                found.append(place)
        return found

    def deny(self, secret: Located, action: str, holder: Holder) -> bool:
        """Whether a secret is one of ours, and its policy denies a role or user an action for certain.

        Args:
            secret: The secret.
            action: An action of Secrets Manager.
            holder: The role or user.
        """
        return any(
            _covers(denial, action)
            and all(
                self._holds(path, operator, name, values, holder)
                for operator, names in denial.get("Condition", {}).items()
                for name, values in names.items()
            )
            for path, denial in self._denials.get(secret, ())
        )

    def _holds(self, path: str, operator: str, name: str, values: object, holder: Holder) -> bool:
        compared, key = operator.removesuffix("IfExists"), name.lower()
        if key == PRINCIPAL_ARN.lower() and compared in _ARN_IS_NONE_OF:
            return not any(may_be_called(self._references, holder, path, each) for each in as_list(values))
        if key == _USER_ID and compared in _ID_IS_NONE_OF:
            return not any(may_be_session(self._references, holder, path, each) for each in as_list(values))
        return False


def _denials(document: object) -> Iterator[Mapping[str, Any]]:
    """Yield what is denied to everybody, except what a condition of the template may leave out."""
    statements = document.get("Statement", []) if isinstance(document, dict) else []
    for each in statements if isinstance(statements, list) else [statements]:
        if not isinstance(each, dict) or each.get("Effect") != "Deny" or each.get("Resource") != "*":
            continue
        if each.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]}):
            yield each


def _covers(denial: Mapping[str, Any], action: str) -> bool:
    given = denial.get("Action", [])
    named = given if isinstance(given, list) else [given]
    return any(isinstance(each, str) and fnmatchcase(action.lower(), each.lower()) for each in named)
