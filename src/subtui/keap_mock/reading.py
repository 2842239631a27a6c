"""GET: lists, single rows, rows below others, and what there is one of."""

from collections.abc import Iterable, Sequence

from subtui.keap_mock.account import Account
from subtui.keap_mock.errors import ApiError, no_such_path
from subtui.keap_mock.filters import Condition, Filter, How, conditions_of
from subtui.keap_mock.kinds import KINDS, id_field
from subtui.keap_mock.pages import list_page
from subtui.keap_mock.requests import Request
from subtui.keap_mock.switches import Switches
from subtui.keap_mock.tables import Table
from subtui.keap_mock.tagging import applied_tags, associations, tagged_contacts
from subtui.keap_mock.values import Row, row_number, without_hidden

_OLD_FILTERS = {
    "subscriptions": {"contact_id", "subscription_plan_id"},
    "orders": set(KINDS["orders"].filters) - {"id", "ids", "modified_since_time", "modified_until_time"},
    "contacts": set(KINDS["contacts"].filters) - {"contact_id", "ids"},
}
_SINGLE = {"contacts", "companies", "tags", "products", "users", "subscriptions", "orders"}
_LISTS: dict[tuple[str, ...], str] = {
    **{(kind,): kind for kind in (*_SINGLE, "merchants")},
    ("tags", "categories"): "tag_categories",
    ("sales", "payments"): "payments",
    ("sales", "transactions"): "transactions",
    ("paymentMethods",): "payment_methods",
}
_ASSOCIATIONS: dict[tuple[str, ...], str] = {
    ("contacts", "-", "tags"): "contact_tags",
    ("tags", "-", "contacts"): "tag_contacts",
}
_DOCUMENTS: dict[tuple[str, ...], str] = {
    ("oauth", "connect", "userinfo"): "userinfo",
    ("businessProfile",): "business_profile",
}
_MODELLED = {"contacts", "companies", "orders", "subscriptions"}


def read(account: Account, steps: tuple[str, ...], request: Request, switches: Switches) -> Row:
    """What a GET answers. ApiError: 400, 404, or no such path."""
    if steps in _LISTS:
        found = _list(account, _LISTS[steps], request, switches)
        return (
            {"default_merchant_account_id": _default_merchant(account), **found} if steps[0] == "merchants" else found
        )
    if steps in _DOCUMENTS:
        return account.documents[_DOCUMENTS[steps]]
    match steps:
        case ("contacts" | "tags", "-", _) if steps in _ASSOCIATIONS:
            return _made_list(account, associations(account), _ASSOCIATIONS[steps], request, switches)
        case ("settings", "applications:getConfiguration"):
            return _configuration(account, request)
        case ("settings", "applications:isEnabled"):
            return {"isEnabled": True}
        case (kind, "model") if kind in _MODELLED:
            return dict(account.documents["models"][kind])
        case (kind, row_id) if kind in _SINGLE:
            return _shown(kind, _row(account, kind, row_id), request, switches, single=True)
    return _below(account, steps, request, switches)


def _below(account: Account, steps: tuple[str, ...], request: Request, switches: Switches) -> Row:
    """Rows below another row."""
    match steps:
        case ("products", product_id, "subscriptions"):
            parents = [] if product_id == "-" else [str(_row(account, "products", product_id)["id"])]
            only = [Condition("product", Filter("_product_id"), "==", each) for each in parents]
            return _list(account, "plans", request, switches, only)
        case ("products", product_id, "subscriptions", plan_id):
            plan = _row(account, "plans", plan_id)
            if product_id not in {"-", plan.get("_product_id")}:
                raise _missing("plan", plan_id)
            return _shown("plans", plan, request, switches, single=True)
        case ("contacts", contact_id, "paymentMethods"):
            owner = str(_row(account, "contacts", contact_id)["id"])
            only = [Condition("contact_id", Filter("contact_id"), "==", owner)]
            found = _list(account, "payment_methods", request, switches, only)
            return {"records" if name == "payment_methods" else name: value for name, value in found.items()}
        case ("contacts", contact_id, "tags"):
            contact = _row(account, "contacts", contact_id)
            return _made_list(account, applied_tags(account, contact), "applied_tags", request, switches)
        case ("tags", tag_id, "contacts"):
            tag = str(_row(account, "tags", tag_id)["id"])
            return _made_list(account, tagged_contacts(account, tag), "tagged_contacts", request, switches)
        case ("orders", order_id, "payments"):
            order = str(_row(account, "orders", order_id)["id"])
            return _made_list(account, account.order_payments(order), "order_payments", request, switches)
        case ("orders", order_id, "items", item_id):
            items = _row(account, "orders", order_id).get("order_items") or ()
            for each in items:
                if str(each.get("id")) == item_id:
                    return dict(each)
            raise _missing("order item", item_id)
    raise no_such_path()


def _list(account: Account, kind: str, request: Request, switches: Switches, only: Sequence[Condition] = ()) -> Row:
    known = dict(KINDS[kind].filters)
    if KINDS[kind].custom and not switches.old:
        known.update(_custom_filters(account, kind))
    if switches.old and kind in _OLD_FILTERS:
        known = {name: each for name, each in known.items() if name in _OLD_FILTERS[kind]}
    conditions = [*only, *conditions_of(request.parameter("filter") or "", known, switches)]
    if kind == "users":
        conditions.extend(_usual_users(conditions))
    if kind == "subscriptions" and not switches.inactive_listed and not any(c.name == "status" for c in conditions):
        conditions.append(Condition("active", Filter("active", How.FLAG), "==", "true"))
    return list_page(
        account.tables[kind],
        KINDS[kind],
        conditions,
        request,
        switches,
        lambda row: _shown(kind, row, request, switches),
    )


def _made_list(account: Account, rows: Iterable[Row], kind: str, request: Request, switches: Switches) -> Row:
    """A list of rows that are no kind of the account's own."""
    table = Table("_at")
    for row in rows:
        table.add(row)
    conditions = conditions_of(request.parameter("filter") or "", KINDS[kind].filters, switches)
    return list_page(table, KINDS[kind], conditions, request, switches, without_hidden)


def _usual_users(conditions: Sequence[Condition]) -> list[Condition]:
    """Inactive users and partners come only if they are asked for."""
    asked = {condition.name for condition in conditions if condition.text.casefold() == "true"}
    found = []
    if "include_inactive" not in asked:
        found.append(
            Condition("active", Filter("", How.FLAG, read=lambda row: [row.get("status") == "INACTIVE"]), "==", "false")
        )
    if "include_partners" not in asked:
        found.append(Condition("partner", Filter("partner", How.FLAG), "==", "false"))
    return found


def _custom_filters(account: Account, kind: str) -> dict[str, Filter]:
    fields = account.documents["models"].get(kind, {}).get("custom_fields", ())
    return {str(each["field_name"]): _custom_filter(each) for each in fields}


def _custom_filter(described: Row) -> Filter:
    wanted = str(described["id"])
    numbers = {"WHOLE_NUMBER", "DECIMAL_NUMBER", "CURRENCY", "PERCENT", "YEAR"}
    how = How.NUMBER if described.get("field_type") in numbers else How.TEXT

    def content(row: Row) -> list[object]:
        return [
            each["content"]
            for each in row.get("custom_fields") or ()
            if str(each.get("id")) == wanted and each.get("content") is not None
        ]

    return Filter("", how, compared=how is How.NUMBER, read=content)


def _shown(kind: str, row: Row, request: Request, switches: Switches, *, single: bool = False) -> Row:
    """A row as it is sent: the fields asked for, and those of this generation."""
    shown = without_hidden(row)
    if kind == "transactions":
        shown.pop(id_field(kind), None)
    if kind == "plans" and switches.plans_name_product:
        shown |= {"product_id": row.get("_product_id"), "allow_prorating": False}
    if kind == "subscriptions" and switches.old:
        shown.pop("modification_time", None)
    if kind == "orders" and not single and not switches.order_items_listed:
        shown.pop("order_items", None)
    described = KINDS[kind]
    if described.optional and switches.fields_needed:
        asked = {name.strip(" `") for text in request.parameters("fields") for name in text.split(",") if name.strip()}
        left_out = (described.optional | described.usual if asked else described.optional) - asked
        return {name: value for name, value in shown.items() if name not in left_out}
    return shown


def _row(account: Account, kind: str, row_id: str) -> Row:
    number = row_number(row_id)
    found = account.tables[kind].get(number) if number is not None else None
    if found is None:
        raise _missing(kind[:-1], row_id)
    return found


def _missing(what: str, row_id: str) -> ApiError:
    return ApiError(404, f"There is no {what} {row_id}", resource=what)


def _configuration(account: Account, request: Request) -> Row:
    asked = {name for text in request.parameters("fields") for name in text.split(",")}
    found: Row = {"application": account.documents["application"]}
    if "ECOMMERCE" in asked:
        found["ecommerce"] = account.documents["ecommerce"]
    return found


def _default_merchant(account: Account) -> str | None:
    return next((str(row["id"]) for _, row in account.tables["merchants"].rows()), None)
