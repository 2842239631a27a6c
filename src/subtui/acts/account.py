"""Acts and queries about the account itself and its settings."""

from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

from subtui.acts.act import Act, Query
from subtui.domain.account_settings import SettingsDraft
from subtui.domain.errors import Problem
from subtui.domain.permissions import Permission
from subtui.views.account import BillingView, MyAccount, SettingsView


@dataclass(frozen=True, slots=True)
class SaveSettings(Act[str]):
    """Save the settings of the account; answers a sentence. Raises Invalid with the fields, Refused."""

    permission: ClassVar = Permission.CHANGE_SETTINGS
    changes_account: ClassVar = True
    draft: SettingsDraft
    _: KW_ONLY
    version: int


@dataclass(frozen=True, slots=True)
class MarkDrill(Act[str]):
    """Mark the database for practice, permanently: acts can be done in it on any day. Raises Refused."""

    permission: ClassVar = Permission.CHANGE_SETTINGS
    changes_account: ClassVar = True


@dataclass(frozen=True, slots=True)
class GetBilling(Query[BillingView]):
    """Admin > Billing & Account."""

    permission: ClassVar = Permission.VIEW_BILLING


@dataclass(frozen=True, slots=True)
class GetMyAccount(Query[MyAccount]):
    """My account: the user as stored now, and the state of a cancellation."""


@dataclass(frozen=True, slots=True)
class GetSettings(Query[SettingsView]):
    """The settings of the account."""

    permission: ClassVar = Permission.VIEW_BILLING


@dataclass(frozen=True, slots=True)
class CheckSettings(Query[tuple[Problem, ...]]):
    """The problems of the settings form."""

    permission: ClassVar = Permission.VIEW_BILLING
    draft: SettingsDraft
