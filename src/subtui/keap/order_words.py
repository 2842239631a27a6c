"""The status words of orders and order lines that may mean that the order is not to be paid."""

import re
from collections.abc import Mapping
from functools import lru_cache

_STATUS_COLUMNS = frozenset(("status", "orderstatus", "jobstatus", "orderstate", "paymentstatus", "paystatus"))
_USUAL = """
    0|1|quote|paid|unpaid|partially paid|partial|sent|viewed|successful|success|completed|complete|processed|processing|
    pending|pending payment|open|closed|active|new|approved|shipped|delivered|fulfilled|unfulfilled|on hold|due|overdue
"""
_ITEM_TYPES = """
    unknown|shipping|tax|service|service misc|misc|product|upsell|finance charge|special|program|subscription|
    subscription plan|free trial|free trial days|discount free trial|order total discount|discount order total|discount|
    product discount|discount product|category discount|discount product category|shipping discount|discount shipping|
    tip|other|fee
"""
_LARGEST_ITEM_TYPE = 16
_SIGNS = re.compile(r"[\W_]+")


def doubt_of_order(more: Mapping[str, str]) -> tuple[str, str, str] | None:
    """The column, its value and the remark, where an order's words suggest that it may be no real order."""
    for column, value in more.items():
        if _plain(column).replace(" ", "") in _STATUS_COLUMNS and _plain(value) not in _USUAL_WORDS:
            return column, value, "is kept for reference: orders have no status here, so it counts like any other"
    return None


def doubt_of_item_type(text: str) -> str:
    """The remark on an order line whose type is on none of Keap's lists; empty if there is none."""
    code = text.strip()
    if not code or _plain(code) in _TYPES or (code.isdecimal() and int(code) <= _LARGEST_ITEM_TYPE):
        return ""
    return "is not a known item type; the line is imported with its price"


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return _SIGNS.sub(" ", text).strip().casefold()


def _listed(words: str) -> frozenset[str]:
    return frozenset(_plain(word) for word in words.split("|"))


_USUAL_WORDS, _TYPES = _listed(_USUAL), _listed(_ITEM_TYPES)
