import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.errors import ConfigurationError
from constructs_lib.organization_path import is_within_a_unit, organization_of

UNIT = "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111"
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


@st.composite
def paths(draw: st.DrawFn) -> str:
    def digits(shortest: int) -> str:
        return draw(st.text(LETTERS, min_size=shortest, max_size=32))

    root = digits(4)
    units = draw(st.integers(1, 5))
    return "/".join([f"o-{digits(10)}", f"r-{root}", *(f"ou-{root}-{digits(8)}" for _ in range(units))])


@given(paths())
def test_every_path_of_a_unit_is_one(path: str) -> None:
    assert organization_of(path) == path.partition("/")[0]
    assert is_within_a_unit(f"{path}/*")
    assert is_within_a_unit(f"{path}/")
    assert not is_within_a_unit(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "o-a1b2c3d4e5",
        "o-a1b2c3d4e5/r-ab12",
        "ou-ab12-11111111",
        f"{UNIT}/",
        f"{UNIT}/*",
        f"/{UNIT}",
        f"{UNIT}/123456789012",
        UNIT.replace("o-a1b2c3d4e5", "o-*"),
        UNIT.replace("o-a1b2c3d4e5", "o-a1b2c3d4"),
        UNIT.replace("r-ab12", "r-*"),
        UNIT.replace("r-ab12", "r-cd34"),
        UNIT.replace("11111111", "1111111"),
        UNIT.replace("11111111", "1111111?"),
        UNIT.upper(),
        f"{UNIT}\n",
        UNIT + "/ou-ab12-22222222" * 5,
        "${Token[TOKEN.1]}/r-ab12/ou-ab12-11111111",
    ],
)
def test_refuses_what_is_no_path_of_a_unit(path: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        organization_of(path)
    assert str(refused.value) == (
        "path must be the ids of an organization, its root and one to five units, such as "
        f"o-a1b2c3d4e5/r-ab12/ou-ab12-11111111, got {path!r}"
    )
    assert not is_within_a_unit(f"{path}/x")
