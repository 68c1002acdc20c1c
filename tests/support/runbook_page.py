"""A runbook as steps: who does what, who is refused, in which section."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEADING = re.compile(r"^##+ (.+)$")
_WHO = re.compile(r"^\*As (.+); (.+?) (?:is|are) refused(?:, (.+) may only look)?\.\*$")
_FENCE = re.compile(r"^```(\w*)$")


@dataclass(frozen=True, kw_only=True)
class Step:
    """A block of a section.

    `person` does what it says, `refused` may not, and `looks` may what changes nothing; of a program that is only
    written, nobody.
    """

    section: str
    language: str
    text: str
    person: str = ""
    refused: tuple[str, ...] = ()
    looks: str = ""


def steps(page: str) -> Iterator[Step]:
    """Read the commands and the programs of a page, in their order.

    Raises:
        ValueError: If nobody stands before a block of commands.
    """
    section, who, fence, lines = "", None, "", list[str]()
    for line in re.sub(r"^ {3}", "", page, flags=re.MULTILINE).splitlines():  # in a list, blocks are indented
        opened = _FENCE.match(line)
        if fence and opened:
            yield from _step(section, fence, "".join(lines), who)
            who, fence = (who, "") if fence == "python" else (None, "")
        elif fence:
            lines.append(line + "\n")
        elif opened:
            fence, lines = opened[1], []
        else:
            heading = _HEADING.match(line)
            section = heading[1] if heading else section
            who = _WHO.match(line) or who


def _step(section: str, language: str, text: str, who: re.Match[str] | None) -> Iterator[Step]:
    if language == "python":
        yield Step(section=section, language=language, text=text)
    elif language == "sh":
        if who is None:
            raise ValueError(f"a person must stand before the commands, got {text!r} of {section!r}")
        refused = tuple(_person(each) for each in who[2].split(" and "))
        yield Step(
            section=section,
            language=language,
            text=text,
            person=_person(who[1]),
            refused=refused,
            looks=_person(who[3] or ""),
        )


def _person(words: str) -> str:
    return re.sub(r"^(the|an?) ", "", words)
