from constructs_lib.certificates.caa_records import caa_values

AUTHORITIES = ["amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"]


def test_a_name_and_its_wildcard_each_admit_amazons_authorities() -> None:
    values = caa_values("example.com", ["example.com", "*.example.com", "*.shop.example.com"])
    assert values == [f'0 {tag} "{each}"' for tag in ("issue", "issuewild") for each in AUTHORITIES]


def test_a_name_without_a_wildcard_says_nothing_of_wildcards() -> None:
    assert caa_values("example.com", ["example.com"]) == [f'0 issue "{each}"' for each in AUTHORITIES]


def test_a_wildcard_alone_says_nothing_of_its_parent() -> None:
    assert caa_values("example.com", ["*.example.com"]) == [f'0 issuewild "{each}"' for each in AUTHORITIES]
