"""What roles and permissions are called."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from prorata.usecases.permissions import Actor, Permission, which_staff_may, who_may
from prorata.wording.marking import mark
from prorata.wording.words import Wording

_ROLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "owner": mark("owner"),
        "billing_admin": mark("billing admin"),
        "licence_admin": mark("licence admin"),
        "invoice_manager": mark("invoice manager"),
        "reader": mark("reader"),
        "member": mark("member"),
    }
)
_IN_PLURAL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "owner": mark("owners"),
        "billing_admin": mark("billing admins"),
        "licence_admin": mark("licence admins"),
        "invoice_manager": mark("invoice managers"),
        "reader": mark("readers"),
        "member": mark("members"),
    }
)
_DOES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "owner": mark("May do everything."),
        "billing_admin": mark("Buys, changes, cancels and pays."),
        "licence_admin": mark("Assigns licences."),
        "invoice_manager": mark("Sees everything, and pays bills."),
        "reader": mark("Sees everything, changes nothing."),
        "member": mark("Holds licences."),
    }
)
_OWN_DOES: Final = mark("May do what the account lets this role of its own do.")
_STAFF: Final[Mapping[str, str]] = MappingProxyType(
    {
        "owner": mark("owner at the vendor"),
        "finance": mark("finance"),
        "support": mark("support"),
        "catalogue": mark("catalogue"),
        "operator": mark("operator"),
    }
)
_STAFF_DO: Final[Mapping[str, str]] = MappingProxyType(
    {
        "owner": mark("May do everything at the vendor, and decides who else may."),
        "finance": mark("Sees the billing runs, starts them, and mends what is parked."),
        "support": mark("Looks at accounts and helps them, and moves no money."),
        "catalogue": mark("Keeps plans and prices."),
    }
)
_STAFF_WHO: Final[Mapping[str, str]] = MappingProxyType(
    {
        "owner": mark("the owners at the vendor"),
        "finance": mark("the people of finance"),
        "support": mark("the people of support"),
        "catalogue": mark("the people of the catalogue"),
    }
)
_PERMISSIONS: Final[Mapping[Permission, str]] = MappingProxyType(
    {
        "see": mark("see subscriptions, bills and payments"),
        "buy": mark("buy subscriptions"),
        "change_licences": mark("buy licences and give them up"),
        "change_plan": mark("change plan and billing frequency"),
        "move_anchor": mark("move the day on which periods begin"),
        "assign": mark("assign licences to members"),
        "pause": mark("pause subscriptions and resume them"),
        "set_renewal": mark("switch the renewal on and off"),
        "reactivate": mark("reactivate what has ended"),
        "trial": mark("extend trials and stop their conversion"),
        "cancel": mark("cancel subscriptions"),
        "pay": mark("pay bills"),
        "set_payment": mark("choose how bills are paid"),
        "move_clock": mark("move the clock of a test account"),
        "see_people": mark("see who belongs to the account"),
        "manage_people": mark("invite people, change their roles and end their access"),
        "manage_keys": mark("make API keys and revoke them"),
        "manage_directory": mark("let people sign in by a directory of the account"),
        "see_audit": mark("see the audit"),
        "check_use": mark("ask whether somebody may use a product"),
        "add_people": mark("add and remove people who only hold licences"),
        "export": mark("back up the data of the account"),
        "close_account": mark("close the account"),
        "give_credit": mark("give goodwill credits"),
        "give_back": mark("give back what was paid"),
        "give_discount": mark("give discounts"),
        "set_price": mark("set prices"),
        "enter_late": mark("enter late what has happened"),
        "see_runs": mark("see the runs and what is parked"),
        "start_run": mark("start runs"),
        "mend": mark("mend what is parked"),
        "see_accounts": mark("look for accounts"),
        "act_on_behalf": mark("act for a customer, with a reason"),
        "open_accounts": mark("open accounts, and set up sellers"),
        "manage_staff": mark("decide who works for the vendor, and as what"),
        "see_vendor_audit": mark("see the vendor’s own audit"),
    }
)


def role_word(w: Wording, role: str, *, own: str = "") -> str:
    """The word for a role in an account: "billing admin". `own`: the name of a role of the account's own."""
    return own or w.t(_ROLES[role])


def staff_role_word(w: Wording, role: str) -> str:
    """The word for a role at the vendor."""
    return w.t(_STAFF[role])


def actor_role_word(w: Wording, actor: Actor) -> str:
    """The word for what an actor is."""
    return staff_role_word(w, actor.role) if actor.side == "vendor" else role_word(w, actor.role, own=actor.own_role)


def role_does(w: Wording, role: str) -> str:
    """What a role in an account may do, in a sentence."""
    return w.t(_DOES.get(role, _OWN_DOES))


def staff_role_does(w: Wording, role: str) -> str:
    """What a role at the vendor may do, in a sentence."""
    return w.t(_STAFF_DO[role])


def permission_word(w: Wording, permission: Permission) -> str:
    """What a permission allows: "pay bills"."""
    return w.t(_PERMISSIONS[permission])


def refused_to(w: Wording, actor: Actor, *, permission: Permission) -> str | None:
    """Why somebody may not do something and who may; None where they may."""
    if actor.may(permission):
        return None
    role = actor_role_word(w, actor)
    of_account = [w.t(_IN_PLURAL[one]) for one in who_may(permission)]
    of_vendor = [w.t(_STAFF_WHO[one]) for one in which_staff_may(permission)]
    able = of_vendor if actor.side == "vendor" else of_account or of_vendor
    return w.t("Your role ({role}) does not allow this; {roles} can do it.", role=role, roles=w.list(able))
