"""The way of a proposal to the public: nothing typed is lost, likely doubles are shown, what is sent twice is once."""

import uuid
from datetime import timedelta

import pytest

from consultations.models import Consultation, Proposal, ProposalDraft
from consultations.proposals.drafting import send_draft
from consultations.proposals.similar import likely_duplicates
from tests.at_once import at_once
from tests.consultations.doors import address, words
from tests.factories import ProposalFactory, UserFactory, make_agency, make_consultation

PLAZA = {"title": "Una plaza en el molino", "body": "Con **sombra**."}


@pytest.fixture
def open_call(db):
    return make_consultation(make_agency("Obras"), now_in="proposals")


@pytest.fixture
def ana(client, db):
    person = UserFactory(name="Ana Pérez")
    client.force_login(person)
    return person


def new(consultation) -> str:
    return address(consultation, "proposals/new/")


def over(consultation) -> None:
    phase = consultation.phases.get(kind="proposals")
    phase.ends_at = phase.starts_at + timedelta(seconds=1)
    phase.save()


def test_a_draft_is_saved_as_typed_faults_and_all_and_comes_back_on_another_device(client, open_call, ana):
    saved = client.post(new(open_call), PLAZA | {"title": "", "save": ""})

    client.logout()
    client.force_login(ana)
    page = client.get(saved.url)
    assert "Con **sombra**." in page.content.decode()
    assert saved.url in client.get("/proposals/drafts/").content.decode()
    assert saved.url in client.get(new(open_call)).content.decode()
    assert not Proposal.objects.exists()


def test_the_script_saves_the_same_draft_again_and_learns_its_address(client, open_call, ana):
    key = str(uuid.uuid4())
    for title in ["U", "Una", "Una plaza"]:
        sent = {"title": title, "key": key, "save": ""}
        answer = client.post(new(open_call), sent, headers={"Accept": "application/json"}).json()

    assert answer["address"] == f"/proposals/drafts/{key}/"
    assert [draft.title for draft in ProposalDraft.objects.all()] == ["Una plaza"]


def test_a_draft_is_nobody_elses(client, open_call, ana):
    saved = client.post(new(open_call), PLAZA | {"save": ""})
    client.force_login(UserFactory())

    for rest in ["", "send/"]:
        assert client.get(saved.url + rest).status_code == 404
        assert client.post(saved.url + rest, PLAZA).status_code == 404
    assert client.post(saved.url + "delete/").status_code == 404
    assert ProposalDraft.objects.count() == 1


def test_somebody_elses_key_makes_a_draft_of_ones_own(client, open_call, ana):
    key = str(uuid.uuid4())
    client.post(new(open_call), PLAZA | {"key": key, "save": ""})
    client.force_login(UserFactory())
    client.post(new(open_call), {"title": "Otra", "key": key, "save": ""})

    assert sorted(draft.title for draft in ProposalDraft.objects.all()) == ["Otra", "Una plaza en el molino"]


def test_a_preview_shows_the_text_and_saves_nothing(client, open_call, ana):
    page = client.post(new(open_call), PLAZA | {"preview": ""})

    assert b"<strong>sombra</strong>" in page.content
    assert not ProposalDraft.objects.exists()
    assert not Proposal.objects.exists()


def test_what_comes_too_late_is_kept_as_a_draft_and_can_still_be_read_and_changed(client, open_call, ana):
    over(open_call)

    refused = client.post(new(open_call), PLAZA)

    assert refused.status_code == 409
    assert "Con **sombra**." in words(refused)
    draft = ProposalDraft.objects.get()
    assert f"/proposals/drafts/{draft.key}/" in refused.content.decode()
    page = client.get(f"/proposals/drafts/{draft.key}/")
    assert page.status_code == 200
    assert b'name="send"' not in page.content
    assert client.post(f"/proposals/drafts/{draft.key}/send/").status_code == 302
    assert not Proposal.objects.exists()


def test_who_has_no_account_writes_first_and_finds_the_text_after_logging_in(client, open_call):
    assert client.get(new(open_call)).status_code == 200

    refused = client.post(new(open_call), PLAZA)

    assert (refused.status_code, refused.context["is_kept"]) == (403, True)
    client.force_login(UserFactory())
    landed = client.get(new(open_call), follow=True)
    assert "Con **sombra**." in landed.content.decode()
    assert ProposalDraft.objects.get().title == PLAZA["title"]


def test_what_was_typed_after_the_session_ended_waits_in_a_draft_and_in_a_proposal_that_is_changed(
    client, open_call, ana
):
    client.post(new(open_call), PLAZA | {"save": "1"})
    draft = ProposalDraft.objects.get()
    proposal = ProposalFactory(consultation=open_call, author=ana, title="Una plaza")
    for page in (f"/proposals/drafts/{draft.key}/", f"/proposals/{proposal.pk}/edit/"):
        client.logout()
        refused = client.post(page, PLAZA | {"body": "Media hora de trabajo."})
        client.force_login(ana)

        assert (refused.status_code, refused.context["is_kept"]) == (403, True)
        assert client.get(page).context["form"]["body"].value() == "Media hora de trabajo."


def test_a_double_is_shown_before_sending_and_no_is_an_answer(client, open_call, ana):
    ProposalFactory(consultation=open_call, author=UserFactory(), title="Plaza en el Molíno")
    ProposalFactory(consultation=open_call, author=UserFactory(), title="Bicisendas por Mitre")

    step = client.post(new(open_call), PLAZA, follow=True)

    assert "Plaza en el Molíno" in words(step)
    assert "Bicisendas" not in words(step)
    assert Proposal.objects.count() == 2
    client.post(step.request["PATH_INFO"])
    assert Proposal.objects.get(author=ana).title == PLAZA["title"]


def test_what_is_out_of_sight_or_elsewhere_is_no_double(open_call):
    other = make_consultation(make_agency("Salud"), now_in="proposals")
    ProposalFactory(consultation=other, title=PLAZA["title"])
    now = open_call.published_at
    ProposalFactory(consultation=open_call, title=PLAZA["title"], withdrawn_at=now)
    ProposalFactory(consultation=open_call, title=PLAZA["title"], held_at=now)
    moderator = UserFactory()
    ProposalFactory(
        consultation=open_call, title=PLAZA["title"], hidden_at=now, hidden_by=moderator, hidden_reason="Porque"
    )

    assert likely_duplicates(consultation=open_call, reader=UserFactory(), **PLAZA) == []


@pytest.mark.parametrize(
    ("mine", "theirs", "is_found"),
    [
        ("Más árboles en la avenida", "ARBOLES para la avenida", True),
        ("Una cancha de fútbol", "Canchas de futbol", True),
        ("Luminarias en la calle 9", "Un comedor escolar", False),
        ("de la", "Una plaza", False),
        ("' | & ! :* \\", "Una plaza", False),
    ],
)
def test_doubles_are_told_by_their_words_without_accents_and_endings(open_call, mine, theirs, is_found):
    proposal = ProposalFactory(consultation=open_call, title=theirs, body="…")

    found = likely_duplicates(consultation=open_call, title=mine, body="Otra cosa.", reader=UserFactory())

    assert found == ([proposal] if is_found else [])


def test_the_same_text_under_another_title_is_a_double(open_call):
    text = "Queremos que el municipio repare las veredas rotas de la calle nueve porque se caen los abuelos."
    proposal = ProposalFactory(consultation=open_call, title="Veredas", body=text)

    assert likely_duplicates(
        consultation=open_call, title="Cuidemos a los mayores", body=text, reader=UserFactory()
    ) == [proposal]


@pytest.mark.django_db(transaction=True)
def test_a_draft_sent_twice_at_once_is_one_proposal():
    consultation = make_consultation(now_in="proposals")
    ana = UserFactory()
    draft = ProposalDraft.objects.create(author=ana, consultation=consultation, typed=PLAZA)

    def send():
        own = ProposalDraft.objects.select_related("consultation").get(pk=draft.pk)
        own.consultation = Consultation.objects.get(pk=consultation.pk)
        send_draft(draft=own, actor=ana, **PLAZA)

    assert at_once(send, send, send) == ["done"] * 3
    assert Proposal.objects.count() == 1
