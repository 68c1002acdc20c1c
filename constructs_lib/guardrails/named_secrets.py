"""Which secrets a resource of an IAM statement names: by a reference, by an ARN, or by the pattern of one name."""

import re
from fnmatch import fnmatchcase

from constructs_lib.errors import ConfigurationError
from constructs_lib.guardrails.names_of_resources import DRAWN, DRAWN_BY_SECRETS_MANAGER, name_of
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.secret_policies import SECRET, SecretPolicies
from constructs_lib.guardrails.template_values import Located
from constructs_lib.principals import arn_parts

# A reference is the whole ARN, or the name in one; behind it stand wildcards for the suffix at most.
_BY_REFERENCE = re.compile(r"(arn:.*:secretsmanager:.*:secret:)?\$\{.*\}[-?*]*", re.DOTALL)
_SUFFIX = re.compile(r"-([A-Za-z0-9?]{6}|\*)")
_LITERAL_SUFFIX, _ANY_SUFFIX = re.compile(r"-[A-Za-z0-9?]{6}$"), "-??????"
_PREFIX = "secret:"


class NamedSecrets:
    """The secrets of an app's templates by name."""

    def __init__(self, references: References, policies: SecretPolicies) -> None:
        """Find the secrets.

        Args:
            references: Of the app.
            policies: Of its secrets.
        """
        self._references = references
        self._policies = policies
        self._names = {place: name_of(references, place) for place, _ in references.templates.resources(SECRET)}

    def named_by(self, path: str, resource: object) -> list[Located]:
        """Return the secret that a resource means, and any other that it may mean as well; none for a family of them.

        Args:
            path: The template file in which the statement stands.
            resource: A string or an intrinsic function.
        """
        text = self._references.text(path, resource)
        meant = self._policies.meant_by(path, resource)
        if meant:
            return meant if _BY_REFERENCE.fullmatch(text) else []
        try:
            _, _, service, region, account, named = arn_parts(text)
        except ConfigurationError:
            return []
        if service != "secretsmanager" or not named.startswith(_PREFIX) or "${" in named:
            return []
        pattern, region, account = named.removeprefix(_PREFIX), _known(region), _known(account)
        here = [
            place
            for place, name in self._names.items()
            if _covers(pattern, name) and self._references.templates.stack(place.template).may_be_in(account, region)
        ]
        return here if any(_means(pattern, self._names[place]) for place in here) else []


def _means(pattern: str, name: str) -> bool:
    """Whether a pattern is that of one name, which may have `*` for what CloudFormation draws."""
    before, drawn, _ = name.partition("*")
    behind = pattern.removeprefix(before)
    if not pattern.startswith(before):
        return False
    return "*" in behind if drawn else _SUFFIX.fullmatch(behind) is not None


def _covers(pattern: str, name: str) -> bool:
    sample = f"{name.replace('*', DRAWN)}-{DRAWN_BY_SECRETS_MANAGER}"
    return fnmatchcase(sample, _LITERAL_SUFFIX.sub(_ANY_SUFFIX, pattern))


def _known(text: str) -> str:
    return "" if "${" in text or "*" in text else text
