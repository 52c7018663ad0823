"""What an agency does with a consultation once it is published: dates, lists, the close."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import AuditEntry, Role
from accounts.refusals import Conflict, InvalidInput, NotPermitted
from comments.dispositions.giving import give_disposition
from comments.moderation.moderating import hide
from consultations.clock import State, database_now
from consultations.milestones.starting import create_pledge
from consultations.models import Consultation, DateChange
from consultations.running.closing import close_early, write_closing_words
from consultations.running.dates import extend_phase
from consultations.running.listing import set_listed
from tests.consultations.doors import logged_in
from tests.factories import (
    CommentFactory,
    UserFactory,
    anonymous,
    choose,
    fresh,
    make_agency,
    make_consultation,
    make_document,
    make_poll,
    member,
)
from voting.ballots.casting import cast_ballot

pytestmark = pytest.mark.django_db

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def agency():
    return make_agency("Obras")


@pytest.fixture
def editor(agency):
    return member(agency, Role.EDITOR)


def phase(consultation, kind):
    return consultation.phases.get(kind=kind)


def extend(consultation, editor, kind="discussion", by=AN_HOUR, **options):
    ends_at = phase(consultation, kind).ends_at + by
    options = {"reason": "Llovió toda la semana.", **options}
    return extend_phase(consultation=consultation, kind=kind, ends_at=ends_at, actor=fresh(editor), **options)


def test_only_who_runs_it_extends_closes_or_unlists(agency):
    consultation = make_consultation(agency)
    for person in [anonymous, UserFactory(), member(agency, Role.MODERATOR), make_agency("Otra").owner]:
        with pytest.raises(NotPermitted):
            extend(consultation, person) if person is not anonymous else extend_phase(
                consultation=consultation, kind="discussion", ends_at=database_now(), reason="x", actor=person
            )
        with pytest.raises(NotPermitted):
            close_early(consultation=consultation, actor=person, reason="x")
        with pytest.raises(NotPermitted):
            write_closing_words(consultation=consultation, actor=person, closing_words="x")
        with pytest.raises(NotPermitted):
            set_listed(consultation=consultation, actor=person, is_listed=False)
    assert not DateChange.objects.exists()


def test_an_extended_date_is_recorded_and_stands_on_the_page_with_its_reason(client, agency, editor):
    consultation = make_consultation(agency, now_in="voting")
    old = phase(consultation, "voting").ends_at
    answer = logged_in(editor).post(
        reverse("consultations:extend", args=[consultation.slug]),
        {
            "kind": "voting",
            "ends_at": timezone.localtime(old + A_DAY).strftime("%Y-%m-%dT%H:%M"),
            "reason": "Llovió <toda> la semana.",
        },
    )
    assert answer.status_code == 302
    change = DateChange.objects.get()
    assert (change.phase_kind, change.old_ends_at, change.changed_by) == ("voting", old, editor)
    assert phase(consultation, "voting").ends_at == change.new_ends_at > old
    page = client.get(consultation.get_absolute_url()).content.decode()
    assert "“Voting” was extended" in page and "Llovió &lt;toda&gt; la semana." in page


def test_a_date_that_would_run_into_the_next_phase_is_refused_unless_that_moves_along(agency, editor):
    consultation = make_consultation(agency, now_in="discussion")
    voting_start, voting_end = phase(consultation, "voting").starts_at, phase(consultation, "voting").ends_at
    with pytest.raises(InvalidInput) as refusal:
        extend(consultation, editor, by=AN_HOUR)
    assert refusal.value.field == "move_later" and "“" in str(refusal.value.sentence)

    changes = extend(consultation, editor, by=AN_HOUR, move_later=True)

    assert [change.phase_kind for change in changes] == ["discussion", "voting"]
    voting = phase(consultation, "voting")
    assert (voting.starts_at, voting.ends_at) == (voting_start + AN_HOUR, voting_end + AN_HOUR)
    assert DateChange.objects.filter(reason="Llovió toda la semana.").count() == 2


def test_what_was_moved_along_is_told_in_order_with_its_reason_once(client, agency, editor):
    consultation = make_consultation(agency, now_in="discussion")
    extend(consultation, editor, move_later=True)
    extend(consultation, editor, kind="voting", reason="Faltan urnas.")

    page = client.get(consultation.get_absolute_url())
    told = [(change.reason, len(sentences)) for sentences, change in page.context["date_changes"]]

    assert told == [("Faltan urnas.", 1), ("Llovió toda la semana.", 2)]
    html = page.content.decode()
    assert html.index("“Discussion” was extended") < html.index("“Voting” was moved")
    assert html.count("Llovió toda la semana.") == 1


def test_phases_with_room_between_them_stay_where_they_were_announced(agency, editor):
    consultation = make_consultation(agency, now_in="discussion")
    voting = phase(consultation, "voting")
    voting.starts_at += 2 * AN_HOUR
    voting.save()
    extend(consultation, editor, by=AN_HOUR, move_later=True)
    assert phase(consultation, "voting").starts_at == voting.starts_at


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"by": -AN_HOUR}, "end_not_later"),
        ({"by": timedelta(0)}, "end_not_later"),
        ({"kind": "information", "by": AN_HOUR}, "end_is_past"),
        ({"reason": "  "}, "no_reason"),
    ],
)
def test_what_is_no_extension_is_refused(agency, editor, change, code):
    consultation = make_consultation(agency, now_in="discussion")
    with pytest.raises(InvalidInput) as refusal:
        extend(consultation, editor, **change)
    assert refusal.value.code == code
    assert not DateChange.objects.exists()


def test_only_what_has_begun_is_ended_early_by_closing_the_consultation(agency, editor, settings):
    settings.LANGUAGE_CODE = "en"
    consultation = make_consultation(agency, now_in="discussion")
    said = {}
    for kind in ("discussion", "voting"):
        with pytest.raises(InvalidInput) as refusal:
            extend(consultation, editor, kind, by=-timedelta(minutes=1))
        said[kind] = str(refusal.value.sentence)
    assert "to end it early, close the consultation" in said["discussion"]
    assert "close" not in said["voting"] and "where its dates are" in said["voting"]


def test_a_phase_in_which_people_have_voted_stays_as_it_was_told_to_them(agency, editor):
    consultation = make_consultation(agency, now_in="voting")
    poll = make_poll(consultation)
    cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))
    with pytest.raises(Conflict) as refusal:
        extend(consultation, editor, "voting")
    assert "amendment" in str(refusal.value.sentence)
    with pytest.raises(Conflict):
        close_early(consultation=consultation, actor=fresh(editor), reason="Se terminó")


def test_a_vote_without_a_ballot_is_extended_with_its_phase(agency, editor):
    consultation = make_consultation(agency, now_in="voting")
    poll = make_poll(consultation)
    extend(consultation, editor, "voting")
    poll.refresh_from_db()
    assert poll.phase.ends_at == DateChange.objects.get().new_ends_at


def test_a_draft_is_not_extended_but_changed(agency, editor):
    draft = make_consultation(agency, publish=False)
    with pytest.raises(Conflict):
        extend(draft, editor)


# --- The close


def test_closing_early_ends_what_is_open_takes_out_what_was_to_come_and_says_why(client, agency, editor):
    consultation = make_consultation(agency, now_in="discussion")
    close_early(
        consultation=consultation, actor=editor, reason="Se aprobó la ley.", closing_words="**Gracias** a las 312."
    )
    closed = Consultation.objects.get()
    assert closed.state_at(database_now()) == State.CLOSED
    assert not closed.phases.filter(kind="voting").exists()
    page = client.get(closed.get_absolute_url()).content.decode()
    assert "“Discussion” was ended early" in page and "“Voting” will not take place." in page
    assert page.count("Se aprobó la ley.") == 1
    assert page.index("<strong>Gracias</strong>") < page.index("What you can do now")


def test_what_was_closed_early_is_offered_to_be_extended_while_nothing_after_it_has_begun(client, agency, editor):
    consultation = make_consultation(agency, now_in="discussion")
    now = database_now()
    consultation.phases.create(kind="results", starts_at=now + 9 * A_DAY, ends_at=now + 19 * A_DAY)
    client.force_login(editor)
    page = reverse("consultations:extend", args=[consultation.slug])

    close_early(consultation=consultation, actor=editor, reason="Se aprobó la ley.")
    offered = [kind for kind, _ in client.get(page).context["form"].fields["kind"].choices]
    consultation.phases.filter(kind="results").update(starts_at=database_now())
    then = [kind for kind, _ in client.get(page).context["form"].fields["kind"].choices]

    assert offered == ["discussion", "results"]
    assert then == ["results"]


def test_a_vote_that_is_announced_is_not_closed_away(agency, editor):
    consultation = make_consultation(agency, now_in="discussion")
    make_poll(consultation)
    with pytest.raises(Conflict) as refusal:
        close_early(consultation=consultation, actor=editor, reason="x")
    assert refusal.value.code == "vote_ahead"
    assert phase(consultation, "discussion").ends_at > database_now()


@pytest.mark.parametrize(("now_in", "code"), [("over", "closed_already"), (None, "not_open_yet")])
def test_what_is_not_open_is_not_closed(agency, editor, now_in, code):
    with pytest.raises(Conflict) as refusal:
        close_early(consultation=make_consultation(agency, now_in=now_in), actor=editor, reason="x")
    assert refusal.value.code == code


def test_closing_words_and_report_stand_first_on_the_closed_page_and_may_be_mended(client, agency, editor):
    consultation = make_consultation(agency, now_in="over")
    close_url = reverse("consultations:close", args=[consultation.slug])
    for words in ("Gracias.", "Muchas gracias."):
        sent = {"closing_words": words, "report_url": "https://obras.example/informe"}
        assert logged_in(editor).post(close_url, sent).status_code == 302
    page = client.get(consultation.get_absolute_url()).content.decode()
    assert "Muchas gracias." in page and 'href="https://obras.example/informe"' in page
    last = AuditEntry.objects.filter(event="consultations.closing_words_written").first()
    assert last.details["old"]["closing_words"] == "Gracias."


def test_closing_words_wait_for_the_close_and_say_something(agency, editor):
    with pytest.raises(Conflict):
        write_closing_words(consultation=make_consultation(agency), actor=editor, closing_words="x")
    closed = make_consultation(agency, now_in="over", title="Otra")
    for sent in ({"closing_words": " "}, {"closing_words": "x", "report_url": "javascript:alert(1)"}):
        with pytest.raises(InvalidInput):
            write_closing_words(consultation=closed, actor=fresh(editor), **sent)


# --- Lists


def test_an_unlisted_consultation_is_in_no_list_and_read_by_its_address(client, agency, editor):
    consultation = make_consultation(agency, title="Plan reservado")
    lists = ["/", "/consultations/", "/agencies/obras/", "/api/v1/consultations/"]
    listed_url = reverse("consultations:set-listed", args=[consultation.slug])

    assert logged_in(editor).post(listed_url, {"is_listed": "no"}).status_code == 302
    assert not [url for url in lists if "Plan reservado" in client.get(url).content.decode()]
    assert client.get(consultation.get_absolute_url()).status_code == 200
    assert "Plan reservado" in logged_in(editor).get("/desk/").content.decode()

    logged_in(editor).post(listed_url, {"is_listed": "yes"})
    assert [url for url in lists if "Plan reservado" in client.get(url).content.decode()] == lists


def test_a_list_of_everything_in_the_api_names_nothing_of_an_unlisted_consultation(client, agency, editor):
    consultation = make_consultation(agency, now_in="voting", title="Plan reservado")
    make_poll(consultation, question="¿Un secreto?")
    set_listed(consultation=consultation, actor=editor, is_listed=False)
    assert "secreto" not in client.get("/api/v1/polls/").content.decode()
    assert "secreto" in client.get(f"/api/v1/polls/?consultation={consultation.slug}").content.decode()


def test_nor_do_the_other_lists_and_what_chooses_among_all_there_is(client, agency, editor):
    consultation = make_consultation(agency, now_in="follow_up", title="Plan reservado")
    author, moderator = UserFactory(), member(agency, Role.MODERATOR)
    comment = CommentFactory(consultation=consultation, author=author)
    give_disposition(contributions=[comment], actor=fresh(editor), kind="taken", reason="Está bien.")
    hide(target=CommentFactory(consultation=consultation), actor=moderator, reason="Insulta")
    create_pledge(consultation=consultation, actor=fresh(editor), title="Árboles")
    set_listed(consultation=consultation, actor=fresh(editor), is_listed=False)

    make_document(consultation)
    for list_ in ("documents/?", "pledges/?", "moderation/?", "comments/?disposition=taken&", "comments/?"):
        address = f"/api/v1/{list_}"
        assert client.get(address).json()["results"] == [], address
        assert client.get(f"{address}consultation={consultation.slug}").json()["results"], address
