"""The inventory of a whole app: from a cloud assembly to a page and to data."""

import json
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.certificate_inventory import CertificateInventory, certificate_inventory, main
from constructs_lib.errors import ConfigurationError
from tests.support.certificate_templates import certificate, distribution, from_stack, resource


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write an assembly of two Regions, in a Stage, as `cdk synth` does."""
    folder = tmp_path_factory.mktemp("cdk.out")
    stage = folder / "assembly-Production"
    stage.mkdir()
    role = {"PolicyDocument": {"Statement": {"Effect": "Allow", "Action": "acm:*", "Resource": "*"}}}
    edge = {"Cert": certificate(), "Role": resource("AWS::IAM::Role", Policies=[role])}
    shop = {"Site": distribution(from_stack("Edge", "Cert", "us-east-1"))}
    artifacts = {
        name: write_stack(stage, name, region, resources)
        for name, region, resources in (("Edge", "us-east-1", edge), ("Shop", "eu-central-1", shop))
    }
    write(stage / "manifest.json", {"artifacts": artifacts})
    nested = {"type": "cdk:cloud-assembly", "properties": {"directoryName": stage.name}}
    write(folder / "manifest.json", {"artifacts": {"Production": nested, "Tree": {"type": "cdk:tree"}}})
    return folder


def write_stack(folder: Path, name: str, region: str, resources: dict[str, Any]) -> dict[str, Any]:
    outputs = {f"Out{each}": {"Value": {"Ref": each}} for each in resources}
    write(folder / f"{name}.template.json", {"Resources": resources, "Outputs": outputs})
    return {
        "type": "aws:cloudformation:stack",
        "environment": f"aws://111122223333/{region}",
        "properties": {
            "templateFile": f"{name}.template.json",
            "stackName": name,
            "cloudFormationExecutionRoleArn": "arn:${AWS::Partition}:iam::111122223333:role/deployer",
        },
        "metadata": {
            f"/Production/{name}/{each}/Resource": [{"type": "aws:cdk:logicalId", "data": each}] for each in resources
        },
    }


def write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content))


@pytest.fixture(scope="module")
def inventory(assembly: Path) -> CertificateInventory:
    return certificate_inventory(assembly)


def test_certificates_of_stages_are_found_and_called_by_their_paths(inventory: CertificateInventory) -> None:
    ((found),) = inventory.certificates

    assert (found.path, found.region) == ("Production/Edge/Cert", "us-east-1")
    assert [use.path for use in found.uses] == ["Production/Shop/Site"]


def test_the_page_tells_who_may_delete_and_who_deploys(inventory: CertificateInventory) -> None:
    page = inventory.page(title="Certificates of the shop", beginning="Written by a test.")

    assert page.startswith("# Certificates of the shop\n\nWritten by a test.\n")
    assert "Production/Edge/Role<br>`deployer`, with which CloudFormation" in page


def test_the_data_are_plain(inventory: CertificateInventory) -> None:
    data = json.loads(json.dumps(inventory.as_data()))

    assert data["unread_managed_policies"] == {}
    assert data["certificates"][0]["origin"] == "issued by ACM"
    assert data["certificates"][0]["permitted"]["delete"] == [
        {"who": "Production/Edge/Role", "only_if": [], "after_tags": []}
    ]


def test_the_command_prints_a_page_or_data(assembly: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(assembly)])
    page = capsys.readouterr().out
    main([str(assembly), "--json"])
    data = json.loads(capsys.readouterr().out)

    assert page == certificate_inventory(assembly).page()
    assert data == certificate_inventory(assembly).as_data()


def test_refuses_a_folder_that_is_no_assembly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ConfigurationError, match="assembly must be a folder that 'cdk synth' wrote"):
        certificate_inventory(tmp_path)
    with pytest.raises(SystemExit) as stopped:
        main([str(tmp_path)])

    assert stopped.value.code == 1
    assert "assembly must be" in capsys.readouterr().err
