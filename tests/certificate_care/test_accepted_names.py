import pytest

from certificate_care.accepted_names import check_names, covers
from certificate_care.errors import CertificateRefused


@pytest.mark.parametrize(
    ("certificate_names", "name"),
    [
        (["example.com"], "example.com"),
        (["*.example.com"], "shop.example.com"),
        (["*.example.com"], "*.example.com"),
        (["other.example.com", "shop.example.com"], "shop.example.com"),
    ],
)
def test_a_name_is_covered_by_itself_and_by_a_wildcard_one_label_up(certificate_names: list[str], name: str) -> None:
    assert covers(certificate_names, name)


@pytest.mark.parametrize(
    ("certificate_names", "name"),
    [
        ([], "example.com"),
        (["*.example.com"], "example.com"),
        (["*.example.com"], "a.shop.example.com"),
        (["*.com"], "*.example.com"),
        (["shop.example.com"], "*.example.com"),
        (["s*.example.com"], "shop.example.com"),
        (["*.*.example.com"], "a.shop.example.com"),
        (["*"], "localhost"),
        (["*."], "localhost."),
        (["*.example.com"], ".example.com"),
        (["example.com"], "example.com."),
        (["xample.com"], "example.com"),
    ],
)
def test_nothing_else_covers_a_name(certificate_names: list[str], name: str) -> None:
    assert not covers(certificate_names, name)


def test_refuses_names_that_are_not_covered_and_says_which() -> None:
    with pytest.raises(CertificateRefused) as refused:
        check_names(["a.example.com"], told=["a.example.com", "b.example.com", "*.example.com"])

    assert str(refused.value) == (
        "certificate must cover b.example.com, *.example.com among its alternative names, got a.example.com"
    )


def test_says_ten_names_at_most_and_only_what_can_be_printed() -> None:
    names = ["a\nb.example.com", *(f"{number}.example.com" for number in range(20))]

    with pytest.raises(CertificateRefused, match=r"got a\?b\.example\.com, 0\.example\.com, .*, 11 more$"):
        check_names(names, told=["shop.example.com"])
