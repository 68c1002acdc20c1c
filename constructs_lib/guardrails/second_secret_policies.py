"""Rule: one of our secrets has one resource policy, the construct's.

Secrets Manager keeps one for each secret, so a second one replaces it, or is replaced, as the deployments come: who is
kept from reading may read again, and no deployment fails for certain. https://github.com/aws/aws-cdk/issues/24383
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html

Such a policy names the secret by a reference, by an attachment of it, by its ARN with or without the six characters at
its end, or by its name. What only the deployment knows is no finding: a parameter, or a name that the secret of another
account or Region may have as well.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from constructs_lib.errors import ConfigurationError
from constructs_lib.guardrails.names_of_resources import name_of
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.secret_policies import POLICY, SecretPolicies
from constructs_lib.guardrails.template_values import Located
from constructs_lib.principals import arn_parts

REMEDY = (
    "take it away and give its statements to the secret, with secret.add_to_resource_policy(...); who is to read, "
    "write or administer it is let in by its grants"
)
_SUFFIX = "-??????"


@dataclass(frozen=True)
class SecondSecretPolicy:
    """A resource policy of a secret that has the policy of its construct.

    Attributes:
        place: The policy.
        secret: The secret.
    """

    place: Located
    secret: Located


def second_secret_policies(references: References, ours: Collection[Located]) -> Iterator[SecondSecretPolicy]:
    """Yield the policies that others wrote for our secrets.

    Args:
        references: Of the app.
        ours: Where the policies of our secrets stand.
    """
    policies, templates = SecretPolicies(references), references.templates
    written = {place: resource.get("Properties", {}).get("SecretId") for place, resource in templates.resources(POLICY)}
    secrets = {
        secret: name_of(references, secret)
        for place in ours
        for secret in policies.meant_by(place.template, written.get(place))
    }
    for place, value in written.items():
        if place not in ours:
            meant = policies.meant_by(place.template, value)
            known = meant or _named_by(references, place, value, secrets)
            yield from (SecondSecretPolicy(place, secret) for secret in known if secret in secrets)


def _named_by(references: References, place: Located, value: object, secrets: dict[Located, str]) -> list[Located]:
    """Return the secrets that a policy certainly names by a text: an ARN, or a name in its own account and Region."""
    text, region, account = references.text(place.template, value), "", ""
    suffixes = [""]
    if text.startswith("arn:"):
        try:
            _, _, _, region, account, text = arn_parts(text)
        except ConfigurationError:
            return []
        text, suffixes = text.removeprefix("secret:"), ["", _SUFFIX]
    here = references.templates.stack(place.template)
    asked = (_known(account) or here.account, _known(region) or here.region)
    found = []
    for secret, name in secrets.items():
        there = references.templates.stack(secret.template)
        is_there = asked == (there.account, there.region) and (all(asked) or here == there)
        if is_there and any(fnmatchcase(text, name + suffix) for suffix in suffixes):
            found.append(secret)
    return found


def _known(text: str) -> str:
    return "" if "${" in text else text
