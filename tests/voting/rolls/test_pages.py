"""The pages of a roll: upload, preview, confirm, vote; and nobody's e-mail on any page that others see."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import UserFactory
from tests.voting.reading import ballot_url, option, page_of
from tests.voting.rolls.conftest import again, put_on
from voting.models import EligibleVoter, RollUpload

pytestmark = pytest.mark.django_db


def address(name, poll):
    return reverse(f"voting:{name}", args=[poll.consultation.slug])


def test_upload_preview_confirm_then_a_listed_person_votes_and_another_does_not(client, editor, poll):
    client.force_login(editor)
    people = SimpleUploadedFile("padron.csv", "email;dni\nana@example.org;\nmal;\n;12.345.678\n".encode("latin-1"))
    preview = client.post(address("load-roll", poll), {"file": people}, follow=True)
    assert (preview.context["new_count"], preview.context["fault_count"]) == (2, 1)
    assert not EligibleVoter.objects.exists()
    done = client.post(address("confirm-upload", poll), {"upload": preview.context["upload"].pk}, follow=True)
    assert done.redirect_chain[-1][0] == address("roll", poll)
    assert again(poll).electoral_roll.size == 2

    client.force_login(UserFactory(email="ana@example.org"))
    assert client.post(ballot_url(poll), {"option": option(poll, "for")}).status_code == 302
    client.force_login(UserFactory())
    assert client.post(ballot_url(poll), {"option": option(poll, "for")}).status_code == 403
    page = page_of(client, poll)
    assert "No estás en el padrón de esta votación." in page
    assert reverse("voting:claim-entry") in page
    assert poll.ballots.count() == 1


def test_a_workbook_or_nothing_is_answered_beside_the_field(client, editor, poll):
    client.force_login(editor)
    for given in ({"file": SimpleUploadedFile("padron.xlsx", b"PK\x03\x04")}, {}, {"text": "nombre;apellido\nAna;Paz"}):
        answer = client.post(address("load-roll", poll), given)
        assert answer.status_code == 400
        assert answer.context["form"].errors
    assert not RollUpload.objects.exists()


def test_the_card_says_who_votes_with_a_roll_and_without_one(client, poll):
    assert "Cualquier persona con" in page_of(client, poll) or "correo" in page_of(client, poll)
    assert "padrón" not in page_of(client, poll)
    put_on(poll, "ana@example.org\nluz@example.org")
    for place in (poll, poll.consultation):
        assert "Hay 2 personas en el padrón, y nadie más vota." in page_of(client, again(poll), place)


def test_nobody_s_email_is_on_a_page_that_others_see(client, rolled, editor):
    put_on(rolled, "nueva@example.org", reason="Faltaba")
    for person in (None, UserFactory(), editor):
        if person:
            client.force_login(person)
        for place in (rolled.get_absolute_url(), rolled.consultation.get_absolute_url(), address("roll", rolled)):
            page = client.get(place).content.decode()
            assert not [email for email in ("ana@example.org", "luz@example.org", "nueva@example.org") if email in page]


def test_a_removal_needs_a_reason_and_people_who_are_on_the_roll(client, rolled, editor):
    client.force_login(editor)
    where = address("remove-voters", rolled)
    assert client.post(where, {"people": "ana@example.org", "reason": " "}).status_code == 400
    assert client.post(where, {"people": "nadie@example.org", "reason": "Error"}).status_code == 400
    assert client.post(where, {"people": "hola", "reason": "Error"}).status_code == 400
    assert client.post(where, {"people": "12.345.678\nana@example.org", "reason": "Se mudaron"}).status_code == 302
    assert again(rolled).electoral_roll.size == 1
    assert "Se mudaron" in client.get(address("roll", rolled)).content.decode()


def test_the_pages_of_a_poll_with_a_roll_keep_to_twelve_queries(client, rolled, django_assert_max_num_queries):
    client.force_login(UserFactory(email="ana@example.org"))
    for place in (rolled.get_absolute_url(), rolled.consultation.get_absolute_url(), address("roll", rolled)):
        client.get(place)
        with django_assert_max_num_queries(12):
            client.get(place)


def test_casting_with_a_roll_costs_no_statement_more(client, rolled, django_assert_max_num_queries):
    client.force_login(UserFactory(email="ana@example.org"))
    client.post(ballot_url(rolled), {"option": option(rolled, "for")})
    with django_assert_max_num_queries(12):
        assert client.post(ballot_url(rolled), {"option": option(rolled, "against")}).status_code == 302
