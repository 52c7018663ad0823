"""A place on the roll comes to another account while people vote: what was chosen with it is not for the new one's
eyes, whether an official arranged it, an e-mail moved or an account was erased."""

import base64

import pytest
from django.test import Client

from accounts.models import Notice
from accounts.own_data.erasing import erase_account
from accounts.refusals import Conflict, NotPermitted
from tests.factories import UserFactory, choose, fresh
from tests.voting.reading import ballot_url, end, page_of
from tests.voting.rolls.conftest import again, put_on
from tests.voting.verifying.logs import exported, over
from voting.ballots.casting import Once, cast_ballot
from voting.ballots.closing import close
from voting.ballots.folding import fold
from voting.drafts.keeping import draft_of, keep_draft
from voting.drafts.reminding import voters_with_a_draft
from voting.models import Poll, Tally
from voting.participation import polls_voted_in
from voting.results.gate import count_withheld, has_voted, who_sees_count
from voting.results.tallies import own_ballot
from voting.rolls import keys
from voting.rolls.changing import remove_voters
from voting.rolls.claiming import claim_entry
from voting.rolls.eligible import entry_of
from voting.rolls.inviting import print_letters

pytestmark = pytest.mark.django_db

DOCUMENT = "20-22333444-0"  # Luz's


def vote(poll, voter, *names, **given):
    return cast_ballot(poll=again(poll), voter=fresh(voter), choices=choose(poll, *names), **given)


def with_secret(poll):
    return Poll.objects.select_related("consultation", "phase", "electoral_roll", "secret").get(pk=poll.pk)


def taken_off(poll, editor, **whom):
    roll = again(poll).electoral_roll
    remove_voters(roll=roll, **{"fingerprints": [], "emails": [], **whom}, reason="Se mudó", actor=editor)


def counted(poll):
    fold(poll.pk)
    names = {str(option.pk): option.kind for option in poll.options.all()}
    return {names[option]: count for option, count in Tally.objects.get(poll=poll).counted["counts"].items() if count}


def logged_in(user):
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.fixture
def luz():
    return UserFactory(email="luz@example.org")


@pytest.fixture
def other():
    return UserFactory(email="otra@example.org")


@pytest.fixture
def taken_over(rolled, luz, other, editor):
    """Luz voted "for" and has ticked "abstain" since; then her place went to another e-mail, with the same document."""
    vote(rolled, luz, "for")
    fold(rolled.pk)
    assert keep_draft(poll=again(rolled), voter=fresh(luz), choices=choose(rolled, "abstain"))
    taken_off(rolled, editor, emails=[luz.email])
    put_on(rolled, f"email;documento\notra@example.org;{DOCUMENT}\n", reason="Corrección")
    return again(rolled)


@pytest.fixture
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


class TestWhoHasThePlaceNow:
    def test_sees_neither_the_ballot_nor_what_was_ticked_but_that_somebody_voted(self, taken_over, other, in_english):
        page = page_of(logged_in(other), taken_over)
        assert "Somebody has voted from your place on the roll with another account" in page
        assert "checked" not in page and "vote-chosen" not in page and "Your receipt" not in page
        assert own_ballot(taken_over, fresh(other)) is None
        assert draft_of(with_secret(taken_over), fresh(other)) is None
        answer = logged_in(other).get(f"/api/v1/polls/{taken_over.pk}/ballot/")
        assert (answer.status_code, answer.json()["code"]) == (404, "no_ballot")

    def test_is_not_told_by_the_draft_which_choices_stand(self, taken_over, other):
        """What one has cast is no draft: that answer must be about one's own ballot only."""
        for name in ("for", "against", "abstain"):
            assert keep_draft(poll=taken_over, voter=fresh(other), choices=choose(taken_over, name))

    @pytest.mark.parametrize("name", ["for", "against"])
    def test_is_not_told_by_the_key_of_a_request_which_choices_stand(self, rolled, luz, other, editor, name):
        vote(rolled, luz, "for", once=Once("1"))
        taken_off(rolled, editor, emails=[luz.email])
        put_on(rolled, f"email;documento\notra@example.org;{DOCUMENT}\n", reason="Corrección")
        assert vote(rolled, other, name, once=Once("1")).revision == 2

    def test_has_not_voted_and_sees_no_count_that_is_for_those_who_have(self, taken_over, luz, other):
        Poll.objects.filter(pk=taken_over.pk).update(results_policy="after_voting")
        poll = again(taken_over)
        assert count_withheld(poll, fresh(other)) is not None and not has_voted(poll, fresh(other))
        assert who_sees_count(poll, [luz.pk, other.pk]) == {luz.pk}
        assert (polls_voted_in(other), polls_voted_in(luz)) == ([], [poll])

    def test_votes_in_the_place_of_the_ballot_and_sees_only_the_own_one(self, taken_over, luz, other):
        vote(taken_over, other, "against")
        assert counted(taken_over) == {"against": 1}
        assert own_ballot(again(taken_over), fresh(other)).choices == choose(taken_over, "against")
        assert has_voted(again(taken_over), fresh(other)) and not has_voted(again(taken_over), fresh(luz))

    def test_is_marked_as_a_voter_only_after_voting(self, taken_over, luz, other):
        end(taken_over)
        close(taken_over.pk)
        poll = again(taken_over)
        assert (has_voted(poll, luz), has_voted(poll, other)) == (True, False)
        assert poll.outcome.explanation["voters"] == 1

    def test_finds_nothing_where_only_the_code_is_new(self, rolled, luz, other, editor):
        """The same e-mail, and a letter that an official keeps for themselves."""
        vote(rolled, luz, "for")
        taken_off(rolled, editor, emails=[luz.email])
        put_on(rolled, f"documento;referencia\n{DOCUMENT};L-1\n", reason="Corrección")
        letters = print_letters(roll=again(rolled).electoral_roll, actor=editor)
        [code] = [letter.code for letter in letters if letter.reference == "L-1"]
        claim_entry(typed=code, user=other)
        assert own_ballot(again(rolled), fresh(other)) is None
        assert vote(rolled, other, "against").revision == 2


def test_whoever_was_taken_off_is_told_that_the_ballot_stands_until_another_takes_its_place(
    taken_over, luz, other, in_english
):
    page = page_of(logged_in(luz), taken_over)
    assert "You have voted here, and your ballot stands" in page and "Your receipt" in page
    vote(taken_over, other, "against")
    fold(taken_over.pk)
    page = page_of(logged_in(luz), taken_over)
    assert "your ballot stands" not in page and "Your receipt" not in page


def test_whoever_gets_the_place_back_sees_the_own_ballot_again(rolled, luz, editor):
    vote(rolled, luz, "for")
    taken_off(rolled, editor, emails=[luz.email])
    with pytest.raises(NotPermitted, match="not_on_roll"):
        vote(rolled, luz, "against")
    put_on(rolled, f"email;documento\nluz@example.org;{DOCUMENT}\n", reason="Estaba bien")
    assert own_ballot(again(rolled), fresh(luz)).choices == choose(rolled, "for")
    assert vote(rolled, luz, "against").revision == 2


def test_whoever_finds_a_strangers_ballot_in_the_own_place_is_told_and_replaces_it(taken_over, luz, other, editor):
    vote(taken_over, other, "against")
    taken_off(taken_over, editor, emails=[other.email])
    put_on(taken_over, f"email;documento\nluz@example.org;{DOCUMENT}\n", reason="Era de ella")
    assert own_ballot(again(taken_over), fresh(luz)) is None
    vote(taken_over, luz, "for")
    assert counted(taken_over) == {"for": 1}


def test_an_email_that_moves_to_another_account_brings_the_place_and_not_what_was_chosen(rolled, luz, other):
    vote(rolled, luz, "for")
    luz.emailaddress_set.all().delete()
    other.emailaddress_set.create(email="luz@example.org", verified=True)
    assert own_ballot(again(rolled), fresh(other)) is None
    vote(rolled, other, "against")
    assert counted(rolled) == {"against": 1}


def test_whoever_registers_the_email_of_an_erased_account_finds_its_place_and_not_its_ballot(rolled, luz):
    vote(rolled, luz, "for")
    erase_account(user=fresh(luz), email=luz.email, with_texts=True)
    new = UserFactory(email="luz@example.org")
    assert own_ballot(again(rolled), new) is None
    end(rolled)
    close(rolled.pk)
    assert not has_voted(again(rolled), new) and has_voted(again(rolled), luz)


def test_nobody_votes_with_two_places_one_after_the_other(rolled, luz, other, editor):
    """A document number with a mistake is put right: the new entry is another one, and the person has voted."""
    vote(rolled, luz, "for")
    taken_off(rolled, editor, emails=[luz.email])
    put_on(rolled, "email;documento\nluz@example.org;33444555\n", reason="El documento estaba mal")
    with pytest.raises(Conflict, match="voted_with_another_entry"):
        vote(rolled, luz, "against")
    assert logged_in(luz).post(ballot_url(rolled), {"option": next(iter(choose(rolled, "for")))}).status_code == 409
    assert counted(rolled) == {"for": 1}

    put_on(rolled, f"email;documento\notra@example.org;{DOCUMENT}\n", reason="Este es de otra persona")
    vote(rolled, other, "abstain")  # in the place of hers, which no longer stands
    fold(rolled.pk)
    vote(rolled, luz, "against")
    assert counted(rolled) == {"abstain": 1, "against": 1}


@pytest.mark.parametrize("given_to", ["", "otra@example.org"])
def test_a_cast_that_began_before_the_place_was_taken_away_is_refused(rolled, luz, editor, given_to):
    stale, voter = again(rolled), fresh(luz)
    stale.known_entry = (voter.pk, entry_of(stale, voter))  # as the page has read it
    taken_off(rolled, editor, emails=[luz.email])
    if given_to:
        put_on(rolled, f"email;documento\n{given_to};{DOCUMENT}\n", reason="Corrección")
    with pytest.raises(Conflict, match="roll_loaded"):
        cast_ballot(poll=stale, voter=voter, choices=choose(rolled, "for"))
    with pytest.raises(Conflict, match="roll_loaded"):
        keep_draft(poll=stale, voter=voter, choices=choose(rolled, "for"))
    assert not rolled.ballots.exists()


def test_who_is_taken_off_is_told_with_the_reason_and_nobody_else_is(rolled, luz, other, editor):
    taken_off(
        rolled, editor, emails=[luz.email], fingerprints=[keys.document_key(rolled.consultation_id, "dni:12345678")]
    )
    [notice] = Notice.objects.filter(kind="taken_off_roll")
    assert (notice.user, notice.facts["reason"]) == (luz, "Se mudó")


def test_nobody_is_reminded_of_a_ballot_that_they_may_not_cast_any_more(rolled, luz, other, editor):
    keep_draft(poll=again(rolled), voter=fresh(luz), choices=choose(rolled, "for"))
    assert voters_with_a_draft(rolled) == [luz.pk]
    taken_off(rolled, editor, emails=[luz.email])
    assert voters_with_a_draft(rolled) == []
    put_on(rolled, f"email;documento\notra@example.org;{DOCUMENT}\n", reason="Corrección")
    assert voters_with_a_draft(rolled) == []


def test_nobody_is_told_of_a_roll_that_nobody_can_see_yet(rolled, luz, editor):
    type(rolled.consultation).objects.filter(pk=rolled.consultation_id).update(published_at=None)
    taken_off(rolled, editor, emails=[luz.email])
    assert not Notice.objects.exists()


def test_the_mark_of_the_account_is_in_no_export(taken_over, tmp_path):
    marks = [bytes(each.opening.account_mark) for each in taken_over.ballots.select_related("opening")]
    assert marks and all(len(mark) == 16 for mark in marks)
    over(taken_over)
    files = [file.read_bytes() for file in exported(taken_over, tmp_path).rglob("*") if file.is_file()]
    assert len(files) > 5
    for mark in marks:
        for told in (mark, mark.hex().encode(), base64.b64encode(mark)):
            assert not any(told in file for file in files)
