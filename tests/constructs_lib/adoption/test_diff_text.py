from constructs_lib.adoption.diff_text import diff_text
from constructs_lib.key_kind import SYMMETRIC
from tests.support.key_statements import ACCOUNT, READER, allow, deny
from tests.support.written_policies import written

ADMINISTRATION = allow(ACCOUNT, "kms:PutKeyPolicy", sid="AccountAdministration")
USE = allow(READER, "kms:Decrypt", "kms:Encrypt", sid="Use")


def test_equal_policies_have_no_text() -> None:
    assert not diff_text(written(ADMINISTRATION), written(ADMINISTRATION), use=SYMMETRIC.use)


def test_every_change_is_said_with_its_sid() -> None:
    today = written(allow(ACCOUNT, "kms:Decrypt", "kms:PutKeyPolicy"), USE)
    after = written(
        ADMINISTRATION,
        allow(
            READER,
            "kms:Decrypt",
            sid="Use",
            StringEquals={"kms:ViaService": "s3"},
            StringLike={"aws:SourceArn": "arn:*"},
        ),
    )

    assert (
        diff_text(today, after, use=SYMMETRIC.use)
        == f"""\
Statements
  - (no Sid, 1) goes
      - effect      Allow
      - principals  {ACCOUNT}
      - actions     kms:Decrypt, kms:PutKeyPolicy
  ~ Use changes
      - actions     kms:Encrypt
      + conditions  StringEquals kms:ViaService s3
      + conditions  StringLike aws:SourceArn arn:*
  + AccountAdministration comes
      + effect      Allow
      + principals  {ACCOUNT}
      + actions     kms:PutKeyPolicy

Callers
  {READER}
      loses  kms:Encrypt
      other conditions on  kms:Decrypt
  {ACCOUNT} as its IAM policies allow
      loses  kms:Decrypt

Cautions
  ! IAM policies of {ACCOUNT} alone no longer give kms:Decrypt: whoever needs that has to
    be named
  ! {READER} loses kms:Encrypt
"""
    )


def test_a_change_that_is_no_change_for_callers_is_said_alone() -> None:
    text = diff_text(written(ADMINISTRATION), written({**ADMINISTRATION, "Sid": "Administration"}), use=SYMMETRIC.use)

    assert [line for line in text.splitlines() if line and not line.startswith(" ")] == ["Statements"]


def test_long_lists_are_wrapped_between_their_values() -> None:
    text = diff_text(written(ADMINISTRATION, allow(ACCOUNT, "kms:*")), written(ADMINISTRATION), use=SYMMETRIC.use)

    lines = text.splitlines()
    assert max(map(len, lines)) <= 110
    assert {word.strip(",") for line in lines for word in line.split() if word.startswith("kms:")} >= SYMMETRIC.actions


def test_a_denial_is_told_from_a_permission() -> None:
    text = diff_text(
        written(ADMINISTRATION), written(ADMINISTRATION, deny("*", "kms:Decrypt", sid="No")), use=SYMMETRIC.use
    )

    assert "  + No comes\n      + effect      Deny\n      + principals  everybody\n" in text
