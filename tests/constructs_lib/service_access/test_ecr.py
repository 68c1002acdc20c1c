"""What repositories need from a key policy."""

from constructs_lib.service_access import ecr


def test_encrypt_repository_gives_exactly_this() -> None:
    use = ecr.encrypt_repository()
    assert use.statements() == ()
    assert use.creator == "ecr"
