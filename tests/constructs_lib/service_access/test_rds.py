"""What databases need from a key policy."""

from constructs_lib.service_access import rds


def test_encrypt_storage_gives_exactly_this() -> None:
    use = rds.encrypt_storage()
    assert use.statements() == ()
    assert use.creator == "rds"
