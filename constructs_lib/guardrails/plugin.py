"""KeyGuardrails: the rules as a validation plugin, which every key of this library brings to its app.

Findings about keys and secrets are fatal: they cannot be acknowledged, since each means a deployment or a call that
fails, or a permission that nobody checked. https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import aws_cdk as cdk
import jsii

from constructs_lib.guardrails import certificate_findings, secret_findings
from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.cycles import cycle_through
from constructs_lib.guardrails.duplicate_aliases import duplicate_aliases
from constructs_lib.guardrails.envelope_keys_elsewhere import REMEDY, envelope_keys_elsewhere
from constructs_lib.guardrails.guarded_key import GuardedKey
from constructs_lib.guardrails.keys_of_another_region import KeyFromAfar, keys_of_another_region
from constructs_lib.guardrails.keys_of_services import Misuse, misused_keys
from constructs_lib.guardrails.names_in_texts import name_of, name_of_holder
from constructs_lib.guardrails.template_values import Located
from constructs_lib.guardrails.unadmitted_creators import unadmitted_creators
from constructs_lib.guardrails.unadmitted_rotations import UnadmittedRotation, unadmitted_rotations
from constructs_lib.guardrails.unadmitted_services import Unadmitted, unadmitted_services
from constructs_lib.guardrails.unchecked_keys import KnownTexts, unchecked_keys
from constructs_lib.guardrails.use_without_key_policy import uses_without_key_policy
from constructs_lib.guardrails.violation import violation
from constructs_lib.taking_back import is_taken_back

if TYPE_CHECKING:
    from constructs import IConstruct

    from constructs_lib.guardrails.unchecked_secret_policies import CheckedSecretPolicy

_PLUGIN = "_cdk_key_management_guardrails"

UNGRANTED_USE = "UseWithoutKeyPolicy"
UNCHECKED_POLICY = "UncheckedKeyPolicy"
UNADMITTED_SERVICE = "UnadmittedService"
UNADMITTED_CREATOR = "UnadmittedCreator"
CYCLE = "CycleThroughKey"
WRONG_KIND = "KeyOfWrongKind"
WRONG_REGION = "KeyOfAnotherRegion"
DUPLICATE_ALIAS = "DuplicateAlias"
ENVELOPE_KEY = "EnvelopeKeyElsewhere"
_OF_USE = (UNGRANTED_USE, UNADMITTED_SERVICE, UNADMITTED_CREATOR, WRONG_KIND)
_OF_KEYS = (*_OF_USE, UNCHECKED_POLICY, CYCLE, DUPLICATE_ALIAS, ENVELOPE_KEY)


def guard(root: "IConstruct", key: GuardedKey) -> None:
    """Have a key's app validated by the guardrails."""
    guard_app(root).keys.append(key)


def guard_app(root: "IConstruct") -> "KeyGuardrails":
    """Have an app validated by the guardrails, whether or not it has a key of this library.

    Args:
        root: The app.
    """
    plugin: KeyGuardrails | None = getattr(root, _PLUGIN, None)
    if plugin is None:
        plugin = KeyGuardrails()
        plugin.is_taken_back = is_taken_back(root)
        setattr(root, _PLUGIN, plugin)
        cdk.Validations.of(root).add_plugins(plugin)
    return plugin


def guard_certificates(scope: "IConstruct") -> None:
    """Have the certificates of an app, and what serves them, validated by the guardrails.

    Args:
        scope: A construct of the app.
    """
    guard_app(scope.node.root).guards_certificates = True


@jsii.implements(cdk.IPolicyValidationPlugin)
class KeyGuardrails:
    """Holds the keys and secrets of an app and checks their templates after synthesis."""

    def __init__(self) -> None:
        """Start without keys and secrets."""
        self.keys: list[GuardedKey] = []
        self.secret_policies: list[CheckedSecretPolicy] = []
        self.is_taken_back = False
        self.guards_certificates = False

    @property
    def name(self) -> str:
        """How findings are headed."""
        return "Key Management"

    @property
    def version(self) -> str:
        """The version of the rules."""
        return "1"

    @property
    def rule_ids(self) -> list[str]:
        """The names of the rules."""
        return [*_OF_KEYS, *secret_findings.RULES, *certificate_findings.RULES]

    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        """Check the templates of the app.

        Args:
            context: Where the CDK wrote them.
        """
        templates = CloudTemplates.read(context.template_paths)
        files = {Path(path).name: path for path in templates.by_path}
        keys: dict[Located, GuardedKey] = {}
        known: KnownTexts = {}
        violations: list[cdk.PolicyViolation] = []
        for key in self.keys:
            file, logical_id = key.place(known)
            place = Located(files.get(file, file), logical_id)
            if file in files and templates.resource(place):
                keys[place] = key
            else:
                violations.append(_unread(place, key))
        misused = misused_keys(templates, keys)
        wrong = {found.key for found in misused}
        afar = keys_of_another_region(templates, keys)
        far = {(found.place.template, found.key) for found in afar}
        whole = {place: key for place, key in keys.items() if not key.is_taken_back}
        usable = {place: key for place, key in whole.items() if place not in wrong}
        violations += [
            *_unchecked(templates, keys, known),
            *_cycles(templates, keys),
            *_ungranted(templates, whole),
            *_unadmitted(templates, usable, far),
            *_uncreated(templates, usable, far),
            *(_misuse(WRONG_KIND, templates, keys, found) for found in misused),
            *(_misuse(WRONG_REGION, templates, keys, found) for found in afar),
            *_duplicates(templates),
            *_enveloping(templates, keys),
            *secret_findings.policies_of_secrets(templates, self.secret_policies),
            *([] if self.is_taken_back else secret_findings.denied(templates)),
            *(certificate_findings.certificates(templates) if self.guards_certificates else []),
        ]
        return cdk.PolicyValidationPluginReport(success=not violations, violations=violations)


def _unread(place: Located, key: GuardedKey) -> cdk.PolicyViolation:
    return violation(
        UNCHECKED_POLICY,
        place,
        f"{key.path} is not in the templates of the assembly, so nothing has checked what is deployed",
        f"have the synthesizer of its stack list {Path(place.template).name} as an asset, and leave the key in it",
    )


def _unchecked(
    templates: CloudTemplates, keys: dict[Located, GuardedKey], known: KnownTexts
) -> Iterator[cdk.PolicyViolation]:
    for found in unchecked_keys(templates, keys, known):
        changed = f"{found.what} changed past the construct, so nothing has checked it"
        yield violation(UNCHECKED_POLICY, found.place, changed, found.remedy)


def _cycles(templates: CloudTemplates, keys: dict[Located, GuardedKey]) -> Iterator[cdk.PolicyViolation]:
    known: dict[str, dict[str, list[str]]] = {template: {} for template in templates.by_path}
    for place, key in keys.items():
        resources = templates.by_path[place.template]["Resources"]
        cycle = cycle_through(resources, place.logical_id, known[place.template])
        if cycle:
            yield violation(
                CYCLE,
                place,
                f"{key.path} and what it encrypts wait for each other: {' -> '.join(cycle)}",
                "break the circle with a literal name, another key, or a role without inline policies",
            )


def _ungranted(templates: CloudTemplates, keys: dict[Located, GuardedKey]) -> Iterator[cdk.PolicyViolation]:
    for use in uses_without_key_policy(templates, keys):
        who = name_of_holder(templates, use.holder, use.policy)
        yield violation(
            UNGRANTED_USE,
            use.policy,
            f"IAM allows {who} {', '.join(use.missing)} with {keys[use.key].path}, whose key policy does not",
            use.remedy(who),
        )


def _unadmitted(
    templates: CloudTemplates, keys: dict[Located, GuardedKey], far: set[tuple[str, Located]]
) -> Iterator[cdk.PolicyViolation]:
    every: list[Unadmitted | UnadmittedRotation] = [*unadmitted_services(templates, keys)]
    for found in (*every, *unadmitted_rotations(templates, keys)):
        if (found.place.template, found.key) in far:  # to be let in would not help
            continue
        yield violation(
            UNADMITTED_SERVICE,
            found.place,
            f"{name_of(templates, found.place)} has {found.who} use {keys[found.key].path}, whose key policy does not "
            "admit it",
            found.remedy,
        )


def _uncreated(
    templates: CloudTemplates, keys: dict[Located, GuardedKey], far: set[tuple[str, Located]]
) -> Iterator[cdk.PolicyViolation]:
    for found in unadmitted_creators(templates, keys):
        if (found.place.template, found.key) in far:
            continue
        yield violation(
            UNADMITTED_CREATOR,
            found.place,
            f"{name_of(templates, found.place)} is created with {keys[found.key].path} through {found.service}, and "
            f"the key policy does not give its deployer {', '.join(found.missing)}",
            found.remedy,
        )


def _misuse(
    rule: str, templates: CloudTemplates, keys: dict[Located, GuardedKey], found: Misuse | KeyFromAfar
) -> cdk.PolicyViolation:
    return violation(
        rule,
        found.place,
        f"{name_of(templates, found.place)} uses {keys[found.key].path}, which is {found.got}: {found.needs}",
        found.remedy,
    )


def _duplicates(templates: CloudTemplates) -> Iterator[cdk.PolicyViolation]:
    for found in duplicate_aliases(templates):
        both = " and ".join(name_of(templates, place) for place in (found.first, found.second))
        said = f"{both} are {found.name} in one account and Region, which has an alias once"
        yield violation(DUPLICATE_ALIAS, found.second, said, "give one of them another name, or take it away")


def _enveloping(templates: CloudTemplates, keys: dict[Located, GuardedKey]) -> Iterator[cdk.PolicyViolation]:
    for found in envelope_keys_elsewhere(templates):
        ours = keys.get(found.key) if found.key else None
        key = ours.path if ours else name_of(templates, found.key) if found.key else found.arn
        said = f"{name_of(templates, found.place)} is encrypted under {key}, the envelope key of "
        yield violation(ENVELOPE_KEY, found.place, said + name_of(templates, found.function), REMEDY)
