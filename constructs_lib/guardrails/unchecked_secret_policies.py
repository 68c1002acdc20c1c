"""Rule: the resource policy of one of our secrets is in its template as the construct wrote it, whatever is deployed.

Without it IAM alone would say who reads the secret, and nothing else would show that.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-resourcepolicy.html
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.secret_policies import POLICY
from constructs_lib.guardrails.template_values import Located

REMEDY = "use the secret's people, its grants or secret.add_to_resource_policy(...) instead"


class CheckedSecretPolicy(Protocol):
    """The resource policy of a secret, which the secret's construct checked."""

    @property
    def path(self) -> str:
        """The construct path of the secret."""

    @property
    def template_file(self) -> str:
        """The name of the template file that has the policy."""

    def checked(self) -> tuple[str, Mapping[str, Any]]:
        """Return the logical id of the policy and its properties, as the template must write them."""


@dataclass(frozen=True)
class UncheckedSecretPolicy:
    """A resource policy of which a template says what its construct did not.

    Attributes:
        place: The policy.
        what: What is wrong with it.
    """

    place: Located
    what: str


def places_of(
    templates: CloudTemplates, policies: Iterable[CheckedSecretPolicy]
) -> dict[Located, tuple[CheckedSecretPolicy, Mapping[str, Any]]]:
    """Return where these policies must stand, each with what it must say.

    Args:
        templates: Of the app.
        policies: Of our secrets.
    """
    files = {Path(path).name: path for path in templates.by_path}
    places = {}
    for policy in policies:
        logical_id, properties = policy.checked()
        places[Located(files.get(policy.template_file, policy.template_file), logical_id)] = policy, properties
    return places


def unchecked_secret_policies(
    templates: CloudTemplates, places: Mapping[Located, tuple[CheckedSecretPolicy, Mapping[str, Any]]]
) -> Iterator[UncheckedSecretPolicy]:
    """Yield what was changed past the constructs of these secrets.

    Args:
        templates: Of the app.
        places: Where their policies must stand, each with what it must say.
    """
    for place, (policy, properties) in places.items():
        resource = templates.resource(place) if place.template in templates.by_path else {}
        if resource.get("Type") != POLICY:
            yield UncheckedSecretPolicy(place, f"the resource policy of {policy.path} is not in its template")
        elif "Condition" in resource:
            what = f"the resource policy of {policy.path} is deployed under the condition {resource['Condition']} only"
            yield UncheckedSecretPolicy(place, what)
        else:
            said = resource.get("Properties", {})
            changed = [name for name in sorted({*said, *properties}) if said.get(name) != properties.get(name)]
            if changed:
                what = f"{' and '.join(changed)} of the resource policy of {policy.path} changed past the construct"
                yield UncheckedSecretPolicy(place, what)
