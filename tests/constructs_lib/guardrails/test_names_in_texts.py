"""What findings and reports call resources."""

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.deployed_stack import DeployedStack
from constructs_lib.guardrails.identity_policies import Holder
from constructs_lib.guardrails.names_in_texts import name_of, name_of_holder
from constructs_lib.guardrails.template_values import Located

RESOURCES = {
    "Role": {"Type": "AWS::IAM::Role", "Metadata": {"aws:cdk:path": "Orders/Reader/Resource"}},
    "Policy": {"Type": "AWS::IAM::Policy"},
}
TEMPLATES = CloudTemplates({"S": {"Resources": RESOURCES}}, {"S": DeployedStack(name="Orders", path="Stage/Orders")})
ROLE, POLICY = Located("S", "Role"), Located("S", "Policy")


def test_a_resource_is_called_by_its_path_or_by_its_logical_id() -> None:
    assert name_of(TEMPLATES, ROLE) == "Orders/Reader"
    assert name_of(TEMPLATES, POLICY) == "Policy of stack Stage/Orders"


def test_a_holder_is_called_by_its_path_or_its_name_or_what_it_holds() -> None:
    assert name_of_holder(TEMPLATES, Holder("AWS::IAM::Role", ROLE), POLICY) == "Orders/Reader"
    assert name_of_holder(TEMPLATES, Holder("AWS::IAM::Role", name="Reader"), POLICY) == "Reader"
    assert (
        name_of_holder(TEMPLATES, Holder("AWS::IAM::Role", name="${{x}}"), POLICY)
        == "the holder of Policy of stack Stage/Orders"
    )
