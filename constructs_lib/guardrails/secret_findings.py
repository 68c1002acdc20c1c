"""What the rules about secrets find, as the CDK reports it."""

from collections.abc import Iterable, Iterator

import aws_cdk as cdk

from constructs_lib.guardrails import second_secret_policies as second
from constructs_lib.guardrails import unchecked_secret_policies as unchecked
from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.denied_secrets import denied_secrets
from constructs_lib.guardrails.names_in_texts import name_of, name_of_holder
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.violation import violation

DENIED = "DeniedBySecret"
SECOND_POLICY = "SecondSecretPolicy"
UNCHECKED_POLICY = "UncheckedSecretPolicy"
RULES = (DENIED, SECOND_POLICY, UNCHECKED_POLICY)


def policies_of_secrets(
    templates: CloudTemplates, policies: Iterable[unchecked.CheckedSecretPolicy]
) -> Iterator[cdk.PolicyViolation]:
    """Yield what is wrong with the resource policies of our secrets.

    Args:
        templates: Of the app.
        policies: As their constructs wrote them.
    """
    places = unchecked.places_of(templates, policies)
    for changed in unchecked.unchecked_secret_policies(templates, places):
        yield violation(UNCHECKED_POLICY, changed.place, changed.what, unchecked.REMEDY)
    for found in second.second_secret_policies(References(templates), places):
        said = f"{name_of(templates, found.place)} is a second resource policy of {name_of(templates, found.secret)}"
        why = "which has one: whichever is deployed last takes the place of the other"
        yield violation(SECOND_POLICY, found.place, f"{said}, {why}", second.REMEDY)


def denied(templates: CloudTemplates) -> Iterator[cdk.PolicyViolation]:
    """Yield what IAM allows in vain.

    Args:
        templates: Of the app.
    """
    for found in denied_secrets(templates):
        who, secret = name_of_holder(templates, found.holder, found.policy), name_of(templates, found.secret)
        said = f"IAM allows {who} {', '.join(found.actions)} on {secret}, whose own policy denies it"
        yield violation(DENIED, found.policy, said, found.remedy(who))
