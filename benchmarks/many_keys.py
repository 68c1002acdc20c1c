"""What a thousand keys in five stacks cost, built and synthesised, as ratios to `kms.Key` in the same run.

`python -m benchmarks.many_keys` measures by turns and in fresh processes:

- people: an alias and five statements, each for one principal given by its ARN; all keys of a stack have the same
  people. Ours takes them in its constructor; `kms.Key` takes the same statements by `add_to_resource_policy`, its only
  method that writes them.
- people-granted, for information: the same people, three of them by `kms.Key`'s own `grant_admin`, `grant_encrypt` and
  `grant_decrypt`, which allow more than these statements.
- roles: an alias, and one grant to each of five roles of the key's stack, which all keys of the stack share.
- bare, for information: an alias and nothing else.

Each is measured from the first key to the end of synthesis; what comes before is the same for both.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.fresh_process import run_fresh
from benchmarks.one_key import our_key, raw_key
from constructs_lib.actions import ADMINISTER, DECRYPT, ENCRYPT, INSPECT
from constructs_lib.bundled_node import use_bundled_node
from constructs_lib.service_access.creators import creator_of

if TYPE_CHECKING:
    from aws_cdk import Stack
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms

_ROUNDS, _ROUNDS_FOR_INFORMATION = 5, 3
_STACKS = 5
_MANY, _FEW = 1_000, 100
_GROWTH_LIMIT = 11.0
"""Ten times the keys may cost eleven times as much."""

_ACCOUNT, _REGION = "111122223333", "eu-west-1"
_THROUGH_S3 = {"StringEquals": {"kms:ViaService": f"s3.{_REGION}.amazonaws.com"}}
_PEOPLE = ("Administrator", "Auditor", "Encrypter", "Decrypter", "Deployer")
_Make = Callable[["Stack", int, "list[iam.IPrincipal]"], object]


@dataclass(frozen=True)
class Case:
    """One way to have many keys.

    Attributes:
        principals: What is granted to: five in each stack.
        ours: Makes one key of ours.
        raw: Makes the CDK's own.
        limit: What ours may cost at most, as a multiple of the CDK's own; None where nothing is claimed.
    """

    principals: "Callable[[Stack], list[iam.IPrincipal]]"
    ours: _Make
    raw: _Make
    limit: float | None


def _arns(_: "Stack") -> "list[iam.IPrincipal]":
    from aws_cdk import aws_iam as iam  # noqa: PLC0415  # after Node.js is chosen

    return [iam.ArnPrincipal(f"arn:aws:iam::{_ACCOUNT}:role/{person}") for person in _PEOPLE]


def _roles(stack: "Stack") -> "list[iam.IPrincipal]":
    from aws_cdk import aws_iam as iam  # noqa: PLC0415  # after Node.js is chosen

    return [iam.Role(stack, f"Role{number}", assumed_by=iam.AccountRootPrincipal()) for number in range(5)]


def _ours_with_people(stack: "Stack", number: int, people: "list[iam.IPrincipal]") -> None:
    from constructs_lib import EncryptionKey  # noqa: PLC0415  # after Node.js is chosen

    administrator, auditor, encrypter, decrypter, deployer = people
    EncryptionKey(
        stack,
        f"Key{number}",
        alias=f"benchmark/{number}",
        administrators=[administrator],
        auditors=[auditor],
        encrypters=[encrypter],
        decrypters=[decrypter],
        deployers=[deployer],
        services=["s3"],
    )


def _raw_with_people(stack: "Stack", number: int, people: "list[iam.IPrincipal]") -> None:
    administrator, auditor, encrypter, decrypter, deployer = people
    key = raw_key(stack, number)
    _add(key, ADMINISTER, administrator)
    _add(key, INSPECT, auditor)
    _add(key, ENCRYPT, encrypter)
    _add(key, DECRYPT, decrypter)
    _add(key, creator_of("s3").actions, deployer, **_THROUGH_S3)


def _raw_with_people_granted(stack: "Stack", number: int, people: "list[iam.IPrincipal]") -> None:
    administrator, auditor, encrypter, decrypter, deployer = people
    key = raw_key(stack, number)
    key.grant_admin(administrator)
    _add(key, INSPECT, auditor)
    key.grant_encrypt(encrypter)
    key.grant_decrypt(decrypter)
    _add(key, creator_of("s3").actions, deployer, **_THROUGH_S3)


def _add(key: "kms.Key", actions: tuple[str, ...], who: "iam.IPrincipal", **conditions: object) -> None:
    from aws_cdk import aws_iam as iam  # noqa: PLC0415  # after Node.js is chosen

    key.add_to_resource_policy(
        iam.PolicyStatement(actions=list(actions), principals=[who], resources=["*"], conditions=conditions or None)
    )


def _granted(make: "Callable[[Stack, int], object]") -> _Make:
    verbs = ("grant_encrypt", "grant_encrypt", "grant_decrypt", "grant_decrypt", "grant_encrypt_decrypt")

    def granted(stack: "Stack", number: int, principals: "list[iam.IPrincipal]") -> None:
        key = make(stack, number)
        for verb, principal in zip(verbs, principals, strict=True):
            getattr(key, verb)(principal)

    return granted


def _bare(make: "Callable[[Stack, int], object]") -> _Make:
    return lambda stack, number, _: make(stack, number)


CASES = {
    "people": Case(_arns, _ours_with_people, _raw_with_people, 0.6),
    "people-granted": Case(_arns, _ours_with_people, _raw_with_people_granted, None),
    "roles": Case(_roles, _granted(our_key), _granted(raw_key), 4.0),
    "bare": Case(_arns, _bare(our_key), _bare(raw_key), None),
}


def program(case: str, kind: str, keys: int) -> None:
    """Build and synthesise in this process, and print the seconds from the first key on."""
    use_bundled_node()
    import aws_cdk as cdk  # noqa: PLC0415  # after Node.js is chosen

    measured = CASES[case]
    make = measured.ours if kind == "ours" else measured.raw
    with tempfile.TemporaryDirectory() as directory:
        # The CDK's own validator takes seconds whatever is in the app; with it, a difference would drown.
        app = cdk.App(outdir=directory, analytics_reporting=False, builtin_cloud_formation_validation=False)
        warm = cdk.Stack(cdk.App(outdir=directory), "Warm")
        make(warm, 0, measured.principals(warm))  # what is imported late is imported now
        here = cdk.Environment(account=_ACCOUNT, region=_REGION)
        scopes = [cdk.Stack(app, f"Stack{number}", env=here) for number in range(_STACKS)]
        principals = [measured.principals(scope) for scope in scopes]
        start = time.perf_counter()
        for number in range(keys):
            make(scopes[number % _STACKS], number, principals[number % _STACKS])
        app.synth()
        print(time.perf_counter() - start)


@dataclass(frozen=True)
class Round:
    """Seconds, measured one after the other.

    Attributes:
        ours: Of many of our keys.
        raw: Of as many of the CDK's own.
        few: Of a tenth of our keys.
    """

    ours: float
    raw: float
    few: float

    @classmethod
    def of(cls, case: str) -> "Round":
        """Run the programs of a case."""
        programs = {"ours": ("ours", _MANY), "raw": ("raw", _MANY), "few": ("ours", _FEW)}
        return cls(**{
            name: run_fresh("benchmarks.many_keys", case, kind, keys).working for name, (kind, keys) in programs.items()
        })


def main() -> None:
    """Print each ratio and whether it is within its limit. A figure is no test: nothing fails here."""
    for name, case in CASES.items():
        rounds = [Round.of(name) for _ in range(_ROUNDS if case.limit else _ROUNDS_FOR_INFORMATION)]
        # Neighbours on the machine slow whole rounds down, so each ratio is one round's.
        ratio = median(each.ours / each.raw for each in rounds)
        growth = median(each.ours / each.few for each in rounds)
        ours, raw = (median(getattr(each, kind) for each in rounds) for kind in ("ours", "raw"))
        print(f"{_MANY:,} keys in {_STACKS} stacks, {name}: {ours:.2f} s, kms.Key {raw:.2f} s")
        print(f"  {ratio:.2f} of kms.Key{_judged(ratio, case.limit)}")
        print(f"  {growth:.1f} times as long as {_FEW} keys{_judged(growth, _GROWTH_LIMIT)}")


def _judged(figure: float, limit: float | None) -> str:
    if limit is None:
        return ""
    return f"; the limit is {limit:g}: {'held' if figure <= limit else 'missed'}"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        program(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    else:
        main()
