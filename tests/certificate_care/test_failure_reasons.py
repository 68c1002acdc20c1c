import botocore.session
import pytest

from certificate_care.failure_reasons import why_not_issued

ACM_REASONS = botocore.session.get_session().get_service_model("acm").shape_for("FailureReason").enum  # type: ignore[attr-defined]


@pytest.mark.parametrize("reason", [each for each in ACM_REASONS if not each.startswith(("PCA_", "SLR_"))])
def test_every_reason_of_a_public_certificate_has_a_remedy(reason: str) -> None:
    said = why_not_issued({"Status": "FAILED", "FailureReason": reason})

    assert said.startswith(f"FAILED because of {reason}: ")
    assert len(said) < 300


def test_a_reason_that_is_new_is_told_as_it_is() -> None:
    assert why_not_issued({"Status": "FAILED", "FailureReason": "NEW"}) == "FAILED because of NEW"


def test_a_caa_error_names_every_value_that_lets_amazon_issue() -> None:
    said = why_not_issued({"Status": "FAILED", "FailureReason": "CAA_ERROR"})

    assert all(each in said for each in ("amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com", "issuewild"))


def test_a_validation_that_timed_out_says_what_to_do() -> None:
    assert why_not_issued({"Status": "VALIDATION_TIMED_OUT"}) == (
        "VALIDATION_TIMED_OUT: no validation record was found for 72 hours: change the construct id of the "
        "certificate, which requests another one with the same records"
    )


def test_a_status_without_a_reason_is_told_alone() -> None:
    assert why_not_issued({"Status": "REVOKED"}) == "REVOKED"
