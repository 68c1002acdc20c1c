"""An imported certificate, deployed: what becomes of each value that is put, and what the function may not do."""

import json
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws
from tests.support.import_app import NAME
from tests.support.import_scene import FURTHER_NAME, ImportScene
from tests.support.made_certificates import Template, made
from tests.support.session_assets import SessionAssets
from tests.support.tls_server import connect, tls_server

pytestmark = pytest.mark.deploy


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, session_assets: SessionAssets) -> Iterator[ImportScene]:
    with LocalAws() as aws:
        yield ImportScene(aws, tmp_path_factory.mktemp("import"), session_assets)


def test_a_deployment_before_there_is_a_value_says_who_puts_what_and_can_be_repeated(scene: ImportScene) -> None:
    (failure,) = scene.too_early.failures

    assert scene.too_early.status == "CREATE_FAILED"
    assert "must exist and have a value that is labelled AWSCURRENT, got none: whoever may write it puts" in failure
    assert "certificate, private_key and certificate_chain, each in PEM" in failure
    assert scene.shop["CertificateArn"].startswith(f"arn:aws:acm:{scene.aws.region}:{scene.aws.account}:certificate/")


def test_what_is_put_is_served_under_the_same_arn_and_what_is_wrong_is_not(scene: ImportScene, tmp_path: Path) -> None:
    good, root = scene.leaf(), scene.authorities.root.pem

    scene.put(good)
    scene.wait_until_served(good)
    with tls_server(tmp_path, chain="".join(scene.served()).encode(), private_key=good.key_pem().encode()) as port:
        taken = connect(port, NAME, root_pem=root)
        with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
            connect(port, "bank.example.com", root_pem=root)
        with pytest.raises(ssl.SSLCertVerificationError, match="unable to get local issuer certificate"):
            connect(port, NAME, root_pem=made(Template.authority("Stranger")).pem)
    scene.put(scene.leaf(), key=scene.leaf(key="RSA-2048"))
    refused = json.loads(scene.wait_for_log('"error": "private_key'))
    line = json.loads(scene.wait_for_log('"ImportRefused": 1'))

    assert taken["subjectAltName"] == (("DNS", NAME), ("DNS", FURTHER_NAME))
    assert refused["message"] == "import: CertificateRefused"
    assert (line["CertificateArn"], line["Imported"]) == (scene.shop["CertificateArn"], 0)
    assert scene.served()[0].strip() == good.pem.strip()


def test_other_names_are_met_before_they_are_accepted_and_the_arn_stays(scene: ImportScene) -> None:
    one, both = scene.leaf(NAME), scene.leaf()
    scene.put(one)
    scene.wait_until_served(one)

    refused = scene.update(NAME, FURTHER_NAME)
    kept = scene.served()[0]
    scene.put(both)
    scene.wait_until_served(both)
    accepted = scene.update(NAME, FURTHER_NAME)

    assert refused.status == "UPDATE_ROLLBACK_COMPLETE"
    assert f"certificate must cover {FURTHER_NAME}" in refused.failures[-1]
    assert kept.strip() == one.pem.strip()
    assert (accepted.status, accepted.outputs["CertificateArn"]) == ("UPDATE_COMPLETE", scene.shop["CertificateArn"])
    assert scene.served()[0].strip() == both.pem.strip()


def test_refuses_the_function_another_secret_and_another_certificate(scene: ImportScene) -> None:
    other = scene.leaf("bank.example.com")
    given = {"Certificate": other.pem.encode(), "PrivateKey": other.key_pem().encode()}
    acm, secrets = scene.as_function("acm"), scene.as_function("secretsmanager")
    neighbour = scene.import_for_somebody_else(other)

    assert secrets.get_secret_value(SecretId=scene.vault["SecretArn"])["SecretString"]
    with pytest.raises(ClientError, match="GetSecretValue"):
        secrets.get_secret_value(SecretId=scene.vault["NeighbourArn"])
    for call, said in (
        (acm.import_certificate, {"CertificateArn": neighbour, **given}),
        (acm.import_certificate, given),
        (acm.import_certificate, {**given, "Tags": [{"Key": "team", "Value": "shop"}]}),
        (acm.delete_certificate, {"CertificateArn": neighbour}),
        (acm.get_certificate, {"CertificateArn": neighbour}),
        (acm.describe_certificate, {"CertificateArn": neighbour}),
    ):
        with pytest.raises(ClientError, match="not authorized to perform: acm:"):
            call(**said)
    assert acm.describe_certificate(CertificateArn=scene.shop["CertificateArn"])["Certificate"]["Type"] == "IMPORTED"


def test_refuses_an_event_that_somebody_wrote_for_another_stack_or_another_host(scene: ImportScene) -> None:
    before, nowhere = scene.certificates(), f"{scene.aws.endpoint_url}/_ministack/cfn-response/nobody"
    other = f"arn:aws:cloudformation:{scene.aws.region}:{scene.aws.account}:stack/Vault/1a2b3c4d"

    elsewhere = scene.invoke_as_cloudformation(StackId=other, ResponseURL="https://example.com/")
    told = scene.invoke_as_cloudformation(StackId=other, ResponseURL=nowhere)
    refused = json.loads(scene.wait_for_log('"logical_id": "Forged"'))

    assert "ResponseURL must be an https address of S3, got another one" in elsewhere
    assert refused["error"].startswith(f"StackId must be the stack of this function, got '{other[:60]}")
    assert told == "null"
    assert scene.certificates() == before


def test_it_goes_with_its_stack_and_comes_back_with_another_arn(scene: ImportScene) -> None:
    former, leaf = scene.shop["CertificateArn"], scene.leaf()
    scene.put(leaf)
    scene.wait_until_served(leaf)

    destroyed = scene.stacks.delete("Shop")
    left = scene.certificates()
    scene.deploy_again()

    assert destroyed.status == "DELETE_COMPLETE"
    assert former not in left
    assert scene.shop["CertificateArn"] not in left
    assert scene.served()[0].strip() == leaf.pem.strip()


def test_no_private_key_is_in_a_template_an_event_a_log_or_the_record(scene: ImportScene) -> None:
    shown = scene.everything_shown()

    for leaf in scene.put_so_far:
        for line in leaf.key_pem().splitlines()[1:-1]:
            assert line not in shown
