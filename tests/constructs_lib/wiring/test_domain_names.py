from typing import TYPE_CHECKING

import aws_cdk as cdk
import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.domain_names import (
    WILDCARD,
    ascii_name,
    covers,
    is_below_public_suffix,
    read_domain_name,
    read_domain_names,
    without_wildcard,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_LABELS = st.from_regex(r"[a-z][a-z0-9]{0,10}", fullmatch=True)
_NAMES = st.lists(_LABELS, min_size=1, max_size=4).map(lambda labels: ".".join([*labels, "example", "com"]))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Shop.Example.COM", "shop.example.com"),
        ("*.example.com", "*.example.com"),
        ("bücher.example.de", "xn--bcher-kva.example.de"),
        ("straße.de", "xn--strae-oqa.de"),
        ("xn--bcher-kva.de", "xn--bcher-kva.de"),
        ("shop。example。com", "shop.example.com"),  # dots as an input method writes them
        ("shop.internal", "shop.internal"),
        ("mine.github.io", "mine.github.io"),
        ("*.github.io", "*.github.io"),
        ("www.ck", "www.ck"),
    ],
    ids=["upper case", "wildcard", "umlaut", "sharp s", "in ASCII", "dots", "private", "below", "lent", "exception"],
)
def test_a_name_is_read_as_dns_has_it(written: str, read: str) -> None:
    assert read_domain_name("domain_name", written) == read


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "a domain name alone"),
        ("intranet", "a full domain name"),
        ("shop", "a name below a public suffix"),
        ("shop.example.com.", "without a dot at its end"),
        ("shop.example.1", "a full domain name"),
        ("192.0.2.1", "got the IP address"),
        ("[2001:db8::1]", "got the IP address"),
        ("https://shop.example.com", "without a scheme"),
        ("shop.example.com:443", "a port"),
        ("somebody@example.com", "a domain name alone"),
        (" shop.example.com", "a domain name alone"),
        ("*", "a wildcard only as its whole first label"),
        ("*.*.example.com", "a wildcard only as its whole first label"),
        ("shop.*.example.com", "a wildcard only as its whole first label"),
        ("shop*.example.com", "a wildcard only as its whole first label"),
        ("com", "a name below a public suffix"),
        ("*.com", "a name below a public suffix"),
        ("*.internal", "a full domain name"),
        ("co.uk", "a name below a public suffix"),
        ("*.co.uk", "a name below a public suffix"),
        ("*.公司.cn", "a name below a public suffix"),
        ("anything.ck", "a name below a public suffix"),
        ("my_shop.example.com", r"got 'my_shop.example.com': codepoint U\+005F not allowed"),
        ("-shop.example.com", "label must not start or end with a hyphen"),
        ("shop..example.com", "empty Label"),
        ("xn--zzzzzz.com", "invalid A-label"),
        (f"{'a' * 64}.example.com", "label too long"),
        (f"*.{'.'.join(['a' * 60] * 4)}.example.com", "at most 253 characters|domain too long"),
    ],
)
def test_refuses_what_no_certificate_can_be_for(written: str, why: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"^domain_name must .*({why})"):
        read_domain_name("domain_name", written)


def test_any_name_is_written_as_dns_has_it() -> None:
    assert (ascii_name("name", "Bücher.Internal"), ascii_name("name", "internal")) == (
        "xn--bcher-kva.internal",
        "internal",
    )
    with pytest.raises(ConfigurationError, match="name must be a domain name, got '': empty domain"):
        ascii_name("name", "")


def test_refuses_a_wildcard_that_makes_a_name_too_long() -> None:
    longest = ".".join(["a" * 60, "b" * 60, "c" * 60, "d" * 57, "example.com"])
    assert len(read_domain_name("domain_name", longest)) == 253 - 1
    with pytest.raises(ConfigurationError, match="domain_name must be at most 253 characters in DNS"):
        read_domain_name("domain_name", f"{WILDCARD}{longest}")


def test_refuses_a_name_that_is_known_only_at_deployment() -> None:
    with pytest.raises(ConfigurationError, match="domain_name must be written out, since it is checked"):
        read_domain_name("domain_name", cdk.Fn.import_value("Name"))


def test_refuses_what_is_no_text() -> None:
    with pytest.raises(ConfigurationError, match=r"domain_name must be a domain name, .* got 5"):
        read_domain_name("domain_name", 5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("names", "why"),
    [
        ("shop.example.com", "must be a list of domain names, got 'shop.example.com'"),
        ([], "must be 1 to 10 domain names, got 0"),
        ([f"{number}.example.com" for number in range(11)], "must be 1 to 10 domain names, got 11"),
        (["a.example.com", "A.example.com"], "must name each domain name once, got a.example.com twice"),
    ],
    ids=["a text", "none", "too many", "twice"],
)
def test_refuses_lists_that_acm_would_not_take(names: "Sequence[str]", why: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"^domain_names {why}$"):
        read_domain_names("domain_names", names)


def test_refuses_a_name_of_a_list_by_its_place() -> None:
    with pytest.raises(ConfigurationError, match=r"^domain_names\[1\] must be a domain name, got the IP address"):
        read_domain_names("domain_names", ["shop.example.com", "192.0.2.1"])


def test_more_names_are_taken_where_the_quota_is_said_to_be_higher() -> None:
    names = [f"{number}.example.com" for number in range(11)]
    assert read_domain_names("domain_names", names, most=11) == tuple(names)


@given(name=_NAMES)
def test_reading_a_name_again_changes_nothing(name: str) -> None:
    for each in (name, f"{WILDCARD}{name}"):
        assert read_domain_name("domain_name", read_domain_name("domain_name", each)) == each


@given(label=_LABELS, further=_LABELS, parent=_NAMES)
def test_a_wildcard_covers_exactly_one_label(label: str, further: str, parent: str) -> None:
    wildcard = [f"{WILDCARD}{parent}"]
    assert covers(wildcard, f"{label}.{parent}")
    assert not covers(wildcard, parent)
    assert not covers(wildcard, f"{further}.{label}.{parent}")


def test_a_wildcard_name_is_covered_by_itself_only() -> None:
    assert covers(["*.example.com"], "*.example.com")
    assert not covers(["example.com", "*.com", "shop.example.com"], "*.example.com")
    assert not covers(["*.example.com"], "*.shop.example.com")


def test_the_base_of_a_wildcard_is_its_parent() -> None:
    assert without_wildcard("*.shop.example.com") == without_wildcard("shop.example.com") == "shop.example.com"


def test_names_of_no_public_registry_are_told_apart() -> None:
    assert is_below_public_suffix("*.shop.example.co.uk")
    assert not is_below_public_suffix("shop.corp")
