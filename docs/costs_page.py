"""The tables of `docs/costs.md`, written from what `monthly_costs` computes; what stands around them stays."""

from pathlib import Path

from docs.monthly_costs import ACCOUNTS, PRICES, bill, dollars, log_file_kilobytes

_PAGE = Path(__file__).resolve().parent / "costs.md"
_GB = 1e9
_CENT = 0.01
_READ_AT = {"AWS": "a page of AWS, stored copy", "second-hand": "second hand: look it up"}


def costs_page(path: Path = _PAGE) -> str:
    """Return the page with its tables computed anew; what stands around them stays.

    Args:
        path: Where the page is.

    Raises:
        ValueError: If a table has no place there, or two.
    """
    page = path.read_text()
    for name, table in _tables().items():
        begin, end = f"<!-- computed: {name} -->\n", "<!-- end -->"
        before, *found = page.split(begin)
        if len(found) != 1:
            raise ValueError(f"costs.md must have one place for {name}, got {len(found)}")
        page = f"{before}{begin}{table}{end}{found[0].partition(end)[2]}"
    return page


def _tables() -> dict[str, str]:
    return {
        "bills": _bills(),
        "assumptions": _assumptions(),
        "high volume": _high_volume(),
        "bucket keys": _bucket_keys(),
        "prices": _price_list(),
    }


def _bills() -> str:
    lines = [_row("", "Small, first month", "Small, later", "Large, first month", "Large, later"), _row(*["---"] * 5)]
    small, large = bill("small"), bill("large")
    for one, other in zip(small, large, strict=True):
        lines.append(_row(one.of, *map(_money, (*one.dollars, *other.dollars))))
    totals = [sum(cost.dollars[when] for cost in costs) for costs in (small, large) for when in (0, 1)]
    return "".join([*lines, _row("**Together**", *(f"**{_money(total)}**" for total in totals))])


def _assumptions() -> str:
    lines = [_row("Assumed, each month", "Small", "Large"), _row(*["---"] * 3)]
    for name in ACCOUNTS["small"]:
        both = (ACCOUNTS[kind][name] for kind in ("small", "large"))
        lines.append(_row(name.replace("_", " "), *(f"{value:,}" for value in both)))
    sizes = (f"{log_file_kilobytes(kind):,.1f} KB" for kind in ("small", "large"))
    return "".join([*lines, _row("so the mean log file has", *sizes)])


def _high_volume() -> str:
    events = 100_000_000
    gb = events * ACCOUNTS["every"]["event_bytes"] / _GB
    rows = (
        ("The requests themselves, to KMS", "kms_request", events),
        (
            "Their events in the trail's log files, kept for a month in S3 Standard",
            "s3_standard",
            gb / ACCOUNTS["every"]["log_file_compression"],
        ),
        ("Their events into the log group", "logs_ingested", gb),
        ("The same events in a second trail", "further_copy", events),
    )
    return "".join([
        _row("Of 100,000,000 requests", "Cost"),
        _row("---", "---"),
        *(_row(of, _money(dollars(price, units))) for of, price, units in rows),
    ])


def _bucket_keys() -> str:
    objects, left = 10_000_000, 1 - ACCOUNTS["every"]["bucket_key_saving"]
    gb = objects * ACCOUNTS["every"]["event_bytes"] / _GB
    rows = (("KMS requests", "kms_request", objects), ("Their events into the log group", "logs_ingested", gb))
    lines = [_row("Of 10,000,000 objects written or read", "Without", "With"), _row(*["---"] * 3)]
    return "".join([
        *lines,
        *(_row(of, _money(dollars(price, units)), _money(dollars(price, units * left))) for of, price, units in rows),
    ])


def _price_list() -> str:
    lines = [_row("Price", "Of", "Page of AWS", "Read at"), _row(*["---"] * 4)]
    for price in PRICES.values():
        amount = (
            f"${price['dollars']:g} for {price['per']:,}" if price["per"] != 1 else f"${price['dollars']:g} for each"
        )
        lines.append(
            _row(
                amount,
                price["of"],
                f"[page]({price['page']})",
                _READ_AT[price["seen"]],
            )
        )
    return "".join(lines)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n".replace("|  |", "| |")


def _money(amount: float) -> str:
    return "$0" if amount == 0 else f"${amount:,.2f}" if amount >= _CENT / 2 else "under $0.01"
