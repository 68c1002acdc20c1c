"""Rule: what a template says of one of our keys is what the construct wrote, as far as guards and checks rely on it.

That is the key policy, and the few properties by which a template goes past the guards and settings of its own key.
Left out, a property means what CloudFormation takes for it.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.template_values import Located

KnownTexts = dict[str, dict[str, Any]]
"""By stack, what texts with tokens became in its template; asking the CDK for each key anew takes long."""

# Property to the argument of the L1 key, and what CloudFormation takes where it is left out.
_SETTINGS: Mapping[str, tuple[str, object]] = {
    "BypassPolicyLockoutSafetyCheck": ("bypass_policy_lockout_safety_check", False),
    "EnableKeyRotation": ("enable_key_rotation", False),
    "PendingWindowInDays": ("pending_window_in_days", 30),
    "RotationPeriodInDays": ("rotation_period_in_days", 365),
}


class CheckedKey(Protocol):
    """A key whose constructor checked what its template says."""

    @property
    def path(self) -> str:
        """Its construct path."""

    @property
    def checked_settings(self) -> Mapping[str, object]:
        """The arguments that its L1 key was made with, as far as they are known without asking the CDK."""

    def checked_policy(self, known: KnownTexts) -> dict[str, Any]:
        """Return the key policy that passed the checks, as its template must write it.

        Args:
            known: What other keys asked already.
        """


@dataclass(frozen=True)
class Unchecked:
    """What a template says of a key and its construct did not.

    Attributes:
        place: The key.
        what: The key policy or a property, with what it is now.
        remedy: What helps.
    """

    place: Located
    what: str
    remedy: str


def unchecked_keys(
    templates: CloudTemplates, keys: Mapping[Located, CheckedKey], known: KnownTexts
) -> Iterator[Unchecked]:
    """Yield what was changed past the constructs of these keys.

    Args:
        templates: All of the app.
        keys: Those that are in them.
        known: What keys asked already.
    """
    for place, key in keys.items():
        properties = templates.properties(place)
        if properties.get("KeyPolicy") != key.checked_policy(known):
            yield Unchecked(
                place,
                f"the key policy of {key.path} was",
                "use the construct's people, grant or add_to_resource_policy instead of an override",
            )
        for name, (argument, left_out) in _SETTINGS.items():
            wrote, says = key.checked_settings.get(argument, left_out), properties.get(name, left_out)
            if says != wrote:
                yield Unchecked(
                    place,
                    f"{name} of {key.path} is {says}, not {wrote}: it was",
                    "use the construct's settings instead of an override, or leave the property alone",
                )
