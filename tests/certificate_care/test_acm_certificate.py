import pytest

from certificate_care.acceptance import Accepted, Rules, accept
from certificate_care.acm_certificate import AcmCertificate
from certificate_care.errors import AccessDenied, CertificateRefused, Unavailable
from certificate_care.import_settings import ALGORITHMS
from certificate_care.waiting import Waiting
from tests.support.imports_in_memory import CERTIFICATE_ARN, TAGS, FakeImports, renewed, secret_text
from tests.support.made_certificates import NAMES, NOW, Lineage, Template, made
from tests.support.wrong_certificates import WRONG_REPLACEMENTS, replacement


def accepted(lineage: Lineage) -> Accepted:
    return accept(secret_text(lineage), rules=Rules(NAMES, ALGORITHMS, 7), now=NOW)


def waiting(slept: list[float], *, seconds: float = 60) -> Waiting:
    return Waiting(seconds, clock=lambda: sum(slept), sleep=slept.append)


def test_imports_looks_and_replaces() -> None:
    acm, first, second = FakeImports(), accepted(Lineage.of()), accepted(renewed(Lineage.of()))

    certificate = AcmCertificate.first(acm, first, tags=TAGS, waiting=waiting([]))
    before = certificate.served()
    certificate.replace(second)
    after = certificate.served()

    assert before is not None
    assert after is not None
    assert (before.der, after.der) == (first.der, second.der)
    assert acm.held[certificate.arn].tags == TAGS


@pytest.mark.parametrize("wrong", WRONG_REPLACEMENTS)
def test_says_that_acm_refuses_a_replacement(wrong: str) -> None:
    *both, _ = WRONG_REPLACEMENTS[wrong]
    former, new = (accept(each, rules=Rules(NAMES, ALGORITHMS, 7), now=NOW) for each in replacement(*both))
    acm = FakeImports()
    certificate = AcmCertificate.first(acm, former, tags=TAGS, waiting=waiting([]))

    with pytest.raises(CertificateRefused, match="ValidationException"):
        certificate.replace(new)
    assert acm.held[certificate.arn].certificate == former.certificate


def test_sends_no_chain_where_there_is_none() -> None:
    alone = made(Template.leaf(*NAMES))
    rules = Rules(NAMES, ALGORITHMS, 7, anchors=(alone.certificate,))
    taken = accept(secret_text(Lineage(alone, alone, alone), certificate_chain=""), rules=rules, now=NOW)
    acm = FakeImports()

    certificate = AcmCertificate.first(acm, taken, tags=TAGS, waiting=waiting([]))

    assert acm.get_certificate(CertificateArn=certificate.arn) == {"Certificate": alone.pem}


def test_says_that_a_certificate_is_gone() -> None:
    assert AcmCertificate(FakeImports(), CERTIFICATE_ARN).served() is None


def test_waits_until_a_new_role_may_import() -> None:
    acm, slept = FakeImports(), list[float]()
    acm.refusals["ImportCertificate"] = ["AccessDeniedException"] * 2

    certificate = AcmCertificate.first(acm, accepted(Lineage.of()), tags=TAGS, waiting=waiting(slept))

    assert certificate.arn in acm.held
    assert slept == [5.0, 5.0]


def test_refuses_what_the_role_may_not_after_that_time() -> None:
    acm = FakeImports()
    acm.refusals["ImportCertificate"] = ["AccessDeniedException"] * 99

    with pytest.raises(AccessDenied, match="acm:ImportCertificate must be allowed"):
        AcmCertificate.first(acm, accepted(Lineage.of()), tags=TAGS, waiting=waiting([]))
    assert acm.held == {}


@pytest.mark.parametrize("code", ["RequestInProgressException", "ThrottlingException"])
def test_says_that_acm_cannot_answer_now(code: str) -> None:
    acm = FakeImports()
    acm.refusals["GetCertificate"] = [code]

    with pytest.raises(Unavailable, match=code):
        AcmCertificate(acm, CERTIFICATE_ARN).served()
