"""The contents under one roof."""

from constructs_lib.secrets import contents


def test_every_content_is_there() -> None:
    assert sorted(contents.__all__) == [
        "Characters",
        "Content",
        "DatabaseEngine",
        "Generated",
        "Supplied",
        "UnsafeValue",
        "unsafe_value",
    ]
    assert all(hasattr(contents, name) for name in contents.__all__)
