"""The fields of a subscription, in the order of the columns of an export. Keap's `RecurringOrder`."""

from subtui.domain.fields import Field, FieldType, field, labels

CURRENCY_HEADERS = "Currency|Currency Code|Currency ISO Code|Order Currency|Payment Currency|Transaction Currency"

_T, _I, _N, _D, _M, _F = (
    *(FieldType.TEXT, FieldType.ID, FieldType.NUMBER),
    *(FieldType.DAY, FieldType.MONEY, FieldType.FLAG),
)

SUBSCRIPTION_FIELDS: tuple[Field, ...] = (
    field("id", _I, "Id|Your System's Subscription Id|Subscription Id|Recurring Order Id", column=""),
    field("contact", _I, "Contact Id|Infusionsoft's Contact Id", "Contact", column="contact_id", logged=True),
    field("plan", _I, "Subscription Plan Id|Program Id", "Plan", column="plan_id", logged=True),
    field("product", _I, "Product Id", column=""),
    field("plan_name", _T, "Subscription Plan|Plan Name", column=""),
    field("card", _I, "CC1|Credit Card Id", "Card", column="credit_card_id", logged=True),
    field("frequency", _N, "Frequency|Billing Frequency", "Frequency", logged=True),
    field("cycle", FieldType.CYCLE, "Billing Cycle|Cycle", "Cycle", logged=True),
    field("price", _M, "Billing Amt|Billing Amount|Price|Bill Amt", "Price", column="price_minor", logged=True),
    field("quantity", _N, "Qty|Quantity", "QTY", logged=True),
    field("status", FieldType.STATUS, "Status|Active", "Status", logged=True),
    field("start_date", _D, "Start Date", "Start date", logged=True),
    field("end_date", _D, "End Date", "End date", logged=True),
    field("reason", _T, "Reason Stopped", column=""),
    field("billed", _D, "Paid Thru Date|Last Bill Date", column=""),
    field("next_bill_date", _D, "Next Bill Date|Next Bill", "Next bill", logged=True),
    field("auto_charge", _F, "Auto Charge|Auto$", "Auto Charge", logged=True),
    field("max_attempts", _N, "Max Retry|Max Charge Attempts", "Attempts", logged=True),
    field("days_between_attempts", _N, "Num Days Between Retry|Days Between Retries", "Tried again", logged=True),
    field("first_order", _I, "Originating Order Id", column=""),
    field("currency", _T, CURRENCY_HEADERS),
    field("credits", _N, "Credits", "Credits", logged=True),
    field("reason_code", _T, "Reason Code", "Reason", logged=True),
    field("reason_note", _T, "Reason Note", "Note", logged=True),
    field("anchor", _D, "First Bill Date", "First bill", logged=True),
    field("paid_through", _D, "Paid Through", "Paid through", logged=True),
    field("requested_on", _D, "Requested On", "Requested", logged=True),
    field("charging_stops_on", _D, "Charging Stops On", "Charging stops", logged=True),
    field("recorded_at", FieldType.INSTANT, "Recorded At", "Recorded", logged=True),
    field("recorded_by", _T, "Recorded By", "Recorded by", logged=True),
    field("imported_on", _D, "Imported On"),
    field("paused_from", _D, "Paused From", "Paused from", logged=True),
    field("resumes_on", _D, "Resumes On", "Resumes", logged=True),
    field("restarts_cycle", _F, "Restarts Cycle", "New billing cycle", logged=True),
    field("access_in_pause", _F, "Access In Pause", "Access in pause", logged=True),
    field("merchant_account", _T, "Merchant Account|Merchant Account Id", "Merchant", logged=True),
    field("charged_after_pause", _F, "Charged After Pause", column=""),
)

SUBSCRIPTION_LABELS = labels(SUBSCRIPTION_FIELDS)
