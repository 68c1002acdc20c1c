"""How many days before it expires an alarm rings about a certificate: late enough for ACM, early enough for people.

ACM renews public certificates that live 198 days when 45 are left, and tells whoever listens that it could not when 30
are left, then again at 15, 7, 3 and 1.
https://docs.aws.amazon.com/acm/latest/userguide/dns-renewal-validation.html
https://docs.aws.amazon.com/acm/latest/userguide/supported-events.html

When it will renew those that live 100 days, from March 2027, and 47 days, from March 2029, AWS does not say yet. An
alarm that rings at 30 days would ring all the time then. So what is kept is the share of the life that is left, 30 of
198 days, and for longer lives the days.
https://cabforum.org/2025/04/11/ballot-sc081v3-introduce-schedule-of-reducing-validity-and-data-reuse-periods/
"""

from constructs_lib.wiring.certificate_facts import Renewal

LIFE_NOW = 198
"""Days that public certificates of ACM are valid.

https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html
"""
LIVES = range(7, 3_651)
"""Of how many days a life may be. Of shorter ones a metric that comes twice a day says too little."""

LAST_PERCENT = 10
"""Percent of whatever life it has that are left when an alarm rings for the last time."""

_BY_ITSELF = (30,)
_BY_SOMEBODY = (45, 30)
_NOBODY_NEED_ACT = frozenset({Renewal.BY_ACM, None})


def days_left(validity_days: int, renewal: Renewal | None) -> tuple[int, ...]:
    """Return with how many days left alarms ring, the first one first.

    Args:
        validity_days: How many days the certificate is valid.
        renewal: Who renews it. One that somebody must renew has an alarm more, which rings earlier: ACM writes its
            e-mail, and says that an imported one expires, when 45 of 198 days are left. None if nobody knows, when ACM
            may: with its alarms.

    Examples:
        >>> [days_left(life, Renewal.BY_ACM) for life in (395, 198, 100, 47)]
        [(30,), (30,), (15,), (7,)]
        >>> [days_left(life, Renewal.FROM_SECRET) for life in (395, 198, 100, 47)]
        [(45, 30), (45, 30), (23, 15), (11, 7)]
    """
    of_life_now = _BY_ITSELF if renewal in _NOBODY_NEED_ACT else _BY_SOMEBODY
    return tuple(dict.fromkeys(round(days * min(validity_days, LIFE_NOW) / LIFE_NOW) for days in of_life_now))
