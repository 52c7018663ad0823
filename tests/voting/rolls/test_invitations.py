"""A code ties one account to one entry, once; it stands nowhere but in its e-mail or on its letter."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from accounts.own_data.erasing import erase_account
from accounts.own_data.taking import own_data
from accounts.refusals import Conflict, InvalidInput, NotPermitted, TooFast
from consultations.clock import database_now
from tests.factories import UserFactory, choose, fresh
from tests.outbox import send_what_waits
from tests.voting.rolls.conftest import again, put_on
from voting.ballots.casting import cast_ballot
from voting.models import EligibleVoter, RollAttempt
from voting.results.tallies import own_ballot
from voting.rolls import keys
from voting.rolls.changing import remove_voters, set_takes_numbers
from voting.rolls.claiming import claim_entry
from voting.rolls.inviting import invite_by_email, print_letters

pytestmark = pytest.mark.django_db
CODE = re.compile(r"^[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}$", re.M)


@pytest.fixture
def code(roll, editor):
    """Of the one entry without an e-mail, on a letter."""
    [letter] = print_letters(roll=roll, actor=editor)
    assert (letter.reference, letter.district) == ("A-7", "Sur")
    return letter.code


def vote(poll, voter):
    return cast_ballot(poll=again(poll), voter=fresh(voter), choices=choose(poll, "for"))


def test_a_code_lets_its_account_vote(rolled, code):
    rosa = UserFactory()
    with pytest.raises(NotPermitted, match="not_on_roll"):
        vote(rolled, rosa)
    claim_entry(typed=f" {code.lower().replace('-', ' ')} ", user=rosa)
    assert claim_entry(typed=code, user=rosa)  # twice is once
    vote(rolled, rosa)


def test_a_code_that_was_used_by_another_has_expired_or_is_unknown_says_so(roll, code, editor):
    rosa = UserFactory()
    EligibleVoter.objects.filter(is_by_document=True).update(code_expires_at=database_now() - timedelta(seconds=1))
    for typed, fault in ((code, "code_expired"), (keys.new_code(), "unknown_code"), ("hola", "no_code")):
        with pytest.raises(InvalidInput, match=fault):
            claim_entry(typed=typed, user=rosa)
    [newer] = print_letters(roll=roll, actor=editor, again=True)
    with pytest.raises(InvalidInput, match="unknown_code"):
        claim_entry(typed=code, user=rosa)
    claim_entry(typed=newer.code, user=UserFactory())
    with pytest.raises(InvalidInput, match="code_used"):
        claim_entry(typed=newer.code, user=rosa)


def test_after_a_few_wrong_codes_not_even_the_right_one_is_taken(code):
    rosa = UserFactory()
    for _ in range(5):
        with pytest.raises(InvalidInput):
            claim_entry(typed=keys.new_code(), user=rosa)
    with pytest.raises(TooFast):
        claim_entry(typed=code, user=rosa)
    assert RollAttempt.objects.filter(user=rosa).count() == 5
    claim_entry(typed=code, user=UserFactory())


def test_who_votes_by_a_confirmed_email_is_taken_over_neither_by_a_letter_nor_by_a_number(rolled, roll, editor):
    luz = UserFactory(email="luz@example.org")
    vote(rolled, luz)
    EligibleVoter.objects.filter(email=luz.email).update(code=keys.code_key("A" * 16))
    [letter] = print_letters(roll=roll, actor=editor, again=True)
    with pytest.raises(InvalidInput, match="email_taken"):
        claim_entry(typed=letter.code, user=editor)
    set_to_take_numbers(roll)
    with pytest.raises(InvalidInput, match="number_taken"):
        claim_entry(typed="22.333.444", user=editor)

    assert own_ballot(again(rolled), fresh(editor)) is None
    assert own_ballot(again(rolled), fresh(luz)).revision == 1
    claim_entry(typed=letter.code, user=luz)
    assert own_ballot(again(rolled), fresh(luz)).revision == 1


def set_to_take_numbers(roll):
    """After the first ballot nobody can: as if it had been so from the beginning."""
    type(roll).objects.filter(pk=roll.pk).update(takes_numbers=True)


def test_nobody_has_two_entries_on_a_roll(rolled, roll, code, editor):
    put_on(rolled, "dni\n87654321\n", reason="Faltaba")
    rosa = UserFactory()
    claim_entry(typed=code, user=rosa)
    [second] = print_letters(roll=roll, actor=editor)
    with pytest.raises(Conflict, match="has_entry"):
        claim_entry(typed=second.code, user=rosa)


def test_a_number_alone_is_taken_only_where_the_agency_has_chosen_so_and_by_one_account(rolled, roll, editor):
    rosa, omar = UserFactory(), UserFactory()
    with pytest.raises(InvalidInput, match="number_not_on_roll"):
        claim_entry(typed="12.345.678", user=rosa)
    set_takes_numbers(roll=roll, takes_numbers=True, actor=editor)
    claim_entry(typed="20-12345678-6", user=rosa)
    with pytest.raises(InvalidInput, match="number_taken"):
        claim_entry(typed="12345678", user=omar)
    vote(rolled, rosa)


def test_an_invitation_goes_to_each_email_once_with_a_code_that_is_kept_nowhere(
    rolled, roll, editor, django_capture_on_commit_callbacks
):
    assert invite_by_email(roll=roll, actor=editor) == 2
    assert invite_by_email(roll=roll, actor=editor) == 0
    send_what_waits()
    sent = {message.to[0]: str(message.body) for message in mail.outbox}
    assert set(sent) == {"ana@example.org", "luz@example.org"}
    [code] = CODE.findall(sent["luz@example.org"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT string_agg(t::text, '') FROM \"{table}\" t")
            text = cursor.fetchone()[0] or ""
            assert code not in text and keys.plain_code(code) not in text, table
    rosa = UserFactory()
    claim_entry(typed=code, user=rosa)
    vote(rolled, rosa)


def test_who_was_removed_meanwhile_gets_no_email_and_their_code_opens_nothing(roll, code, editor):
    invite_by_email(roll=roll, actor=editor)
    mark = keys.document_key(roll.consultation_id, "dni:12345678")
    remove_voters(roll=roll, fingerprints=[mark], emails=["ana@example.org"], reason="Error", actor=editor)
    send_what_waits()
    assert [message.to[0] for message in mail.outbox] == ["luz@example.org"]
    with pytest.raises(InvalidInput, match="unknown_code"):
        claim_entry(typed=code, user=UserFactory())


def test_others_may_not_invite_or_print(roll):
    for act in (invite_by_email, print_letters):
        with pytest.raises(NotPermitted):
            act(roll=roll, actor=UserFactory())


def test_a_letter_page_has_the_code_once_and_a_qr_code(client, rolled, editor):
    client.force_login(editor)
    page = client.post(reverse("voting:print-letters", args=[rolled.consultation.slug])).content.decode()
    assert len(re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", page)) == 1
    assert "data:image/svg+xml" in page
    code = re.search(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", page)[0]
    rosa = UserFactory()
    client.force_login(rosa)
    filled = client.get(reverse("voting:claim-entry") + f"?code={code}").content.decode()
    assert code in filled
    answer = client.post(reverse("voting:claim-entry"), {"code": code})
    assert answer.status_code == 302
    assert answer["Location"] == rolled.consultation.get_absolute_url()


def test_an_account_takes_its_entries_away_and_erasing_it_frees_them(roll, code):
    rosa = UserFactory(email="rosa@example.org")
    claim_entry(typed=code, user=rosa)
    assert [entry["reference"] for entry in own_data(fresh(rosa))["electoral_rolls"]] == ["A-7"]
    erase_account(user=fresh(rosa), email="rosa@example.org", with_texts=False)
    entry = EligibleVoter.objects.get(reference="A-7")
    assert (entry.user_id, entry.code, entry.removed_at) == (None, None, None)
