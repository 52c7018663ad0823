"""A roll is loaded, added to and taken from in public; from the first ballot on each change is in the log."""

import json
import time

import pytest
from django.db import connection

from accounts.models import AuditEntry
from accounts.refusals import Conflict, InvalidInput, NotPermitted
from tests.factories import UserFactory, choose, fresh, make_agency, make_consultation, make_poll
from tests.voting.reading import end
from tests.voting.rolls.conftest import LIST, again, put_on
from voting.ballots.casting import cast_ballot
from voting.ballots.folding import fold
from voting.models import EligibleVoter, Leaf, RollUpload, StagedVoter
from voting.polls.amendments import amendments_of
from voting.results.gate import count_withheld, who_sees_count
from voting.rolls import keys
from voting.rolls.changing import remove_voters, set_takes_numbers
from voting.rolls.loading import Report, count_known, load, stage

pytestmark = pytest.mark.django_db


def ana():
    return UserFactory(email="ana@example.org")


def vote(poll, voter, name="for"):
    return cast_ballot(poll=again(poll), voter=fresh(voter), choices=choose(poll, name))


def statements(poll):
    texts = Leaf.objects.filter(poll=poll, ballot__isnull=True).order_by("number").values_list("statement", flat=True)
    return [json.loads(text) for text in texts]


def test_what_is_on_the_roll_after_a_load(rolled, roll):
    assert roll.size == 3
    assert set(EligibleVoter.objects.values_list("email", "is_by_document", "district")) == {
        ("ana@example.org", False, "Norte"),
        (None, True, "Sur"),
        ("luz@example.org", True, ""),
    }
    assert not StagedVoter.objects.exists() and not RollUpload.objects.exists()


def test_the_number_of_a_document_stands_nowhere_in_the_database(editor, poll):
    upload = stage(consultation=poll.consultation, content="dni\n12345678\n1234567x\n12345678\n", actor=editor)
    load(upload=upload, actor=editor)
    roll = again(poll).electoral_roll
    mark = keys.document_key(poll.consultation_id, "dni:12345678")
    remove_voters(roll=roll, fingerprints=[mark], emails=[], reason="Se mudó", actor=editor)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT string_agg(t::text, '') FROM \"{table}\" t")
            assert "12345678" not in (cursor.fetchone()[0] or ""), table


def test_the_same_number_on_two_rolls_leaves_nothing_to_compare(rolled):
    other = put_on(make_poll(make_consultation(make_agency("Obras"), now_in="voting")), "dni\n12345678\n")
    marks = EligibleVoter.objects.filter(is_by_document=True, email__isnull=True).values_list("fingerprint", flat=True)
    assert other.electoral_roll_id != rolled.electoral_roll_id
    assert len({bytes(mark) for mark in marks}) == 2


def test_what_was_not_understood_is_reported_by_line_and_the_rest_is_loaded(poll):
    people = "email;peso;color\nana@example.org;1;\nana@example.org;1;\nmal;1;\nluz@example.org;2;\n"
    upload = stage(consultation=poll.consultation, content=people, actor=None)
    report = Report(**upload.faults)
    assert upload.count == 1
    assert [tuple(fault) for fault in report.faults] == [(3, "twice"), (4, "bad_email"), (5, "rare_weight 2 1")]
    assert report.ignored == ["color"]


def test_headings_with_nobody_below_them_are_no_list_and_the_upload_before_it_stays(poll):
    stage(consultation=poll.consultation, content=LIST, actor=None)
    with pytest.raises(InvalidInput, match="empty"):
        stage(consultation=poll.consultation, content="documento;distrito\n", actor=None)
    assert RollUpload.objects.get().count == 3


def test_only_who_is_new_is_added_and_that_needs_a_reason(rolled, editor):
    upload = stage(consultation=rolled.consultation, content="luz@example.org\nnueva@example.org", actor=editor)
    assert count_known(upload) == 1
    with pytest.raises(InvalidInput, match="no_reason"):
        load(upload=upload, actor=editor, reason=" ")
    change = load(upload=upload, actor=editor, reason="Faltaba una persona")
    assert (change.count, change.size, again(rolled).electoral_roll.size) == (1, 4, 4)
    with pytest.raises(Conflict, match="loaded_already"):
        load(upload=upload, actor=editor, reason="Otra vez")
    same = stage(consultation=rolled.consultation, content="nueva@example.org", actor=editor)
    with pytest.raises(InvalidInput, match="nobody_new"):
        load(upload=same, actor=editor, reason="Otra vez")


def test_others_may_neither_load_nor_remove_nor_change_the_rule(rolled, roll):
    stranger = make_agency("Obras").owner
    for person in (stranger, UserFactory()):
        with pytest.raises(NotPermitted):
            stage(consultation=rolled.consultation, content="a@example.org", actor=person)
        with pytest.raises(NotPermitted):
            remove_voters(roll=roll, fingerprints=[], emails=["ana@example.org"], reason="Porque sí", actor=person)
        with pytest.raises(NotPermitted):
            set_takes_numbers(roll=roll, takes_numbers=True, actor=person)
    assert again(rolled).electoral_roll.size == 3


class TestVoting:
    def test_who_is_listed_votes_and_who_is_not_learns_why_and_what_helps(self, rolled):
        vote(rolled, ana())
        with pytest.raises(NotPermitted) as refused:
            vote(rolled, UserFactory())
        assert refused.value.code == "not_on_roll"
        assert refused.value.reason.remedy.url_name == "voting:claim-entry"
        assert rolled.ballots.count() == 1

    def test_an_email_that_is_not_confirmed_is_nobodys(self, rolled):
        with pytest.raises(NotPermitted, match="not_on_roll"):
            vote(rolled, UserFactory(email="ana@example.org", confirmed=False))

    def test_an_email_that_moves_to_another_account_takes_its_ballot_along(self, rolled):
        first = ana()
        vote(rolled, first)
        first.emailaddress_set.all().delete()
        second = UserFactory(email="otra@example.org")
        second.emailaddress_set.create(email="ana@example.org", verified=True)
        vote(rolled, second, "against")
        assert sorted(rolled.ballots.values_list("revision", flat=True)) == [1, 2]
        with pytest.raises(NotPermitted, match="not_on_roll"):
            vote(rolled, first)

    def test_who_was_removed_and_put_back_has_no_second_ballot(self, rolled, roll, editor):
        voter = ana()
        vote(rolled, voter)
        remove_voters(roll=roll, fingerprints=[], emails=["ana@example.org"], reason="Error", actor=editor)
        with pytest.raises(NotPermitted, match="not_on_roll"):
            vote(rolled, voter)
        put_on(rolled, "ana@example.org", reason="Estaba bien")
        vote(rolled, voter, "against")
        assert sorted(rolled.ballots.values_list("revision", flat=True)) == [1, 2]

    def test_a_poll_that_is_opened_later_has_the_roll_too(self, rolled):
        later = make_poll(rolled.consultation, question="¿Y bancos?")
        with pytest.raises(NotPermitted, match="not_on_roll"):
            vote(later, UserFactory())

    def test_a_cast_that_began_before_the_roll_was_loaded_is_refused(self, poll):
        stale, stranger = again(poll), UserFactory()
        put_on(poll, "ana@example.org")
        with pytest.raises(Conflict, match="roll_loaded"):
            cast_ballot(poll=stale, voter=stranger, choices=choose(poll, "for"))
        assert not poll.ballots.exists()

    def test_the_close_marks_who_voted_by_account(self, rolled):
        from voting.ballots.closing import close
        from voting.models import RollEntry
        from voting.results.gate import has_voted

        voter = ana()
        vote(rolled, voter)
        assert has_voted(again(rolled), voter)
        end(rolled)
        assert close(rolled.pk)
        assert list(RollEntry.objects.values_list("user", flat=True)) == [voter.pk]
        assert has_voted(again(rolled), voter)


class TestTheLog:
    def test_the_manifest_names_the_roll_by_its_hash(self, rolled, roll):
        vote(rolled, ana())
        fold(rolled.pk)
        [manifest] = statements(rolled)
        assert manifest["roll"] == {
            "criteria": "registered",
            "open_to_any_email": False,
            "entries": 3,
            "sha256": bytes(roll.digest).hex(),
            "takes_numbers": False,
        }

    def test_a_poll_without_a_roll_says_that_any_email_may_vote(self, poll):
        vote(poll, ana())
        fold(poll.pk)
        assert statements(poll)[0]["roll"] == {"criteria": "registered", "open_to_any_email": True}

    def test_after_the_first_ballot_a_change_is_an_amendment_with_the_new_hash(self, rolled, roll, editor):
        old = bytes(roll.digest).hex()
        vote(rolled, ana())  # not folded yet: the manifest must still name the old roll
        put_on(rolled, "nueva@example.org\notra@example.org", reason="Faltaban dos")
        remove_voters(roll=roll, fingerprints=[], emails=["luz@example.org"], reason="Se mudó", actor=editor)

        manifest, added, removed = statements(rolled)
        assert manifest["roll"]["sha256"] == old
        assert added["changes"]["roll"]["entries"] == 5
        assert removed["changes"]["roll"]["sha256"] == bytes(again(rolled).electoral_roll.digest).hex()
        assert [(a.sentence, a.reason) for a in amendments_of(rolled)] == [
            ("Se agregaron 2 personas al padrón.", "Faltaban dos"),
            ("Se quitó 1 persona del padrón.", "Se mudó"),
        ]
        for text in Leaf.objects.values_list("statement", flat=True):
            assert "@" not in text.replace(manifest["key"], "")

    def test_before_the_first_ballot_a_change_is_no_amendment(self, rolled):
        put_on(rolled, "nueva@example.org", reason="Faltaba")
        assert not Leaf.objects.exists()

    def test_a_roll_is_too_late_where_people_voted_without_one(self, poll):
        vote(poll, ana())
        with pytest.raises(Conflict, match="voted_without_roll"):
            put_on(poll, "ana@example.org")
        assert again(poll).electoral_roll is None

    def test_a_roll_stays_as_it_is_after_the_end(self, rolled, roll, editor):
        end(rolled)
        with pytest.raises(Conflict, match="voting_over"):
            remove_voters(roll=roll, fingerprints=[], emails=["ana@example.org"], reason="Tarde", actor=editor)

    def test_the_rule_on_numbers_is_fixed_by_the_first_ballot(self, rolled, roll, editor):
        set_takes_numbers(roll=roll, takes_numbers=True, actor=editor)
        vote(rolled, ana())
        with pytest.raises(Conflict, match="roll_rules_fixed"):
            set_takes_numbers(roll=roll, takes_numbers=False, actor=editor)

    def test_the_hash_is_the_same_whatever_the_order_and_another_for_another_roll(self, rolled, roll):
        from voting.rolls.changing import state_of

        before = state_of(roll)
        EligibleVoter.objects.filter(email="ana@example.org").update(reference="B-1")  # no part of it
        assert state_of(roll) == before == (3, bytes(roll.digest))
        EligibleVoter.objects.filter(email="ana@example.org").update(district="Sur")
        assert state_of(roll) != before


def test_the_audit_tells_how_many_and_why_and_names_nobody(rolled, roll, editor):
    remove_voters(roll=roll, fingerprints=[], emails=["ana@example.org"], reason="Se mudó", actor=editor)
    [entry] = AuditEntry.objects.filter(event="voting.roll_changed", actor=editor)
    assert entry.details == {"what": "removed", "count": 1, "reason": "Se mudó"}


def test_a_hundred_thousand_lines_are_read_and_loaded_in_seconds(poll):
    people = "email;dni;distrito\n" + "".join(f"v{n}@example.org;{20_000_000 + n};D{n % 9}\n" for n in range(100_000))
    began = time.process_time()
    upload = stage(consultation=poll.consultation, content=people.encode(), actor=None)
    load(upload=upload, actor=None)
    assert again(poll).electoral_roll.size == 100_000
    assert time.process_time() - began < 20  # of the processor: other tests may keep it busy meanwhile


def test_who_of_many_has_voted_is_told_by_their_entries_as_for_one(rolled):
    poll = rolled
    poll.results_policy = "after_voting"
    poll.save(update_fields=["results_policy"])
    people = [ana(), UserFactory(email="luz@example.org"), UserFactory()]
    vote(poll, people[0])

    accounts = {person.pk for person in people}
    one_by_one = {person.pk for person in people if count_withheld(again(poll), person) is None}
    assert who_sees_count(again(poll), accounts) == one_by_one == {people[0].pk}
