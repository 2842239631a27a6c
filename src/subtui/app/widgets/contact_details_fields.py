"""The fields of contact details: e-mail, phone, and the preferred one."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.form_field import FormField
from subtui.app.widgets.text_field import TextField
from subtui.domain.contact_details import LONGEST_EMAIL, LONGEST_PHONE
from subtui.domain.plain_text import sanitize
from subtui.domain.requests import ContactDetails, Preferred

_WAYS = ((Preferred.EMAIL.value, "E-mail"), (Preferred.PHONE.value, "Phone"))


class ContactDetailsFields(Vertical):
    """Three fields with one value."""

    DEFAULT_CSS = "ContactDetailsFields { height: auto; }"

    def compose(self) -> ComposeResult:
        """Compose the fields, one below the other."""
        yield FormField("E-mail", TextField(id="email", most=LONGEST_EMAIL), id="field-email")
        yield FormField("Phone", TextField(id="phone", most=LONGEST_PHONE, placeholder="optional"), id="field-phone")
        yield FormField(
            "Contact by", Dropdown(_WAYS, value=Preferred.EMAIL.value, id="preferred"), id="field-preferred"
        )

    def put(self, reach: ContactDetails) -> None:
        """Set the fields."""
        self.query_one("#email", Input).value = sanitize(reach.email)
        self.query_one("#phone", Input).value = sanitize(reach.phone)
        self.query_one("#preferred", Dropdown).choose(reach.preferred.value)

    @property
    def reach(self) -> ContactDetails:
        """The contact details in the fields."""
        return ContactDetails(
            email=self.query_one("#email", Input).value,
            phone=self.query_one("#phone", Input).value,
            preferred=Preferred(self.query_one("#preferred", Dropdown).chosen or Preferred.EMAIL),
        )
