"""What file systems need from a key policy."""

from constructs_lib.service_access import efs


def test_encrypt_file_system_gives_exactly_this() -> None:
    use = efs.encrypt_file_system()
    assert use.statements() == ()
    assert use.creator == "elasticfilesystem"
