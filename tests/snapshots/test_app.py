import aws_cdk as cdk
import pytest
from syrupy.assertion import SnapshotAssertion

from app import reference_app
from tests.conftest import configured_app
from tests.support.reference_certificates import CERTIFICATES


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> cdk.App:
    app = configured_app(tmp_path_factory.mktemp("cdk.out"), **CERTIFICATES)
    reference_app(app)
    return app


@pytest.mark.parametrize("stack", ["Keys", "Workload", "Secrets", "Audit", "Certificates"])
def test_the_template_of_the_reference_app_is_as_reviewed(
    stack: str, app: cdk.App, template_snapshot: SnapshotAssertion
) -> None:
    template = app.synth().get_stack_by_name(stack).template

    assert template == template_snapshot
