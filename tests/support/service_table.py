"""The page that says what each service needs from a key, written from the catalogue itself."""

from collections.abc import Iterable, Iterator

from constructs_lib.service_access.creators import CREATORS, Creator, Grants
from constructs_lib.service_access.service_use import Allowance, ServiceUse
from tests.support.service_row import ServiceRow
from tests.support.service_rows.all_rows import ROWS

_INTRODUCTION = """\
# What each service needs from a key

This page is written by `make docs` from the catalogue, `constructs_lib/service_access`. A call gives exactly these
statements: `key.allow(cloudtrail.write_logs(trail_name="main"))`, with the callers behind it where the table says
*callers*: `key.allow(sqs.send(queue_name="orders"), role)`. Every row is asked by whom it means, and by neighbours of
other accounts, resources and services, before an IAM engine that this project did not write.

`P`, `R` and `A` stand for the partition, the Region and the account of the key; each function takes `region=` and
`account=` where the other side is elsewhere. In China the principal of CloudWatch Logs ends in `amazonaws.com.cn`.
Through a service, as in `via s3`, means `kms:ViaService`: direct use of the key is refused. A context is the encryption
context of the request. Names given to a call may be patterns that start with a part of a name, `Orders-Topic-*`, except
those of trails, event buses, distributions and hosted zones.

What whoever creates the resource needs, through the service, comes with the key's `services`, or with no `services` at
all; the second table says what it is.

## Uses
"""
_CREATORS = """\
## What creating takes

Whoever deploys creates the resource, and most services then call KMS as the creator: through the service named here,
and not otherwise. Grants are made for AWS resources only (`kms:GrantIsForAWSResource`), unless the table says
otherwise. A service that is not in this table is given `Decrypt`, `DescribeKey`, `Encrypt`, `GenerateDataKey`,
`GenerateDataKeyWithoutPlaintext` and grants for AWS resources.
"""
_PLACEHOLDERS = (("${AWS::Partition}", "P"), ("${AWS::Region}", "R"), ("${AWS::AccountId}", "A"))
_CONTEXT = "kms:EncryptionContext:"
_VIA = "kms:ViaService"
_GRANTS = {
    Grants.NONE: "no",
    Grants.FOR_AWS_RESOURCES: "for AWS resources",
    Grants.UNMARKED: "yes, and only if the service is named",
}


def service_table() -> str:
    """Return the page."""
    uses = _table(
        ("Use", "Call", "Who", "Actions", "Conditions", "Creator"),
        map(_use_row, sorted(ROWS, key=lambda row: row.use.title)),
    )
    creators = _table(
        ("Service", "Actions", "Grants"), (_creator_row(name, creator) for name, creator in sorted(CREATORS.items()))
    )
    return "\n".join([_INTRODUCTION, *uses, "", _CREATORS, *creators, ""])


def _use_row(row: ServiceRow) -> list[str]:
    use = row.use
    allowances = use.running
    return [
        f"[{use.title}]({use.page})",
        f"`{_short(row.call)}`",
        _lines(dict.fromkeys(_who(each) for each in allowances)),
        _lines(_actions(each.actions) for each in allowances),
        _lines(_conditions(each, use) for each in allowances),
        f"`{use.creator}`" if use.creator else "nothing",
    ]


def _creator_row(name: str, creator: Creator) -> list[str]:
    return [f"[`{name}`]({creator.page})", _actions(creator.actions), _GRANTS[creator.grants]]


def _who(allowance: Allowance) -> str:
    if allowance.is_for_callers:
        return "callers"
    return f"`{_short(allowance.service or allowance.role.rpartition('/')[2])}`"


def _actions(actions: Iterable[str]) -> str:
    return ", ".join(sorted(action.removeprefix("kms:") for action in actions))


def _conditions(allowance: Allowance, use: ServiceUse) -> str:
    said = [_condition(name, values) for keys in allowance.conditions.values() for name, values in keys.items()]
    if use.key_region:
        said.append(f"the key is {use.key_spec} in {use.key_region}")
    return ", ".join(said) or "none"


def _condition(name: str, values: tuple[str, ...]) -> str:
    if name == _VIA:
        services = " or ".join(value.partition(".")[0] for value in values)
        return f"via {services}" + (" of any Region" if ".*." in values[0] else "")
    if name == "kms:GrantIsForAWSResource":
        return "for AWS resources"
    if values == ("false",):
        return f"context `{name.removeprefix(_CONTEXT)}` is there"
    shown = " or ".join(f"`{_short(value)}`" for value in values)
    kind = "context " if name.startswith(_CONTEXT) else ""
    return f"{kind}`{name.removeprefix(_CONTEXT)}` = {shown}"


def _short(text: str) -> str:
    for placeholder, letter in _PLACEHOLDERS:
        text = text.replace(placeholder, letter)
    return text.replace("${AWS::URLSuffix}", "amazonaws.com")


def _lines(cells: Iterable[str]) -> str:
    return "<br>".join(cells) or "-"


def _table(heads: tuple[str, ...], rows: Iterable[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
