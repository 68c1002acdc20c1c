"""What findings and reports call resources and those who hold policies."""

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.identity_policies import Holder
from constructs_lib.guardrails.template_values import Located


def name_of(templates: CloudTemplates, place: Located) -> str:
    """Return the construct path of a resource, or its logical id with its stack.

    Args:
        templates: Of the app.
        place: The resource.
    """
    path = str(templates.resource(place).get("Metadata", {}).get("aws:cdk:path", ""))
    stack = templates.stack(place.template)
    return path.removesuffix("/Resource") or f"{place.logical_id} of stack {stack.path or stack.name}"


def name_of_holder(templates: CloudTemplates, holder: Holder, policy: Located) -> str:
    """Return the construct path of whoever holds a policy, or his name in IAM, or what holds which policy.

    Args:
        templates: Of the app.
        holder: Who holds it.
        policy: The policy.
    """
    if holder.place is None:
        only_deployed = "${{" in holder.name
        return f"the holder of {name_of(templates, policy)}" if only_deployed else holder.name
    return name_of(templates, holder.place)
