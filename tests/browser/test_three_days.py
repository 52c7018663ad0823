"""Three days of one consultation, by who makes it: an official, fifty citizens, a moderator, in two languages."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from accounts.models import Notice, Role
from comments.models import Comment, Flag, ModerationDecision
from consultations.clock import database_now
from consultations.models import Consultation, Phase
from tests.browser.steps import log_in
from tests.browser.test_opening import CLICKS, Hand
from tests.factories import UserFactory, fresh, make_agency, member

CITIZENS = 50
ADVERTISING = "Compro oro, pago al contado. Escribime."


@pytest.fixture
def agency(transactional_db):
    return make_agency("Ministerio de Obras")


def test_three_days(agency, page, another_person):
    editor, moderator = member(agency, Role.EDITOR), member(agency, Role.MODERATOR)
    rosa = UserFactory(name="Rosa Ñandubay")

    consultation = an_official_opens_a_consultation(page, editor)
    begin(consultation)
    comment = fifty_citizens_write_reply_and_report(consultation, rosa)
    page.context.clear_cookies()
    a_moderator_clears_the_queue_with_the_keyboard(page, moderator)
    decision = the_author_learns_why_and_appeals(another_person, rosa, comment)
    page.context.clear_cookies()
    another_moderator_grants_the_appeal(page, agency.owner, decision)

    another_person.goto(comment.get_absolute_url())
    assert another_person.get_by_text("Los bancos de hierro se oxidan.").is_visible()
    everybody_reads_the_open_book_in_both_languages(page, consultation)


# --- The first day


def an_official_opens_a_consultation(page, editor) -> Consultation:
    log_in(page, editor)
    page.goto("/consultations/")
    hand = Hand(page)
    hand.press("link", "Abrir una consulta")
    hand.press("link", "Consulta pública con preguntas")
    page.get_by_label("Título").fill("¿Cómo tiene que ser la plaza San Martín?")
    page.get_by_label("Resumen").fill("En marzo empieza la obra. Contanos qué no puede faltar.")
    hand.press("button", "Guardar el borrador y seguir")
    page.get_by_label("Pregunta 1").fill("¿Qué no puede faltar en la plaza?")
    for _ in range(3):
        hand.press("button", "Guardar y seguir")
    hand.press("link", "Reemplazá los renglones del texto que empiezan con ✎: son notas para vos.")
    page.get_by_label("Texto").fill("## La plaza\n\nTiene **dos hectáreas**.")
    hand.press("button", "Guardar y revisar")
    hand.press("button", "Publicarla para todo el mundo")
    assert hand.clicks <= CLICKS
    return Consultation.objects.get()


def begin(consultation) -> None:
    """The day comes on which people may speak: all dates move so that the discussion has begun."""
    discussion = consultation.phases.get(kind=Phase.Kind.DISCUSSION)
    passed = discussion.starts_at - database_now() + timedelta(hours=1)
    for phase in consultation.phases.order_by("starts_at"):
        Phase.objects.filter(pk=phase.pk).update(starts_at=F("starts_at") - passed, ends_at=F("ends_at") - passed)


# --- The second day


def fifty_citizens_write_reply_and_report(consultation, rosa) -> Comment:
    """Each through the pages of the site. Two advertise; many report them; five report Rosa by mistake."""
    add = reverse("comments:add") + f"?consultation={consultation.pk}"
    post(rosa, add, body="Los bancos de hierro se oxidan.")
    first = Comment.objects.get()
    citizens = [UserFactory(name=f"Vecina {n}") for n in range(CITIZENS - 1)]
    for n, citizen in enumerate(citizens):
        post(citizen, add, body=ADVERTISING if n < 2 else f"Propongo {n} árboles en el lado norte.")
        if n % 3 == 0:
            post(citizen, reverse("comments:reply", args=[first.pk]), body=f"De acuerdo, ya van {n} años.")
    for n, citizen in enumerate(citizens[10:40]):
        target = first if n < 5 else Comment.objects.filter(body=ADVERTISING)[n % 2]
        post(citizen, reverse("comments:report", args=[target.pk]), ground="spam")

    assert Comment.objects.filter(root__isnull=True).count() == CITIZENS
    assert Flag.objects.count() == 30
    return first


def post(citizen, address, **sent) -> None:
    client = Client()
    client.force_login(fresh(citizen))
    answer = client.post(address, sent)
    assert answer.status_code == 302, answer.content.decode()


# --- The third day


def a_moderator_clears_the_queue_with_the_keyboard(page, moderator) -> None:
    log_in(page, moderator)
    page.goto("/moderation/?show=flags&sort=most")
    cards = page.locator(".queue-item")
    for left in (2, 1, 0):
        page.keyboard.press("j")
        page.keyboard.press("h")
        page.keyboard.press("Tab")
        page.keyboard.type("Es publicidad.")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert cards.count() == left
    assert ModerationDecision.objects.filter(act="hidden").count() == 3


def the_author_learns_why_and_appeals(page, rosa, comment) -> ModerationDecision:
    decision = ModerationDecision.objects.get(comment=comment)
    assert Notice.objects.filter(user=rosa, consultation_id=comment.consultation_id).exists()
    log_in(page, rosa)
    page.goto(decision.get_absolute_url())
    assert page.get_by_text("Es publicidad.").first.is_visible()
    assert page.get_by_text("Los bancos de hierro se oxidan.").first.is_visible()  # to its author alone
    page.locator("textarea[name=words]").fill("No vendo bancos: digo que se oxidan.")
    with page.expect_navigation():
        page.get_by_role("button", name="Apelar ante otra persona").click()
    return decision


def another_moderator_grants_the_appeal(page, owner, decision) -> None:
    log_in(page, owner)
    page.goto("/moderation/?show=appeals")
    page.keyboard.press("j")
    page.keyboard.press("h")
    page.keyboard.type("Habla de la plaza.")
    with page.expect_navigation():
        page.get_by_role("button", name="Hacer lugar").click()
    decision.refresh_from_db()
    assert decision.appeal.outcome == "granted"


def everybody_reads_the_open_book_in_both_languages(page, consultation) -> None:
    page.context.clear_cookies()
    page.goto(reverse("comments:decisions", args=[consultation.slug]))
    assert page.get_by_text("Es publicidad.").count() >= 3
    assert page.get_by_text(ADVERTISING).count() == 0
    assert page.get_by_text("Rosa Ñandubay").count() == 0
    with page.expect_navigation():
        page.get_by_role("button", name="English").click()
    assert page.get_by_role("heading", name="Open book of moderation").count() >= 1
    assert page.locator("html").get_attribute("lang") == "en"
