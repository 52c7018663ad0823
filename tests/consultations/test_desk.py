"""The desk, the numbers and the audit trail of those who run a consultation."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from accounts import audit
from accounts.models import Role
from comments.commenting import add_comment
from comments.moderation.moderating import flag, hide
from consultations.clock import database_now
from consultations.desk.numbers import numbers_of
from consultations.desk.tasks import tasks_of, work_of
from consultations.history import deeds
from consultations.models import Consultation, District, Phase
from consultations.opening.changing import change_consultation
from consultations.proposals.proposing import make_proposal
from consultations.running.dates import extend_phase
from tests.consultations.doors import logged_in
from tests.factories import (
    CommentFactory,
    ProposalFactory,
    UserFactory,
    anonymous,
    choose,
    fresh,
    make_agency,
    make_consultation,
    make_document,
    make_poll,
    member,
    new_version,
)
from voting.ballots.casting import cast_ballot
from voting.ballots.folding import fold

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return make_agency("Obras")


@pytest.fixture
def owner(agency):
    return fresh(agency.owner)


@pytest.fixture
def consultation(agency):
    return make_consultation(agency, now_in="proposals", slug="arbolado", hours=24 * 9)


@pytest.fixture
def rosa():
    return UserFactory(name="Rosa")


def sentences(user) -> list[str]:
    with translation.override("en"):
        return [str(task.sentence) for task in tasks_of(work_of(fresh(user), database_now()))]


def test_an_empty_desk_says_so(agency, owner):
    make_consultation(agency, hours=24 * 30)
    assert "Nothing needs you right now" in logged_in(owner).get("/desk/").content.decode()


def test_reports_and_replies_owed_come_to_those_who_can_answer_them(agency, consultation, owner, rosa):
    proposal = make_proposal(consultation=consultation, actor=rosa, title="Una plaza", body="Sí.")
    said = add_comment(consultation=consultation, proposal=proposal, actor=rosa, body="¿Cuándo empiezan?")
    flag(target=said, actor=owner, ground="other")
    flag(target=proposal, actor=fresh(owner), ground="other")

    assert sentences(owner) == ["2 reports to answer", "1 thread without an official reply"]
    assert sentences(member(agency, Role.MODERATOR)) == ["2 reports to answer"]
    assert sentences(member(agency, Role.EDITOR)) == ["1 thread without an official reply"]
    assert sentences(member(agency, Role.ANALYST)) == []
    assert sentences(make_agency("Otra").owner) == []

    owed = logged_in(member(agency, Role.EDITOR)).get("/comments/owed/arbolado/").content.decode()
    assert "¿Cuándo empiezan?" in owed
    reply = {"proposal": proposal, "answers": said, "is_official": True, "body": "En mayo."}
    add_comment(consultation=consultation, actor=fresh(owner), **reply)
    assert sentences(member(agency, Role.EDITOR)) == []


def test_a_thread_on_the_whole_consultation_is_not_owed_a_reply_nor_is_a_hidden_one(consultation, owner, rosa):
    add_comment(consultation=consultation, actor=rosa, body="Me gusta.")
    proposal = make_proposal(consultation=consultation, actor=fresh(rosa), title="Una plaza", body="Sí.")
    said = add_comment(consultation=consultation, proposal=proposal, actor=fresh(rosa), body="Un insulto.")
    hide(target=said, actor=owner, reason="Insulta")
    assert sentences(owner) == []


def test_what_is_held_waits_for_the_moderators(agency, owner, rosa):
    careful = make_consultation(agency, hours=24 * 30, title="Con cuidado")
    Consultation.objects.filter(pk=careful.pk).update(pre_moderates=True)
    CommentFactory(consultation=careful, author=rosa, held_at=database_now())
    assert sentences(owner) == ["1 text to look at before others"]


def test_dates_that_come_close_drafts_and_closes_without_words_are_named(agency, owner):
    soon = make_consultation(agency, now_in="discussion", hours=24 * 4)
    soon.phases.filter(kind="voting").delete()
    make_consultation(agency, now_in="discussion", hours=24 * 30, title="Lejos")
    make_consultation(agency, publish=False, title="Sin texto", body="")
    over = make_consultation(agency, now_in="over", title="Vieja")
    over.phases.filter(kind="voting").delete()
    said = sentences(owner)
    assert len(said) == 3
    assert said[0].startswith("Discussion closes in 1 day")
    assert any(sentence.startswith("Draft: Write the text") for sentence in said)
    assert "Closed: tell people what came of it." in said


def test_a_version_that_is_written_and_not_published_waits_for_those_who_may_publish_it(agency, owner):
    document = make_document(make_consultation(agency, now_in="discussion", hours=24 * 30), title="Ordenanza")
    new_version(document, ["Otro texto."], published=False)
    assert sentences(owner) == ["Version 2 of “Ordenanza” is not published yet."]
    assert f'href="/documents/{document.pk}/publish/"' in logged_in(owner).get("/desk/").content.decode()
    assert sentences(member(agency, Role.MODERATOR)) == []


def test_a_voting_phase_without_a_vote_is_named(agency, owner):
    make_consultation(agency, now_in="voting", hours=24 * 30)
    assert sentences(owner) == ["The voting phase has no vote: set one up."]
    by_districts = make_consultation(agency, now_in="voting", hours=24 * 30, budget_cents=1, slug="barrios")
    District.objects.create(consultation=by_districts, position=1, name="Norte", amount_cents=1)
    urls = {task.url for task in tasks_of(work_of(fresh(owner), database_now()))}
    assert "/polls/districts/barrios/votes/" in urls


def test_the_desk_costs_the_same_for_one_consultation_as_for_many(agency, owner, rosa, django_assert_max_num_queries):
    for number in range(8):
        one = make_consultation(agency, now_in="proposals", title=f"Plan {number}", hours=24 * 3)
        Consultation.objects.filter(pk=one.pk).update(pre_moderates=True)
        proposal = ProposalFactory(consultation=one, author=rosa)
        said = CommentFactory(consultation=one, proposal=proposal, author=rosa)
        flag(target=said, actor=fresh(owner), ground="other")
        make_poll(one)
    browser = logged_in(owner)
    with django_assert_max_num_queries(14):
        browser.get("/desk/")


# --- Numbers


def columns(consultation, user):
    found = numbers_of(consultation, user, database_now())
    return {column.name: column for column in found.columns}, found


def test_numbers_are_of_what_people_did_each_person_counted_once(consultation, owner, rosa):
    juan = UserFactory(name="Juan")
    proposal = ProposalFactory(consultation=consultation, author=rosa, created_at=database_now() - timedelta(days=2))
    CommentFactory(consultation=consultation, proposal=proposal, author=rosa)
    CommentFactory(consultation=consultation, author=juan)
    CommentFactory(consultation=consultation, author=juan, held_at=database_now())
    CommentFactory(consultation=consultation, author=owner, is_official=True)
    by_name, found = columns(consultation, owner)
    assert by_name["people"].total == 2 and by_name["people"].counts[-3:] == [1, 0, 1]
    assert by_name["comments"].total == 2 and by_name["proposals"].total == 1
    assert [(done, all_) for _share, done, all_ in found.shares] == [(0, 1)]
    assert not found.is_by_week and len(found.stretches) == len(found.rows)


def test_a_long_consultation_is_told_by_weeks_that_sum_to_the_same(agency, owner, rosa):
    long = make_consultation(agency, now_in="proposals", hours=24 * 100)
    for days in (0, 1, 8, 30):
        ProposalFactory(consultation=long, author=rosa, created_at=database_now() - timedelta(days=days))
    by_name, found = columns(long, owner)
    assert found.is_by_week and sum(by_name["proposals"].counts) == 4 == by_name["proposals"].total


def vote(consultation, results):
    poll = make_poll(consultation, results_policy=results)
    for choice in ("for", "against", "for"):
        voter = UserFactory()
        cast_ballot(poll=poll, voter=voter, choices=choose(poll, choice))
    cast_ballot(poll=poll, voter=fresh(voter), choices=choose(poll, "against"))
    fold(poll.pk)
    return poll


@pytest.mark.parametrize(("results", "shown"), [("live", 3), ("after_voting", 0), ("after_close", 0)])
def test_turnout_is_told_where_everybody_may_see_the_count_and_a_changed_vote_is_one(agency, owner, results, shown):
    consultation = make_consultation(agency, now_in="voting")
    poll = vote(consultation, results)
    if results == "after_voting":  # who has voted sees the count on the vote's page; the desk is still no place for it
        cast_ballot(poll=poll, voter=owner, choices=choose(poll, "for"))
    by_name, found = columns(consultation, fresh(owner))
    assert by_name["votes"].total == shown
    votes = [counts[list(by_name).index("votes")] for _words, counts in found.rows]
    assert sum(votes) == shown if shown else set(votes) == {None}  # no zeros, as if nobody had voted
    assert bool(by_name["votes"].withheld) == (not shown)
    page = logged_in(owner).get(f"/consultations/{consultation.slug}/numbers/").content.decode()
    assert ("told here either" in page) == (not shown)


def test_the_page_of_numbers_has_its_table_and_costs_the_same_with_much_in_it(
    consultation, owner, rosa, django_assert_max_num_queries
):
    ProposalFactory.create_batch(30, consultation=consultation, author=rosa)
    CommentFactory.create_batch(30, consultation=consultation, author=rosa)
    browser = logged_in(owner)
    with django_assert_max_num_queries(12):
        page = browser.get("/consultations/arbolado/numbers/").content.decode()
    assert "<rect" in page and 'class="number">30</td>' in page


# --- Who changed what


def history(owner, **asked) -> str:
    return logged_in(owner).get("/consultations/arbolado/history/", asked).content.decode()


def test_the_owner_reads_who_changed_what_from_what_to_what(consultation, agency, owner):
    editor = member(agency, Role.EDITOR, user=UserFactory(name="Elena"))
    change_consultation(consultation=consultation, actor=editor, title="Plan nuevo", is_cause=True)
    end = consultation.phases.get(kind="voting").ends_at
    extend_phase(
        consultation=consultation, kind="voting", ends_at=end + timedelta(days=1), reason="Llovió.", actor=fresh(editor)
    )
    page = history(owner)
    for words in ("Elena", "Changed the consultation", "Extended a date", "Llovió.", "Published the consultation"):
        assert words in page
    for words in ("<del>Plan de arbolado</del> <ins>Plan nuevo</ins>", "<del>no</del> <ins>yes</ins>"):
        assert words in page
    only_dates = history(owner, kind="dates")
    assert "Extended a date" in only_dates and "Changed the consultation" not in only_dates


def test_no_text_of_a_citizen_is_in_it(consultation, owner, rosa):
    proposal = make_proposal(consultation=consultation, actor=rosa, title="Vive en calle 13", body="Su teléfono")
    said = add_comment(consultation=consultation, proposal=proposal, actor=fresh(rosa), body="Es un ladrón")
    hide(target=said, actor=owner, reason="Insulta")
    hide(target=proposal, actor=fresh(owner), reason="Da datos de otra persona")
    page = history(owner)
    for secret in ("calle 13", "teléfono", "ladrón"):
        assert secret not in page
    assert "Hid a comment" in page and "Da datos de otra persona" in page and f"Proposal {proposal.pk}" in page


def test_methods_and_policies_are_told_by_their_names(agency, owner):
    consultation = make_consultation(agency, now_in="discussion", slug="arbolado")
    facts = {"question": "¿Qué árbol?", "method": "approval", "results_policy": "after_close"}
    audit.record("voting.poll_opened", actor=owner, on=consultation, consultation_id=consultation.pk, **facts)
    page = history(owner)
    assert "All the options that you approve of" in page and "¿Qué árbol?" in page
    assert ">approval" not in page


def test_a_vote_leaves_nothing_in_it(agency, owner):
    consultation = make_consultation(agency, now_in="voting", slug="arbolado")
    poll = make_poll(consultation)
    before = history(owner)
    cast_ballot(poll=poll, voter=UserFactory(name="Votante"), choices=choose(poll, "for"))
    assert history(owner).count("history-line") == before.count("history-line")


def test_a_long_history_comes_in_pages(consultation, agency, owner):
    for number in range(40):
        change_consultation(consultation=consultation, actor=fresh(owner), title=f"Plan {number}")
    first = history(owner)
    older = first.split("older_than=")[1].split('"')[0]
    assert first.count('class="history-line"') == 30
    assert "Made the draft" not in first and "Made the draft" in history(owner, older_than=older)


def test_every_event_that_a_use_case_records_has_words():
    """Of every literal event in the source; an entry without words would show its code."""
    import re
    from pathlib import Path

    from django.conf import settings

    from consultations.history.deeds import deed_of

    recorded = set()
    for room in ("consultations", "comments", "voting"):
        for path in (Path(settings.BASE_DIR) / room).rglob("*.py"):
            recorded |= set(re.findall(r'audit\.record\(\s*"([a-z_]+\.[a-z_]+)"', path.read_text()))
    assert len(recorded) > 8
    assert sorted(event for event in recorded if deed_of(event) is None) == []


def test_others_do_not_read_it(consultation, agency):
    url = reverse("consultations:history", args=[consultation.slug])
    for person in (UserFactory(), member(agency, Role.EDITOR), make_agency("Otra").owner):
        assert logged_in(person).get(url).status_code == 403
    assert anonymous.is_anonymous and Phase.objects.exists()


def test_every_detail_that_may_be_told_has_a_name():
    unnamed = {(event, name) for event, deed in deeds._deeds.items() for name in deed.shown if name not in deeds.LABELS}
    assert sorted(unnamed) == []


def test_only_who_may_open_a_consultation_is_offered_it(agency, consultation):
    people = {role: member(agency, role) for role in (Role.OWNER, Role.EDITOR, Role.MODERATOR, Role.ANALYST)}
    newcomer = member(make_agency("Sin consultas"), Role.EDITOR)
    offered = {
        role: "/consultations/new/" in logged_in(person).get(reverse("consultations:desk")).text
        for role, person in {**people, "of an agency without any": newcomer}.items()
    }
    assert offered == {
        Role.OWNER: True,
        Role.EDITOR: True,
        Role.MODERATOR: False,
        Role.ANALYST: False,
        "of an agency without any": True,
    }
