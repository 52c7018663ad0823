"""Nobody takes part without having agreed to the terms as they are now; everybody reads."""

import pytest
from django.urls import reverse
from django.utils import translation

from accounts import consent, legal
from accounts.legal import CURRENT, DOCUMENTS, VERSIONS, Version, text_of
from accounts.models import Consent
from tests.accounts.test_login import code_in, sign_up
from tests.factories import UserFactory, fresh, make_consultation

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer():
    """Somebody whose account an agency made: they have agreed to nothing yet."""
    return UserFactory(terms_version=0)


@pytest.fixture
def discussion():
    return make_consultation(now_in="discussion")


def add_to(consultation):
    return reverse("comments:add") + f"?consultation={consultation.pk}"


def test_who_signs_up_has_agreed(client, mailoutbox):
    response = sign_up(client)
    client.post(response.url, {"code": code_in(mailoutbox[0])})

    agreed = Consent.objects.get(user__email="ana@example.org")
    assert agreed.version == agreed.user.terms_version == CURRENT.number


def test_nobody_signs_up_without_agreeing(client):
    answer = client.post(
        "/account/signup/", {"name": "Ana", "email": "ana@example.org", "password1": "caballo grapa bat"}
    )

    assert answer.status_code == 200
    assert "Without your agreement" in answer.content.decode()


def test_who_has_not_agreed_reads_and_is_asked_before_commenting(client, newcomer, discussion):
    client.force_login(newcomer)

    assert client.get(discussion.get_absolute_url()).status_code == 200
    refused = client.post(add_to(discussion), {"body": "Falta sombra."})
    assert refused.status_code == 403
    assert reverse("accounts:agree") in refused.content.decode()
    assert discussion.comments.count() == 0


def test_who_agrees_goes_on_to_where_they_were_going(client, newcomer, discussion):
    client.force_login(newcomer)
    form = {"version": CURRENT.number, "agrees": "on", "next": add_to(discussion)}
    answer = client.post(reverse("accounts:agree"), form)

    assert answer.url == add_to(discussion)
    assert client.post(add_to(discussion), {"body": "Falta sombra."}).status_code == 302


def test_nobody_is_led_to_another_site_by_agreeing(client, newcomer):
    client.force_login(newcomer)
    form = {"version": CURRENT.number, "agrees": "on", "next": "https://evil.example/"}

    assert client.post(reverse("accounts:agree"), form).url == "/"


def test_agreeing_twice_is_once(newcomer):
    consent.agree(user=newcomer, version=CURRENT.number)
    consent.agree(user=newcomer, version=CURRENT.number)

    assert newcomer.consents.count() == 1


def test_new_terms_are_asked_for_again_and_the_old_ones_stay_readable(client, discussion, monkeypatch):
    citizen = UserFactory()
    later = Version(CURRENT.number + 1, CURRENT.since)
    monkeypatch.setattr(consent, "CURRENT", later)

    assert consent.needs_consent(citizen)
    client.force_login(citizen)
    assert client.post(add_to(discussion), {"body": "Falta sombra."}).status_code == 403
    assert client.get(reverse("accounts:legal-version", args=["terms", CURRENT.number])).status_code == 200


def test_a_vote_asks_for_agreement_too(client, newcomer):
    consultation = make_consultation(now_in="voting")
    assert not fresh(newcomer).has_perm("consultations.vote_consultation", consultation)
    consent.agree(user=newcomer, version=CURRENT.number)
    assert fresh(newcomer).has_perm("consultations.vote_consultation", consultation)


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("version", [version.number for version in VERSIONS])
def test_every_version_of_every_text_is_there_in_both_languages(settings, document, version):
    for language in ("es-ar", "en"):
        assert (legal.TEXTS / str(version) / f"{document}.{language}.md").exists()
        text = text_of(document, version, language)
        with translation.override(language):
            assert str(settings.OPERATOR_NAME) in text
        assert "[[" not in text


def test_the_privacy_page_says_what_the_law_asks_for(client):
    page = client.get(
        reverse("accounts:legal", args=["privacy"]), headers={"accept-language": "es-AR"}
    ).content.decode()

    assert "Ley 25.326" in page
    assert "Agencia de Acceso a la Información Pública" in page
