"""Every use case with the permission that it asks for, and a way to try it that names things of another account."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from datetime import date
from io import BytesIO
from typing import get_type_hints

import prorata.usecases
from prorata.core.money import currency, money, unit_price
from prorata.usecases import (
    act_on_behalf,
    api_keys,
    check_entitlement,
    close_account,
    explain_document,
    mend_all,
    mend_parked,
    open_account,
    open_seller,
)
from prorata.usecases.act import Request, Services, act, preview
from prorata.usecases.assign_licences import AssignLicences
from prorata.usecases.assign_picked import AssignPicked
from prorata.usecases.bill_account import BillAccount
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.change_licences import ChangeLicences
from prorata.usecases.change_plan import ChangePlan
from prorata.usecases.command import Command
from prorata.usecases.door import directories, staff
from prorata.usecases.end_account import EndAccount
from prorata.usecases.export import ask, download, to_file
from prorata.usecases.export import page as export_page
from prorata.usecases.export.content import Exporting
from prorata.usecases.extend_trial import ExtendTrial
from prorata.usecases.give_back import GiveBack
from prorata.usecases.give_credit import GiveCredit
from prorata.usecases.give_discount import GiveDiscount
from prorata.usecases.late import Late
from prorata.usecases.move_anchor import MoveAnchor
from prorata.usecases.pages import accounts as accounts_pages
from prorata.usecases.pages import (
    audit,
    bills,
    cancel,
    cancel_several,
    catalogue,
    change_plan,
    closing,
    document,
    home,
    listed,
    parked,
    pay,
    reasons,
    runs,
    timetable,
)
from prorata.usecases.pages import licences as licences_pages
from prorata.usecases.pages import subscription as subscription_pages
from prorata.usecases.pages import surroundings as around
from prorata.usecases.pause_subscription import PauseSubscription
from prorata.usecases.pay_document import PayDocument, SetPaymentMode
from prorata.usecases.people import picking
from prorata.usecases.permissions import Actor, Permission
from prorata.usecases.reactivate_subscription import ReactivateSubscription
from prorata.usecases.resume_subscription import ResumeSubscription
from prorata.usecases.run_account import advance_clock
from prorata.usecases.set_price import set_price
from prorata.usecases.set_renewal import SetRenewal
from prorata.usecases.start_run import start_run
from prorata.usecases.stop_conversion import StopConversion
from prorata.usecases.undo_change import UndoChange
from prorata.web.center.printing import PagePrinter
from usecases.use import NAME, Use, unproved
from usecases.uses_of_people import PEOPLE

_EUR = currency("EUR")


def _command(permission: Permission, command: Command, *, foreign: bool = True) -> Use:
    assert command.permission == permission
    return Use(permission, lambda p: act(p.services, p.request, command), foreign)


COMMANDS: Mapping[type[Command], Use] = {
    AssignLicences: _command("assign", AssignLicences(NAME, add=frozenset({2}))),
    AssignPicked: _command("assign", AssignPicked(NAME, picking.Pick(frozenset({2})))),
    BillAccount: _command("move_clock", BillAccount(), foreign=False),
    BuySubscription: _command("buy", BuySubscription(999_999, 1), foreign=False),
    CancelSubscription: _command("cancel", CancelSubscription(NAME)),
    ChangeLicences: _command("change_licences", ChangeLicences(NAME, 3)),
    ChangePlan: _command("change_plan", ChangePlan(NAME, 1)),
    EndAccount: _command("close_account", EndAccount(), foreign=False),
    ExtendTrial: _command("trial", ExtendTrial(NAME)),
    GiveBack: _command("give_back", GiveBack(1)),
    GiveCredit: _command("give_credit", GiveCredit(money("1.00", _EUR), document=1, line=1)),
    GiveDiscount: _command("give_discount", GiveDiscount(NAME, amount=money("1.00", _EUR))),
    Late: _command("enter_late", Late(ChangeLicences(NAME, 3), date(2026, 1, 14))),
    MoveAnchor: _command("move_anchor", MoveAnchor(NAME, 3)),
    PauseSubscription: _command("pause", PauseSubscription(NAME)),
    PayDocument: _command("pay", PayDocument(1)),
    ReactivateSubscription: _command("reactivate", ReactivateSubscription(NAME)),
    ResumeSubscription: _command("pause", ResumeSubscription(NAME)),
    SetPaymentMode: _command("set_payment", SetPaymentMode("none"), foreign=False),
    SetRenewal: _command("set_renewal", SetRenewal(NAME, renews=False)),
    StopConversion: _command("trial", StopConversion(NAME)),
    UndoChange: _command("cancel", UndoChange(NAME)),
}

_ALL = listed.Part()
_TOO_LONG = "x" * 1000

# What is asked for cannot be done even by who may: nothing happens while it is tried as everybody.
USES: Mapping[str, Use] = {
    **PEOPLE,
    "act.preview": Use("cancel", lambda p: preview(p.services, p.request, CancelSubscription(NAME)), foreign=True),
    "act.act": COMMANDS[CancelSubscription],
    "act_on_behalf.begin_on_behalf": Use(
        "act_on_behalf",
        lambda p: act_on_behalf.begin_on_behalf(p.services, p.actor, account=999_999, reason="asked", session=None),
        foreign=True,
    ),
    "act_on_behalf.end_on_behalf": Use(
        "act_on_behalf",
        lambda p: act_on_behalf.end_on_behalf(p.services, p.actor, account=999_999, session=None),
        foreign=True,
    ),
    "api_keys.list_keys": Use("manage_keys", lambda p: api_keys.list_keys(p.services, p.request)),
    "api_keys.make_key": Use(
        "manage_keys",
        lambda p: api_keys.make_key(p.services, p.request, wish=api_keys.KeyWish(_TOO_LONG, frozenset({"read"}), 30)),
    ),
    "api_keys.revoke_key": Use(
        "manage_keys", lambda p: api_keys.revoke_key(p.services, p.request, key=1), foreign=True
    ),
    "check_entitlement.check_entitlement": Use(
        "check_use",
        lambda p: check_entitlement.check_entitlement(
            p.services, p.request, question=check_entitlement.Question("m2@x.example", "team")
        ),
    ),
    "check_entitlement.check_entitlements": Use(
        "check_use", lambda p: check_entitlement.check_entitlements(p.services, p.request, questions=[])
    ),
    "close_account.close_account": Use(
        "close_account",
        lambda p: close_account.close_account(p.services, p.request, wish=close_account.Wish(name="of another one")),
    ),
    "close_account.take_back_closing": Use(
        "close_account", lambda p: close_account.take_back_closing(p.services, p.request)
    ),
    "close_account.the_certificate": Use(
        "see_accounts", lambda p: close_account.the_certificate(p.services, p.actor, account=999_999), foreign=True
    ),
    "door.directories.directory_page": Use(
        "manage_directory", lambda p: directories.directory_page(p.services, p.request)
    ),
    "door.directories.remove_directory": Use(
        "manage_directory", lambda p: directories.remove_directory(p.services, p.request)
    ),
    "door.directories.set_directory": Use(
        "manage_directory",
        lambda p: directories.set_directory(
            p.services, p.request, wish=directories.Wish(name=_TOO_LONG, issuer="x", client_id="x")
        ),
    ),
    "door.directories.try_directory": Use(
        "manage_directory", lambda p: directories.try_directory(p.services, p.request)
    ),
    "door.staff.change_staff_role": Use(
        "manage_staff", lambda p: staff.change_staff_role(p.services, p.actor, email="nobody@x.example", role="support")
    ),
    "door.staff.create_staff": Use(
        "manage_staff",
        lambda p: staff.create_staff(p.services, p.actor, new=staff.NewStaff(email="", name="X", role="support")),
    ),
    "door.staff.end_staff": Use(
        "manage_staff", lambda p: staff.end_staff(p.services, p.actor, email="nobody@x.example")
    ),
    "door.staff.staff_link": Use(
        "manage_staff", lambda p: staff.staff_link(p.services, p.actor, email="nobody@x.example")
    ),
    "door.staff.staff_list": Use("manage_staff", lambda p: staff.staff_list(p.services, p.actor)),
    "explain_document.explain_document": Use(
        "see_runs", lambda p: explain_document.explain_document(p.services, p.actor, number=p.number, account=p.account)
    ),
    "export.ask.ask_export": Use("export", lambda p: ask.ask_export(p.services, unproved(p), language="en")),
    "export.download.download_export": Use(
        "export", lambda p: download.download_export(p.services, p.request, export=1), foreign=True
    ),
    "export.page.exports_page": Use("export", lambda p: export_page.exports_page(p.services, p.request)),
    "export.to_file.export_to_file": Use(
        "export",
        lambda p: to_file.export_to_file(
            p.services, unproved(p), kit=Exporting(PagePrinter()), into=BytesIO(), language="en", progress=print
        ),
    ),
    "mend_all.mend_all": Use("mend", lambda p: list(mend_all.mend_all(p.services, p.actor, seller=999_999))),
    "mend_parked.mend": Use(
        "mend", lambda p: mend_parked.mend(p.services, p.actor, account=p.account, subscription=NAME)
    ),
    "open_account.open_account": Use(
        "open_accounts",
        lambda p: open_account.open_account(
            p.services,
            p.actor,
            new=open_account.NewAccount(
                name="X", address=(), currency="EUR", owner="eva@x.example", owner_name="Eva", seller=999_999
            ),
        ),
    ),
    "open_seller.open_seller": Use(
        "open_accounts",
        lambda p: open_seller.open_seller(
            p.services, p.actor, new=open_seller.NewSeller(name="X", address=(), country="NL", zone="Europe/Amsterdam")
        ),
    ),
    "open_seller.sellers_page": Use("see_accounts", lambda p: open_seller.sellers_page(p.services, p.actor)),
    "pages.accounts.accounts_page": Use(
        "see_accounts", lambda p: accounts_pages.accounts_page(p.services, p.actor, words="nothing")
    ),
    "pages.accounts.one_account": Use(
        "see_accounts", lambda p: accounts_pages.one_account(p.services, p.actor, account=999_999), foreign=True
    ),
    "pages.audit.audit_page": Use("see_audit", lambda p: audit.audit_page(p.services, p.request)),
    "pages.audit.vendor_audit_page": Use("see_vendor_audit", lambda p: audit.vendor_audit_page(p.services, p.actor)),
    "pages.bills.bills_page": Use("see", lambda p: bills.bills_page(p.services, p.request)),
    "pages.cancel.cancel_page": Use(
        "see", lambda p: cancel.cancel_page(p.services, p.request, name=NAME), foreign=True
    ),
    "pages.cancel_several.several_page": Use(
        "see", lambda p: cancel_several.several_page(p.services, p.request, names=[NAME], when="now")
    ),
    "pages.catalogue.catalogue_page": Use("see", lambda p: catalogue.catalogue_page(p.services, p.request)),
    "pages.change_plan.change_plan_page": Use(
        "see", lambda p: change_plan.change_plan_page(p.services, p.request, name=NAME), foreign=True
    ),
    "pages.closing.closing_page": Use("see", lambda p: closing.closing_page(p.services, p.request)),
    "pages.document.document_page": Use(
        "see", lambda p: document.document_page(p.services, p.request, number=p.number), foreign=True
    ),
    "pages.home.home": Use("see", lambda p: home.home(p.services, p.request)),
    "pages.licences.holders_page": Use(
        "see", lambda p: licences_pages.holders_page(p.services, p.request, name=NAME), foreign=True
    ),
    "pages.licences.licences_page": Use("see", lambda p: licences_pages.licences_page(p.services, p.request)),
    "pages.listed.document_list": Use("see", lambda p: listed.document_list(p.services, p.request, part=_ALL)),
    "pages.listed.document_read": Use(
        "see", lambda p: listed.document_read(p.services, p.request, number=p.number), foreign=True
    ),
    "pages.listed.subscription_list": Use("see", lambda p: listed.subscription_list(p.services, p.request, part=_ALL)),
    "pages.listed.subscription_read": Use(
        "see", lambda p: listed.subscription_read(p.services, p.request, name=NAME), foreign=True
    ),
    "pages.listed.whose": Use("see", lambda p: listed.whose(p.services, p.request)),
    "pages.parked.mended_page": Use(
        "see_runs",
        lambda p: parked.mended_page(p.services, p.actor, account=999_999, subscription=NAME),
        foreign=True,
    ),
    "pages.parked.parked_count": Use("see_runs", lambda p: parked.parked_count(p.services, p.actor)),
    "pages.parked.parked_page": Use("see_runs", lambda p: parked.parked_page(p.services, p.actor)),
    "pages.pay.paid_page": Use("see", lambda p: pay.paid_page(p.services, p.request, ids=[1]), foreign=True),
    "pages.pay.pay_page": Use("see", lambda p: pay.pay_page(p.services, p.request, number=p.number), foreign=True),
    "pages.reasons.reasons_page": Use("see_accounts", lambda p: reasons.reasons_page(p.services, p.actor)),
    "pages.runs.due_today": Use("see_runs", lambda p: runs.due_today(p.services, p.actor)),
    "pages.runs.run_page": Use("see_runs", lambda p: runs.run_page(p.services, p.actor, run_id=999_999)),
    "pages.runs.runs_page": Use("see_runs", lambda p: runs.runs_page(p.services, p.actor)),
    "pages.subscription.subscription_page": Use(
        "see", lambda p: subscription_pages.subscription_page(p.services, p.request, name=NAME), foreign=True
    ),
    "pages.surroundings.surroundings": Use("see", lambda p: around.surroundings(p.services, p.request)),
    "pages.timetable.timetable_page": Use("see", lambda p: timetable.timetable_page(p.services, p.request)),
    "run_account.advance_clock": Use(
        "move_clock", lambda p: advance_clock(p.services, p.request, to=date(2026, 1, 16))
    ),
    "set_price.set_price": Use(
        "set_price", lambda p: set_price(p.services, p.actor, plan=999_999, amount=unit_price("1.00", _EUR))
    ),
    "start_run.start_run": Use("start_run", lambda p: start_run(p.services, p.actor, seller=999_999)),
}

PARTS = frozenset({
    "act.act_within",  # of act, and of closing an account
    "act_on_behalf.note_in_account",  # of begin, end, and of every end of a session
    "act_on_behalf.note_with_vendor",
    "end_account.end",  # of closing one, at once or on its day
    "note.note_of_vendor",
    "pages.facts.here",  # of each page that begins with it
    "people.rules.check_member",
    "people.rules.check_role",
    "people.rules.managing",
    "people.rules.may_manage",
    "people.rules.not_beyond",
    "permissions.member_actor",
    "permissions.operator",
    "permissions.staff_actor",
    "run_billing.open_runs",  # of start_run, and of the command line
})  # fmt: skip
"""What takes an actor and is a part of use cases, not one itself."""

WITHOUT_ACTOR = frozenset({
    # What lets people in asks who they are, not what they may.
    "door", "people.accept_invitation", "api_keys.use_key",
    # A part of what has asked already: of inviting, and of opening an account.
    "people.invite.invite_here",
    # Parts of planning a closing, of taking it back, and of its day.
    "closing_told.tell_planned", "closing_told.tell_taken_back", "closing_told.tell_blocked",
    # The demo's own: whom one can be, and its mailbox.
    "pages.people", "pages.mailbox", "load_demo",
    # The command line, the worker and the machine.
    "close_account.close_due", "close_account.close_if_due", "closing_told.announce_closing",
    "announce.announce", "announce_due",
    "act.now", "benchmarks", "check_batch", "installation", "metrics", "pages.parked.parked_list", "plan_billing",
    "population", "run_account.run_account", "run_batch", "run_billing", "run_summary", "send_mails", "tend_queue",
    "export.content.write_archive", "export.make",
    "verify",
})  # fmt: skip
"""Modules and functions that ask for no actor, and why none of them is a hole."""

_OF_STORIES = "story_commands"
"""Commands that a story plays with; no edge knows them."""


def commands() -> Iterator[type[Command]]:
    """Every kind of command that an edge could give."""
    _import_all()
    todo: list[type[Command]] = [Command]
    while todo:
        kind = todo.pop()
        todo += kind.__subclasses__()
        # A dataclass with slots is made twice; only the second is what its module has.
        there = getattr(importlib.import_module(kind.__module__), kind.__name__, None)
        if kind is there and not inspect.isabstract(kind) and not kind.__module__.endswith(_OF_STORIES):
            yield kind


def functions() -> Iterator[tuple[str, bool]]:
    """Every public function that works with the services or takes an actor, by name; whether it is told who acts."""
    for module in _import_all():
        for name, found in inspect.getmembers(importlib.import_module(module), inspect.isfunction):
            if found.__module__ != module or name.startswith("_") or module.endswith(_OF_STORIES):
                continue
            hints = set(get_type_hints(found).values())
            if hints & {Services, Request, Actor}:
                yield f"{module.removeprefix('prorata.usecases.')}.{name}", bool(hints & {Request, Actor})


def _import_all() -> list[str]:
    found = [one.name for one in pkgutil.walk_packages(prorata.usecases.__path__, "prorata.usecases.")]
    for name in found:
        importlib.import_module(name)
    return found
