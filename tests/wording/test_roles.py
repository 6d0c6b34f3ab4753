"""Roles and permissions in words, and whose role would allow what somebody's does not."""

import pytest

from prorata.usecases.permissions import (
    ACCOUNT_PERMISSIONS,
    ROLES,
    STAFF_ROLES,
    VENDOR_PERMISSIONS,
    Permission,
    member_actor,
    staff_actor,
)
from prorata.wording import Language, wording_for
from prorata.wording.roles import permission_word, refused_to, role_does, role_word, staff_role_does, staff_role_word

EN, NL, IT = (wording_for(language) for language in (Language.EN, Language.NL, Language.IT))


@pytest.mark.parametrize("permission", [*ACCOUNT_PERMISSIONS, *VENDOR_PERMISSIONS])
def test_every_permission_has_words_of_its_own_in_each_language(permission: Permission):
    said = {permission_word(w, permission) for w in (EN, NL, IT)}
    assert len(said) == 3


def test_every_role_has_a_word_and_says_what_it_does():
    for w in (EN, NL, IT):
        assert len({role_word(w, role) for role in ROLES}) == len(ROLES)
        assert len({role_does(w, role) for role in ROLES}) == len(ROLES)
        assert len({staff_role_word(w, role) for role in STAFF_ROLES}) == len(STAFF_ROLES)
        assert len({staff_role_does(w, role) for role in STAFF_ROLES}) == len(STAFF_ROLES)
    assert role_word(NL, "custom:1", own="Balie") == "Balie"
    assert role_does(EN, "custom:1") == "May do what the account lets this role of its own do."


def test_who_may_not_is_told_who_may():
    reader = member_actor("Anna", "reader", member=1)
    assert refused_to(EN, reader, permission="see") is None
    assert refused_to(EN, reader, permission="manage_people") == (
        "Your role (reader) does not allow this; owners can do it."
    )
    payer = member_actor("Anna", "custom:1", member=1, own=("pay",), own_role="Balie")
    assert (refused_to(NL, payer, permission="buy") or "").startswith("Uw rol (Balie)")


def test_what_is_the_vendors_is_theirs_also_for_who_has_a_role_in_an_account():
    owner = member_actor("Daan", "owner", member=1)
    assert refused_to(EN, owner, permission="give_credit") == (
        "Your role (owner) does not allow this; the owners at the vendor and the people of finance can do it."
    )


def test_the_vendors_people_are_told_who_of_them_may():
    support = staff_actor("Sanne", "support")
    assert refused_to(EN, support, permission="cancel") == (
        "Your role (support) does not allow this; the owners at the vendor and the people of finance can do it."
    )
    assert refused_to(IT, support, permission="manage_staff") == (
        "Il ruolo attuale (assistenza) non lo consente; possono farlo i titolari presso il fornitore."
    )
