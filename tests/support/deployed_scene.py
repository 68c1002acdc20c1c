"""A scene on the embedded AWS: its stacks created by CloudFormation as the deployer, its callers real roles."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.credentials import Credentials

from tests.support.intent import Asker
from tests.support.literal_templates import Place
from tests.support.policy_judge import ALLOW_EVERYTHING, Caller
from tests.support.scene import PlayedScene

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

    from local_aws import LocalAws

_DEPLOYER = "cdk-hnb659fds-cfn-exec-role-{}-{}"


class DeployedScene:
    """The stacks of a scene that need no assets, deployed, and whoever can ask there."""

    def __init__(self, aws: "LocalAws", scene: PlayedScene) -> None:
        """Deploy.

        Args:
            aws: An embedded AWS with nothing in it.
            scene: What to deploy. Stacks of other accounts, those that need assets, and those that import from such,
                are left out; their roles are made by hand, with the names and policies of the templates.
        """
        self._aws = aws
        self._scene = scene
        self._iam = aws.session().client("iam")
        self._kms = aws.session(aws.administrator).client("kms")
        self._cloudformation = aws.session().client("cloudformation")
        self._physical_ids: dict[Place, str] = {}
        (everything,) = ALLOW_EVERYTHING["Statement"]
        name = _DEPLOYER.format(aws.account, aws.region)
        deployer = aws.create_role(name, everything, service="cloudformation.amazonaws.com")
        left_out = set(scene.built.accounts)
        for stack, template in scene.templates.items():
            if stack in left_out or _needs_assets(template) or _imports_from(left_out, template):
                left_out.add(stack)
            else:
                self._create(stack, deployer)
        self._deployed = set(scene.templates) - left_out
        self.key_id = self._physical(scene.built.key)
        self._key_arn = f"arn:aws:kms:{aws.region}:{aws.account}:key/{self.key_id}"

    def kms_as(self, asker: Asker) -> "KMSClient":
        """Return the KMS client, which is this caller's until somebody else asks.

        The caller's role is made or gets the caller's policies.
        """
        credentials = self._aws.assume(self._role(asker))
        # Making a client, and its connection, takes longer than all that one caller asks for.
        client: Any = self._kms
        client._request_signer._credentials = Credentials(
            credentials.access_key_id, credentials.secret_access_key, credentials.session_token
        )
        return self._kms

    def _create(self, stack: str, deployer: str) -> None:
        # What the CDK CLI would check before it deploys: a bootstrap stack, of which nothing is used here.
        template = {
            name: part for name, part in self._scene.templates[stack].items() if name not in {"Parameters", "Rules"}
        }
        client = self._cloudformation
        client.create_stack(
            StackName=stack,
            TemplateBody=json.dumps(template),
            RoleARN=deployer,
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        client.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig={"Delay": 1, "MaxAttempts": 30})

    def _physical(self, place: Place) -> str:
        if place not in self._physical_ids:
            stack, logical_id = place
            found = self._cloudformation.describe_stack_resource(StackName=stack, LogicalResourceId=logical_id)
            self._physical_ids[place] = found["StackResourceDetail"]["PhysicalResourceId"]
        return self._physical_ids[place]

    def _role(self, asker: Asker) -> str:
        name = self._name_of(asker.caller)
        try:
            arn = self._iam.get_role(RoleName=name)["Role"]["Arn"]
        except self._iam.exceptions.NoSuchEntityException:
            path = asker.caller.arn.partition(":role")[2].rpartition("/")[0] + "/"
            arn = self._aws.create_role(name, path=path)
        else:
            if asker.person and self._place_of(asker.caller):
                return arn  # with the policies that CloudFormation gave it
        for policy in self._iam.list_role_policies(RoleName=name)["PolicyNames"]:
            self._iam.delete_role_policy(RoleName=name, PolicyName=policy)
        for number, document in enumerate(asker.caller.policies):
            text = json.dumps({"Version": "2012-10-17", **document}).replace(self._scene.key.arn, self._key_arn)
            self._iam.put_role_policy(RoleName=name, PolicyName=f"policy-{number}", PolicyDocument=text)
        return arn

    def _name_of(self, caller: Caller) -> str:
        place = self._place_of(caller)
        return self._physical(place) if place else caller.arn.rpartition("/")[2]

    def _place_of(self, caller: Caller) -> Place | None:
        """Where a caller's role was deployed."""
        people: Mapping[str, Caller] = {
            each.asker.person: each.asker.caller for each in self._scene.decisions if each.asker.person
        }
        for name, place in self._scene.built.people.items():
            if people[name].arn == caller.arn and place[0] in self._deployed:
                return place
        return None


def _imports_from(stacks: set[str], template: Mapping[str, Any]) -> bool:
    text = json.dumps(template)
    return any(f'{{"Fn::ImportValue": "{stack}:' in text for stack in stacks)


def _needs_assets(template: Mapping[str, Any]) -> bool:
    return any(resource["Type"] == "AWS::Lambda::Function" for resource in template["Resources"].values())
