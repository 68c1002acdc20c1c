from typing import Any

import pytest

from constructs_lib.execution_policy.cloud_assembly import CloudAssembly, DeployedTemplate
from constructs_lib.execution_policy.template_arns import Place, TemplateArns

ROLE = {"Type": "AWS::IAM::Role", "Properties": {"Path": "/team/"}}
NAMED = {"Type": "AWS::IAM::Role", "Properties": {"RoleName": {"Fn::Sub": "reader-${AWS::Region}"}}}
FUNCTION = {"Type": "AWS::Lambda::Function", "Properties": {}}
PARAMETER = {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/app/setting"}}
HERE = "arn:aws:iam::111122223333:role"


@pytest.fixture
def arns() -> TemplateArns:
    resources = {"Role": ROLE, "Named": NAMED, "Function": FUNCTION, "Setting": PARAMETER}
    other = DeployedTemplate(stack_name="Other", template={"Resources": {"Role": ROLE}})
    here = DeployedTemplate(stack_name="Stack", template={"Resources": resources})
    exports = {"Other:Role": (other, {"Fn::GetAtt": ["Role", "Arn"]})}
    assembly = CloudAssembly(templates=(here, other), exports=exports)
    return TemplateArns(assembly, here, "Function", Place(region="eu-west-1", account="111122223333"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Fn::GetAtt": ["Role", "Arn"]}, [f"{HERE}/team/Stack-Role-*"]),
        ({"Ref": "Named"}, [f"{HERE}/reader-eu-west-1"]),
        ([{"Ref": "Role"}, {"Ref": "Named"}], [f"{HERE}/team/Stack-Role-*", f"{HERE}/reader-eu-west-1"]),
        ({"Fn::ImportValue": "Other:Role"}, [f"{HERE}/team/Other-Role-*"]),
        ({"Fn::ImportValue": "unknown"}, [f"{HERE}/*"]),
        ({"Ref": "AWS::NoValue"}, []),
        ({"Fn::If": ["C", {"Ref": "Named"}, {"Ref": "AWS::NoValue"}]}, [f"{HERE}/reader-eu-west-1"]),
        ("literal", [f"{HERE}/literal"]),
        (f"{HERE}/by/arn", [f"{HERE}/by/arn"]),
        (
            {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/", "P"]]},
            ["arn:aws:iam::aws:policy/P"],
        ),
        ({"Fn::Sub": "${Named}-${Unknown}"}, [f"{HERE}/reader-eu-west-1-*"]),
        ({"Ref": "AParameter"}, [f"{HERE}/*"]),
    ],
)
def test_a_reference_to_a_role_becomes_its_arn(arns: TemplateArns, value: Any, expected: list[str]) -> None:
    assert list(arns.referred(value, "AWS::IAM::Role")) == expected


def test_a_resource_knows_its_own_arn(arns: TemplateArns) -> None:
    setting = TemplateArns(arns.assembly, arns.where, "Setting", arns.place)

    assert arns.own() == ["arn:aws:lambda:eu-west-1:111122223333:function:Stack-Function-*"]
    assert setting.own() == ["arn:aws:ssm:eu-west-1:111122223333:parameter/app/setting"]
