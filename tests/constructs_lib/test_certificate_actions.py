"""The actions of ACM, Route 53 and STS that certificates need, against the models of these services."""

from botocore.session import Session

from constructs_lib import certificate_actions
from constructs_lib.certificate_actions import (
    DESCRIBE_CERTIFICATE,
    END_OWN_CERTIFICATE,
    EXPORT_CERTIFICATE,
    IMPORT_AGAIN,
    IMPORT_NEW_CERTIFICATE,
)

GROUPS = [each for each in vars(certificate_actions).values() if isinstance(each, tuple)]


def test_every_action_is_an_operation_of_its_service() -> None:
    for action in {action for group in GROUPS for action in group}:
        service, _, operation = action.partition(":")
        assert operation in Session().get_service_model(service).operation_names, action


def test_whoever_looks_at_a_certificate_never_gets_its_key() -> None:
    exporting = {*EXPORT_CERTIFICATE}
    others = {action for group in GROUPS if group is not EXPORT_CERTIFICATE for action in group}
    assert not others & exporting


def test_importing_again_tags_nothing_since_acm_refuses_tags_then() -> None:
    assert {*IMPORT_NEW_CERTIFICATE} - {*IMPORT_AGAIN} == {"acm:AddTagsToCertificate"}
    assert {*DESCRIBE_CERTIFICATE} < {*END_OWN_CERTIFICATE}
