"""Maps the columns of a file to fields, by their names in any of Keap's spellings, never by their place.

Keap's exports, its import wizard, the tables behind its XML-RPC interface and its REST answers each have names of
their own for one thing. A name is compared without case, blanks and signs: `Contact Id`, `ContactId` and `contact_id`
are one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from subtui.domain.fields import Field, FieldType
from subtui.domain.subscription_fields import CURRENCY_HEADERS, SUBSCRIPTION_FIELDS
from subtui.views.imports import Kind

Reads = FieldType
"""The types of values that a column can have."""


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a kind, its type, and its column names; the first is the one that our exports write."""

    field: str
    reads: Reads
    names: tuple[str, ...]
    also: tuple[str, ...] = ()  # in files of other programs; no kind is told by them


# How the contacts of HubSpot, QuickBooks, WooCommerce, Stripe, Mailchimp, Google and others call the same.
_ALSO = {
    "first_name": "Firstname|Given Name|Forename|Billing First Name|Contact First Name",
    "last_name": "Surname|Lastname|Family Name|Billing Last Name|Contact Last Name",
    "whole_name": "Display Name|Customer|Customer Name|Customer Full Name",
    "company": "Organization|Organisation|Organization Name|Organisation Name|Business Name|Billing Company|"
    "Associated Company",
    "job_title": "Position",
    "email": "Primary Email|Main Email|Work Email|Customer Email|Billing Email|Email ID|E-mail 1 Value|Mail",
    "email2": "Secondary Email|Alternate Email|Additional Email Addresses|E-mail 2 Value",
    "phone1": "Phone Number|Phone Numbers|Phone Number 1|Telephone|Telephone Number|Primary Phone|Main Phone|"
    "Work Phone|Business Phone|Billing Phone|Phone 1 Value|Tel",
    "phone2": "Mobile Phone Number|Mobile Phone|Mobile Number|Mobile|Cell Phone|Cell Phone Number|Cell|Phone Number 2|"
    "Phone 2 Value",
    "phone3": "Home Phone|Home Phone Number|Phone Number 3",
    "website": "Website URL|Web Site|Web Page|Web Address",
    "owner": "Contact Owner",
    "street1": "Street Address|Address|Address 1|Address Line 1|Street|Billing Address|Billing Address 1|"
    "Billing Address Line 1|Billing Street|Mailing Address|Mailing Street|Address Line1|Bill Address",
    "street2": "Address 2|Address Line 2|Billing Address 2|Billing Address Line 2|Address Line2",
    "city": "City/Town|Town|Billing City|Mailing City|Address City",
    "state": "State/Region|State/Province|State/Province/Region|Province|Region|Billing State|Mailing State|"
    "Address State|State Code",
    "postal": "Zip|Zip Code|Postcode|Post Code|Postal|Postal Code/Zip|Zip/Postal Code|Zip/Postcode|Billing Postcode|"
    "Billing Zip|Billing Zip Code|Billing Postal Code|Mailing Zip|Mailing Postal Code|Address Zip|Address Postal Code",
    "country": "Country/Region|Country Name|Billing Country|Mailing Country|Address Country",
    "ship_street1": "Shipping Address|Shipping Address 1|Shipping Address Line 1|Shipping Street|Ship To Address|"
    "Shipping Address Line1",
    "ship_street2": "Shipping Address 2|Shipping Address Line 2|Shipping Address Line2",
    "ship_city": "Shipping City|Shipping Address City",
    "ship_state": "Shipping State|Shipping Province|Shipping Region|Shipping Address State",
    "ship_postal": "Shipping Postcode|Shipping Zip|Shipping Zip Code|Shipping Postal Code|Shipping Address Postal Code",
    "ship_country": "Shipping Country|Shipping Address Country",
}


def _contact_columns(*rows: tuple[str, Reads, str]) -> tuple[Column, ...]:
    return tuple(
        Column(field, reads, tuple(names.split("|")), tuple(filter(None, _ALSO.get(field, "").split("|"))))
        for field, reads, names in rows
    )


def _columns(*rows: tuple[str, Reads, str]) -> tuple[Column, ...]:
    return tuple(Column(field, reads, tuple(names.split("|"))) for field, reads, names in rows)


def _of_fields(fields: Iterable[Field]) -> tuple[Column, ...]:
    return tuple(Column(known.name, known.type, known.headers, known.also) for known in fields)


_T, _I, _N, _D, _M, _F = Reads.TEXT, Reads.ID, Reads.NUMBER, Reads.DAY, Reads.MONEY, Reads.FLAG

_CURRENCY = CURRENCY_HEADERS

COLUMNS: Mapping[Kind, tuple[Column, ...]] = {
    Kind.CONTACT: _contact_columns(
        ("id", _I, "Id|Contact Id|Infusionsoft's Contact Id"),
        ("first_name", _T, "First Name|given_name"),
        ("last_name", _T, "Last Name|family_name"),
        ("whole_name", _T, "Name|Full Name|Contact Name"),
        ("company", _T, "Company Name|Company|Co Name|company_name"),
        ("job_title", _T, "Job Title"),
        ("email", _T, "Email|Email Address|E-mail|Email Address 1|Email 1"),
        ("email2", _T, "Email Address 2|Email 2"),
        ("email3", _T, "Email Address 3|Email 3"),
        ("phone1", _T, "Phone 1|Phone"),
        ("phone2", _T, "Phone 2"),
        ("phone3", _T, "Phone 3"),
        ("phone4", _T, "Phone 4"),
        ("phone5", _T, "Phone 5"),
        ("website", _T, "Website"),
        ("person_notes", _T, "Notes|Contact Notes|Person Notes"),
        ("created_on", _D, "Date Created|create_time"),
        ("tag_ids", Reads.LIST, "Tag Ids|Groups"),
        ("tags", Reads.LIST, "Tags"),
        ("owner", _T, "Owner"),
        ("street1", _T, "Street Address 1"),
        ("street2", _T, "Street Address 2"),
        ("city", _T, "City"),
        ("state", _T, "State"),
        ("postal", _T, "Postal Code"),
        ("zip4", _T, "Zip Four|Zip Four 1"),
        ("country", _T, "Country"),
        ("ship_street1", _T, "Street Address 1 (Shipping)|Address 2 Street 1"),
        ("ship_street2", _T, "Street Address 2 (Shipping)|Address 2 Street 2"),
        ("ship_city", _T, "City (Shipping)|City 2"),
        ("ship_state", _T, "State (Shipping)|State 2"),
        ("ship_postal", _T, "Postal Code (Shipping)|Postal Code 2"),
        ("ship_zip4", _T, "Zip Four (Shipping)|Zip Four 2"),
        ("ship_country", _T, "Country (Shipping)|Country 2"),
    ),
    Kind.TAG: _columns(
        ("id", _I, "Id|Tag Id"),
        ("name", _T, "Group Name|Tag Name|Name"),
        ("category", _T, "Group Category|Tag Category|Group Category Id|category_name"),
    ),
    Kind.CONTACT_TAG: _columns(
        ("contact", _I, "Contact Id"),
        ("tag", _I, "Tag Id|Group Id"),
    ),
    Kind.PRODUCT: _columns(
        ("id", _I, "Id|Product Id"),
        ("name", _T, "Product Name"),
        ("sku", _T, "Sku"),
        ("price", _M, "Price|Product Price"),
        ("active", _F, "Product Status|Status|Active"),
        ("currency", _T, _CURRENCY),
    ),
    Kind.PLAN: _columns(
        ("id", _I, "Id|Subscription Plan Id|Program Id"),
        ("product", _I, "Product Id"),
        ("name", _T, "Plan Name|Program Name"),
        ("cycle", Reads.CYCLE, "Cycle|Billing Cycle|Default Cycle|cycle_type"),
        ("frequency", _N, "Frequency|Default Frequency|Billing Frequency"),
        ("price", _M, "Plan Price|Default Price"),
        ("active", _F, "Active|Status"),
        ("currency", _T, _CURRENCY),
    ),
    Kind.CARD: _columns(
        ("id", _I, "Id|Credit Card Id"),
        ("contact", _I, "Contact Id"),
        ("brand", _T, "Card Type|Brand"),
        ("last4", _T, "Last 4|Last Four"),
        ("expires_month", _N, "Expiration Month"),
        ("expires_year", _N, "Expiration Year"),
        ("state", _T, "Status"),
        ("active", _F, "Card Active"),
    ),
    Kind.NOTE: _columns(
        ("id", _I, "Id|Note Id"),
        ("contact", _I, "Contact Id"),
        ("at", Reads.INSTANT, "Note At|Creation Date"),
        ("author", _T, "Note Author"),
        ("text", _T, "Note Text|Creation Notes"),
        ("subscription", _I, "Subscription Id"),
        ("order", _I, "Order Id"),
    ),
    Kind.AUTOMATION: _columns(
        ("contact", _I, "Contact Id"),
        ("name", _T, "Automation Name"),
        ("running", _F, "Running"),
    ),
    Kind.SUBSCRIPTION: _of_fields(SUBSCRIPTION_FIELDS),
    Kind.ORDER: _columns(
        ("id", _I, "Id|Order Id|Job Id"),
        ("contact", _I, "Contact Id"),
        ("title", _T, "Order Title|Job Title"),
        ("ordered_on", _D, "Order Date|order_time|creation_time|creation_date|Date Created|Start Date|Due Date"),
        ("total", _M, "Order Total|Inv Total|Total"),
        ("subscription", _I, "Job Recurring Id|Subscription Id"),
        ("products", Reads.LIST, "Product Ids|Product Id"),
        ("product_names", _T, "Product Name"),
        ("invoice", _I, "Invoice Id"),
        ("currency", _T, _CURRENCY),
    ),
    Kind.INVOICE: _columns(
        ("id", _I, "Id|Invoice Id"),
        ("order", _I, "Job Id|Order Id"),
        ("total", _M, "Invoice Total"),
    ),
    Kind.ORDER_ITEM: _columns(
        ("id", _I, "Id|Order Item Id"),
        ("order", _I, "Order Id"),
        ("product", _I, "Product Id"),
        ("name", _T, "Item Name"),
        ("description", _T, "Item Description"),
        ("quantity", _N, "Qty|Quantity"),
        ("price", _M, "Price Per Unit|PPU|Price"),
        ("item_type", _T, "Item Type"),
        ("subscription", _I, "Subscription Id"),
        ("currency", _T, _CURRENCY),
    ),
    Kind.PAYMENT: _columns(
        ("id", _I, "Id|Payment Id"),
        ("order", _I, "Order Id"),
        ("invoice", _I, "Invoice Id"),
        ("paid_on", _D, "Pay Date|pay_time|payment_time"),
        ("method", _T, "Pay Type|Payment Type|Type"),
        ("amount", _M, "Pay Amt|Amount"),
        ("note", _T, "Pay Note|Note"),
        ("refund", _I, "Refund Id|refund_payment_id|refund_invoice_payment_id"),
        ("returns", _I, "Returns Payment Id"),
        ("allocation", _I, "Allocation Id"),
        ("refund_allocation", _I, "Refund Allocation Id"),
        ("written_with", _I, "Written With Refund"),
        ("state", _T, "Pay Status|Payment Status|Status"),
        ("kind", _T, "Payment Kind"),
        ("reference", _T, "Gateway Reference|external_transaction_id|Transaction Id"),
        ("reason_code", _T, "Reason Code"),
        ("recorded_at", Reads.INSTANT, "Recorded At"),
        ("recorded_by", _T, "Recorded By"),
        ("currency", _T, _CURRENCY),
    ),
}
"""The columns of every kind. Where two columns of a file are one field, the name further left here wins."""

_NEEDED: tuple[tuple[Kind, tuple[frozenset[str], ...]], ...] = tuple(
    (kind, tuple(frozenset(group.split("|")) for group in groups))
    for kind, groups in (
        (Kind.NOTE, ("contact", "at", "text")),
        (Kind.AUTOMATION, ("contact", "automationname")),
        (Kind.CARD, ("contact", "last4")),
        (Kind.INVOICE, ("order", "invoicetotal")),
        (Kind.ORDER_ITEM, ("order", "itemname|itemtype|priceperunit|ppu")),
        (Kind.PAYMENT, ("amount", "paid_on", "invoice|order")),
        (Kind.SUBSCRIPTION, ("contact", "cycle", "status|price|plan")),
        (
            Kind.ORDER,
            ("contact", "title|ordered_on", "ordertitle|jobtitle|jobrecurringid|jobstatus|orderdate|ordertotal"),
        ),
        (Kind.PLAN, ("planprice|defaultprice|numberofcycles|cycletype", "cycle|price")),
        (Kind.CONTACT_TAG, ("contact", "tag")),
        (Kind.TAG, ("groupname|tagname",)),
        (Kind.PRODUCT, ("productname", "price|sku|id")),
        (Kind.CONTACT, ("first_name|last_name|email|company|phone1",)),
    )
)
"""The columns by which a header is recognized as a kind, the most specific first: our fields, or normalized names."""

_SIGNS = re.compile(r"[\W_]+")
_NEAR, _FEWEST_LETTERS = 0.84, 4
# A type that a spreadsheet or a form puts behind a name: `Id (text)`. Keap's own `(Shipping)` is part of the name.
_TYPED = re.compile(r"\s*[(\[](?:text|string|number|numeric|integer|general|required|date)[)\]]\W*$", re.IGNORECASE)
_PREFIXES = ("infusionsofts", "keaps")


def compared(name: str) -> str:
    """A column's name, normalized for comparison."""
    bare = _SIGNS.sub("", _TYPED.sub("", name).replace("$", "s").casefold())
    for prefix in _PREFIXES:
        bare = bare.removeprefix(prefix)
    return bare


_BY_NAME: Mapping[Kind, Mapping[str, tuple[Column, int]]] = {
    kind: {compared(name): (column, rank) for column in columns for rank, name in enumerate(column.names)}
    for kind, columns in COLUMNS.items()
}


_BY_ANY_NAME: Mapping[Kind, Mapping[str, tuple[Column, int]]] = {
    kind: {
        compared(name): (column, rank)
        for column in columns
        for rank, name in reversed(tuple(enumerate((*column.names, *column.also))))
    }
    for kind, columns in COLUMNS.items()
}


def kind_of(header: Sequence[str], *, listed_as: str = "") -> Kind | None:
    """The kind of rows with these columns; None if it is not recognized. `listed_as` is the name of a JSON list."""
    if listed_as in _LISTS:
        return _LISTS[listed_as]
    names = {compared(name) for name in header}
    for kind, groups in _NEEDED:
        fields = {_BY_NAME[kind][name][0].field for name in names if name in _BY_NAME[kind]}
        if all(group & (fields | names) for group in groups):
            return kind
    return None


def is_header(cells: Sequence[str]) -> bool:
    """Whether cells are a header: they identify a kind, and two of them are its columns."""
    kind = kind_of(cells)
    return kind is not None and len({compared(cell) for cell in cells} & _BY_ANY_NAME[kind].keys()) > 1


_LISTS = {
    "contacts": Kind.CONTACT,
    "orders": Kind.ORDER,
    "subscriptions": Kind.SUBSCRIPTION,
    "invoice_order_payments": Kind.PAYMENT,
    "payments": Kind.PAYMENT,
    "products": Kind.PRODUCT,
    "tags": Kind.TAG,
}
"""The names of lists in REST answers."""


def others(kind: Kind, header: Sequence[str]) -> list[tuple[int, Column]]:
    """The further columns of fields that `places` reads from another column; the better ones first."""
    taken = places(kind, header)
    names = {compared(header[place]) for place in taken}
    fields = {column.field for column in taken.values()}
    found = [
        (rank, place, column)
        for place, name in enumerate(header)
        if compared(name) not in names
        for column, rank in [_BY_ANY_NAME[kind].get(compared(name), (None, 0))]
        if column is not None and column.field in fields
    ]
    return [(place, column) for _, place, column in sorted(found, key=lambda other: other[:2])]


def places(kind: Kind, header: Sequence[str]) -> dict[int, Column]:
    """The field at each place of a row. Of two columns for one field, or of the same name, one is taken."""
    best: dict[str, tuple[int, int]] = {}
    known = _BY_ANY_NAME[kind]
    for place, name in enumerate(header):
        found = known.get(compared(name))
        if found is not None:
            column, rank = found
            if column.field not in best or rank < best[column.field][0]:
                best[column.field] = (rank, place)
    by_field = {column.field: column for column in COLUMNS[kind]}
    return {place: by_field[field] for field, (_, place) in sorted(best.items(), key=lambda item: item[1][1])}


def hints(kind: Kind, header: Sequence[str], unknown: Sequence[str]) -> list[tuple[str, str]]:
    """The unknown columns that may be misspelt, with the name that may be meant."""
    taken = {column.field for column in places(kind, header).values()}
    free = {name: column.names[0] for name, (column, _) in _BY_ANY_NAME[kind].items() if column.field not in taken}
    found = []
    for written in unknown:
        name = compared(written)
        near = get_close_matches(name, free, 1, _NEAR) if len(name) >= _FEWEST_LETTERS else []
        # Swapped letters are the most frequent typing error.
        near = near or [other for other in free if len(name) >= _FEWEST_LETTERS and sorted(other) == sorted(name)]
        if near:
            found.append((written, free[near[0]]))
    return found
