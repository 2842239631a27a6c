"""The tables themselves, for statements: rows without objects."""

from sqlmodel import SQLModel

import subtui.storage.tables  # noqa: F401  (fills the metadata)

_TABLES = SQLModel.metadata.tables

CONTACT = _TABLES["contact"]
TAG = _TABLES["tag"]
CONTACT_TAG = _TABLES["contact_tag"]
AUTOMATION = _TABLES["automation"]
CREDIT_CARD = _TABLES["credit_card"]
NOTE = _TABLES["note"]
PRODUCT = _TABLES["product"]
PLAN = _TABLES["subscription_plan"]
SUBSCRIPTION = _TABLES["subscription"]
ORDER = _TABLES["order"]
ORDER_ITEM = _TABLES["order_item"]
PAYMENT = _TABLES["payment"]
REFUND_LINE = _TABLES["refund_line"]
REFUND_REQUEST = _TABLES["refund_request"]
USER = _TABLES["user"]
EVENT = _TABLES["event"]
LETTER = _TABLES["letter"]
KEAP_CONNECTION = _TABLES["keap_connection"]
KEAP_FINDING = _TABLES["keap_finding"]
KEAP_IMAGE = _TABLES["keap_image"]
KEAP_OBJECT = _TABLES["keap_object"]
KEAP_OUTBOX = _TABLES["keap_outbox"]
KEAP_REMARK = _TABLES["keap_remark"]
KEAP_WALK = _TABLES["keap_walk"]
