"""The states of orders, their refunds, and the reports."""

from subtui.flows.states.state import State

ORDER, REFUND = "/orders/1881", "/orders/1881/refund"
REFUNDED = ("d", "ctrl+s", "y")

ORDERS = (
    State("order", "nothing due", ORDER),
    State("order_due", "49.00 USD due", "/orders/1702"),
    State("order_refunded", "Recorded, not sent", REFUND, keys=REFUNDED),
    State("order_correct", "Reverse this refund?", REFUND, keys=(*REFUNDED, "down", "x")),
    State("order_corrected", "Refund reversed", REFUND, keys=(*REFUNDED, "down", "x", "y")),
    State("order_reference", "gateway reference", REFUND, keys=(*REFUNDED, "down", "e")),
    State("order_missing", "There is no order 9.", "/orders/9"),
    State("refund", "all that is left", REFUND),
    State("refund_partial", "of this payment", REFUND, keys=("d", "tab", "tab"), typed="10"),
    State("refund_wrong", "Not saved. Choose a reason.", REFUND, keys=("ctrl+s",)),
    State("refund_amount_wrong", "Not saved.", REFUND, keys=("d", "tab", "tab"), typed="1e3", then=("ctrl+s",)),
    State("refund_question", "Record this refund?", REFUND, keys=REFUNDED[:2]),
    State("refund_nothing_left", "already been refunded in full", REFUND, keys=(*REFUNDED, "r")),
    State("refund_letter", "recorded, not sent", REFUND, keys=(*REFUNDED, "l")),
    State("payment", "49.00 USD due", "/orders/1702/payment"),
    State("payment_question", "Record this payment?", "/orders/1702/payment", keys=("ctrl+s",)),
    State("refunds", "1 open refund", REFUND, keys=(*REFUNDED, "F")),
    State("refunds_none", "No open refunds", "/refunds"),
    State("reports_reasons", "Too expensive", "/reports"),
    State("reports_months", "48 cancellations", "/reports", keys=("f",)),
    State("reports_ending", "4 scheduled to end", "/reports", keys=("f", "f")),
    State("reports_loose", "13 to fix", "/reports", keys=("f", "f", "f", "f")),
    State("reports_refunds", "18 refunds", "/reports", keys=("f", "f", "f", "f", "f")),
    State("reports_fix", "paid through", "/reports", keys=("f", "f", "f", "f", "x")),
)
