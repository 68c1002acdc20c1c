"""Contents: everything that a dashboard shows, in the order in which a person should see it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from constructs_lib.dashboards import explanations
from constructs_lib.dashboards.function_widgets import failing, working
from constructs_lib.dashboards.key_widgets import (
    MOST_DETAILED_KEYS,
    cost,
    expiry,
    load,
    load_of_many,
    quota_use,
    since_rotation,
)
from constructs_lib.dashboards.page import page
from constructs_lib.dashboards.shown_key import ShownKey
from constructs_lib.dashboards.trail_questions import TrailQuestions
from constructs_lib.dashboards.widget import HALF, THIRD, TWO_THIRDS, Widget, log_widget, words


@dataclass(frozen=True, kw_only=True)
class TrailCopy:
    """The copy of a trail in CloudWatch Logs.

    Attributes:
        log_group_name: Where it is.
        region: Of the log group.
        counts_rotations: Whether a metric filter of the dashboard counts rotations in it.
    """

    log_group_name: str
    region: str
    counts_rotations: bool


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a dashboard shows.

    Attributes:
        name: Of the dashboard.
        region: Of the metrics.
        keys: The keys.
        trail_copy: What is asked; None for nothing.
        functions: Path to name.
        queues: Path to name.
        dead_letter_queues: Path to name.
    """

    name: str
    region: str
    keys: Sequence[ShownKey]
    trail_copy: TrailCopy | None = None
    functions: Mapping[str, str] = field(default_factory=dict)
    queues: Mapping[str, str] = field(default_factory=dict)
    dead_letter_queues: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """Return the body of the dashboard."""
        return page([*self._wrong(), *self._load(), *self._cost()])

    def _wrong(self) -> Iterator[Widget]:
        yield words(explanations.introduction(self.name, self.keys), height=3)
        yield words(explanations.WRONG, height=1)
        if self.trail_copy is None:
            yield words(explanations.without_trail(), width=HALF, height=6)
            yield self._names(width=HALF, height=6)
        else:
            yield from self._asked(self.trail_copy)
        yield quota_use(self.region)
        yield from expiry(self.keys, self.region)
        if self.trail_copy is not None and self.trail_copy.counts_rotations:
            yield from since_rotation(self.keys, self.region)
        elif self.trail_copy is not None:
            yield words(explanations.rotation_elsewhere())
        yield from failing(self.functions, self.dead_letter_queues, self.region)

    def _asked(self, copy: TrailCopy) -> Iterator[Widget]:
        asked, region = TrailQuestions(copy.log_group_name, self.keys), copy.region
        title = "Failed requests each hour: refused, throttled, and all"
        yield log_widget(title, asked.failures_by_hour, region=region, width=TWO_THIRDS, view="timeSeries")
        yield self._names(width=THIRD, height=7)
        yield log_widget("Refusals by principal", asked.refusals, region=region)
        yield log_widget("Disabled, pending deletion, changed", asked.state_changes, region=region)
        yield log_widget("Other errors by code", asked.errors, region=region)

    def _load(self) -> Iterator[Widget]:
        yield words(explanations.LOAD, height=1)
        yield from (load if self._is_detailed else load_of_many)(self.keys, self.region)
        yield from working(self.functions, self.queues, self.region)

    def _cost(self) -> Iterator[Widget]:
        of_questions = "" if self.trail_copy is None else explanations.price_of_questions()
        yield words(explanations.prices() + of_questions, height=3)
        if self._is_detailed:
            yield cost(self.keys, self.region)

    @property
    def _is_detailed(self) -> bool:
        return len(self.keys) <= MOST_DETAILED_KEYS

    def _names(self, *, width: int, height: int) -> Widget:
        return words(explanations.names_of(self.keys), width=width, height=height)
