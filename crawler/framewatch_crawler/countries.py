"""Country codes of ISO 3166-1."""

from __future__ import annotations

import re

# Officially assigned on 2025-01-01: 249.
_ASSIGNED = frozenset(
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ "
    "CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO "
    "FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE "
    "JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO "
    "MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW "
    "PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM "
    "TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW".split()
)
_LEFT_TO_USERS = re.compile("AA|Q[M-Z]|X[A-Z]|ZZ")
# Codes in use that are none of them, and what is meant.
_MEANT = {"UK": "GB", "EL": "GR"}


def is_country(code: str) -> bool:
    """Whether a code is assigned, or one of those left to users (``XK`` for Kosovo, ``ZZ`` for unknown)."""
    return code in _ASSIGNED or _LEFT_TO_USERS.fullmatch(code) is not None


def meant_country(code: str) -> str | None:
    """Give the code that a wrong one stands for, if that is known."""
    upper = code.upper()
    meant = _MEANT.get(upper, upper)
    return meant if is_country(meant) else None
