"""The pages of annotations, as they work without JavaScript."""

import re

import pytest
from django.urls import reverse

from comments.annotations.placing import place_again
from comments.models import Annotation
from comments.moderation.moderating import hide
from tests.factories import UserFactory, make_consultation, make_document, member, new_version
from tests.factories.documents import ARTICLES


def reading_page(client, version, query=""):
    page = client.get(reverse("consultations:version", args=[version.document_id, version.number]) + query)
    return page.content.decode()


def form_of(article, start, end, purpose="comment"):
    return f"/annotations/new/?article={article.pk}&start={start}&end={end}&purpose={purpose}"


def test_each_sentence_has_a_control_that_leads_to_its_annotations(client, first, ana, note):
    note(first, ana, "Toda persona")
    note(first, ana, "pedir que se plante")

    page = reading_page(client, first)

    article = first.articles.first()
    controls = re.findall(r'<a class="note[^>]*href="/annotations/\?article=(\d+)&amp;start=(\d+)&amp;end=(\d+)"', page)
    assert len(controls) == 6
    assert (str(article.pk), "0", "38") in controls
    assert page.count('aria-label="Anotar esta oración"') == 5
    assert page.count('aria-label="2 anotaciones sobre esta oración"') == 1


def test_beside_chosen_words_stand_whole_words_and_no_sign_that_more_follows_where_none_does(client, first):
    article = first.articles.first()
    start = article.text.index("plante")

    page = client.get(form_of(article, start, len(article.text) - 1)).content.decode()

    shown = re.search(r'<blockquote class="passage">(.*?)</blockquote>', page)[1]
    assert re.sub("<[^>]*>", "|", shown) == (
        "|…el arbolado público. Toda persona puede pedir que se ||plante un árbol||.|"
    )


def test_each_article_says_how_much_was_said_of_it(client, first, ana, note):
    note(first, ana, "Toda persona")

    page = reading_page(client, first)

    assert re.search(r'class="article-notes"[^>]*>1 anotación<', page)
    assert len(re.findall(r'class="article-notes"[^>]*>Anotar<', page)) == 2


def test_one_annotates_a_sentence_with_links_and_a_form(client, first, ana):
    client.force_login(ana)
    article = first.articles.first()
    sentence = client.get(f"/annotations/?article={article.pk}&start=0&end=38").content.decode()
    assert "Nadie anotó estas palabras todavía." in sentence
    assert form_of(article, 0, 38, "suggest").replace("&", "&amp;") in sentence

    words = article.text[0:38]
    answer = client.post(form_of(article, 0, 38), {"exact": words, "body": "Muy bien."})

    said = Annotation.objects.get()
    assert (said.exact, said.purpose) == (words, "comment")
    assert answer.url == f"/documents/{first.document_id}/versions/1/?annotation={said.pk}#annotation-{said.pk}"
    page = client.get(answer.url).content.decode()
    assert f'id="annotation-{said.pk}"' in page
    assert "Muy bien." in page


def test_one_may_keep_only_some_of_the_words(client, first, ana):
    client.force_login(ana)
    article = first.articles.first()

    client.post(form_of(article, 0, 38), {"exact": "arbolado", "body": "¿Solo el público?"})

    said = Annotation.objects.get()
    assert article.text[said.start : said.end] == said.exact == "arbolado"


@pytest.mark.parametrize(
    ("exact", "fault"),
    [("bosque", "Esas palabras no están ahí"), ("l", "están ahí varias veces"), ("  ", "Elegí al menos una palabra")],
)
def test_words_that_are_not_there_are_refused_and_nothing_typed_is_lost(client, first, ana, exact, fault):
    client.force_login(ana)

    answer = client.post(form_of(first.articles.first(), 0, 38), {"exact": exact, "body": "Lo que escribí."})

    assert answer.status_code == 400
    assert fault in answer.content.decode()
    assert "Lo que escribí." in answer.content.decode()
    assert not Annotation.objects.exists()


def test_a_suggestion_is_shown_as_what_goes_and_what_comes(client, first, ana):
    client.force_login(ana)
    article = first.articles.last()
    start = article.text.index("diez salarios")

    answer = client.post(
        form_of(article, start, start + 13, "suggest"),
        {"exact": "diez salarios", "suggestion": "cien salarios", "body": ""},
    )

    page = client.get(answer.url).content.decode()
    assert re.search(
        r"<del><span[^>]*>Se saca: </span>diez</del><ins><span[^>]*>Se agrega: </span>cien</ins> salarios", page
    )


def test_a_newcomer_may_write_first_and_make_the_account_then(client, first, ana):
    article = first.articles.first()
    address = form_of(article, 0, 38)

    refused = client.post(address, {"exact": article.text[:38], "body": "Escrito antes."})
    client.force_login(ana)
    again = client.get(address).content.decode()

    assert refused.status_code == 403
    assert "Escrito antes." in again


def test_outside_the_phase_the_form_says_when(client, ana):
    client.force_login(ana)
    article = make_document(make_consultation(now_in="results")).versions.get().articles.first()

    page = client.get(form_of(article, 0, 10))
    answer = client.post(form_of(article, 0, 10), {"exact": article.text[:10], "body": "Tarde."})

    assert "<textarea" not in page.content.decode()
    assert answer.status_code == 409
    assert not Annotation.objects.exists()


def test_an_article_of_a_private_consultation_is_not_found(client, ana):
    client.force_login(ana)
    article = make_document(make_consultation(visibility="private")).versions.get().articles.first()

    assert client.get(form_of(article, 0, 10)).status_code == 404
    assert client.get(f"/annotations/?article={article.pk}").status_code == 404


def test_the_list_is_filtered(client, first, ana, note):
    beto = UserFactory(name="Beto")
    best = note(first, beto, "diez salarios", body="Es mucho.")
    note(first, ana, "El registro es público", purpose="ask", body="¿Y en papel?")
    type(best.comment).objects.filter(pk=best.pk).update(agree_count=5)
    anonymous = client.get(f"/annotations/?version={first.pk}&show=mine").content.decode()
    client.force_login(ana)

    def bodies(query):
        page = client.get(f"/annotations/?version={first.pk}&{query}").content.decode()
        return re.findall(r"Es mucho\.|¿Y en papel\?", page)

    assert bodies("") == ["¿Y en papel?", "Es mucho."]
    assert bodies("show=best") == ["Es mucho.", "¿Y en papel?"]
    assert "No hay anotaciones así." in anonymous
    assert bodies("show=mine") == ["¿Y en papel?"]
    assert bodies("purpose=comment") == ["Es mucho."]
    assert bodies(f"article={first.articles.all()[1].pk}") == ["¿Y en papel?"]


@pytest.mark.parametrize("show", ["all", "best"])
def test_long_lists_come_in_pages(client, first, ana, note, show):
    for n in range(25):
        note(first, UserFactory(), "diez salarios" if n % 2 else "Toda persona", body=f"Nota {n:02}.")

    page = client.get(f"/annotations/?version={first.pk}&show={show}").content.decode()
    more = re.search(r'href="([^"]*after=\d+)"', page)[1].replace("&amp;", "&")
    rest = client.get(more).content.decode()

    found = re.findall(r"Nota \d\d", page) + re.findall(r"Nota \d\d", rest)
    assert sorted(found) == [f"Nota {n:02}" for n in range(25)]


def test_what_is_hidden_held_or_deleted_is_in_no_list_and_no_count(client, consultation, first, ana, note):
    found = note(first, ana, "diez salarios", body="Palabrota.")
    hide(target=found.comment, actor=member(consultation.agency, "moderator"), reason="Insulto.", ground="insult")

    assert "Palabrota" not in client.get(f"/annotations/?version={first.pk}").content.decode()
    assert "note some" not in reading_page(client, first)
    assert "Palabrota" not in reading_page(client, first, f"?annotation={found.pk}")


def test_a_later_version_shows_old_and_new_and_names_the_state(client, document, first, ana, note):
    found = note(first, ana, "La multa es de diez salarios.")
    note(first, ana, "Toda persona", body="Igual que antes.")
    gone = note(first, ana, "La autoridad lleva un registro de los árboles.", body="¡No la saquen!")
    second = new_version(document, [ARTICLES[0], "Derogado.", ARTICLES[2].replace("diez", "veinte")])
    place_again(first, second)

    listed = client.get(f"/annotations/?version={second.pk}").content.decode()
    lost = client.get(f"/annotations/?version={second.pk}&show=lost").content.decode()
    own = client.get(f"/comments/{found.pk}/").content.decode()

    assert "texto modificado" in listed
    assert ">igual</span>" in listed
    assert "veinte</ins>" in listed
    assert "huérfana" in lost
    assert "¡No la saquen!" in lost
    assert "&amp;show=lost" in reading_page(client, second)
    assert "Versión 1" in own and "Versión 2" in own and "texto modificado" in own
    assert "¡No la saquen!" in reading_page(client, first, f"?annotation={gone.pk}")


def test_fetched_the_answer_is_the_middle_of_the_page(client, first, ana):
    client.force_login(ana)
    article = first.articles.first()
    fetched = {"headers": {"X-Requested-With": "fetch"}}

    assert "<html" not in client.get(f"/annotations/?article={article.pk}", **fetched).content.decode()
    wrong = client.post(form_of(article, 0, 38), {"exact": "nada", "body": ""}, **fetched)
    right = client.post(form_of(article, 0, 38), {"exact": article.text[:38], "body": "Sí."}, **fetched)

    assert wrong.status_code == 400 and "<html" not in wrong.content.decode()
    assert right.status_code == 201
    assert right.json()["id"] == Annotation.objects.get().pk


def test_replies_to_an_annotation_stand_in_its_thread(client, first, ana, note):
    found = note(first, ana, "diez salarios")
    client.force_login(UserFactory(name="Beto"))

    client.post(f"/comments/{found.pk}/reply/", {"body": "De acuerdo con Ana."})

    page = client.get(f"/comments/{found.pk}/").content.decode()
    assert "De acuerdo con Ana." in page
    assert "diez salarios" in page
    assert found.comment.replies.get().document == first.document


def test_the_page_of_one_annotation_in_the_text_costs_twelve_queries(
    client, first, ana, note, django_assert_max_num_queries
):
    found = note(first, ana, "diez salarios")
    client.force_login(ana)
    address = f"/documents/{first.document_id}/versions/1/?annotation={found.pk}"
    client.get(address)

    with django_assert_max_num_queries(12):
        client.get(address)


def test_the_wording_of_a_suggestion_can_be_corrected(client, first, ana, note):
    """It was published with "You can correct it for 15 minutes": a slip in it is what one wants to correct."""
    said = note(first, ana, "diez salarios", purpose="suggest", suggestion="veinte sueldso", body="")
    client.force_login(ana)
    address = f"/comments/{said.pk}/edit/"

    form = client.get(address).context["form"]
    assert (form["suggestion"].value(), form["body"].value()) == ("veinte sueldso", "")
    assert client.post(address, {"suggestion": "veinte sueldos", "body": ""}).status_code == 302

    said.refresh_from_db()
    assert (said.suggestion, said.comment.body) == ("veinte sueldos", "veinte sueldos")
    assert said.comment.edited_at


@pytest.mark.parametrize("wording", ["diez salarios", "x" * 5_001])
def test_a_corrected_wording_is_checked_like_a_new_one(client, first, ana, note, wording):
    said = note(first, ana, "diez salarios", purpose="suggest", suggestion="veinte", body="Es poco.")
    client.force_login(ana)

    assert client.post(f"/comments/{said.pk}/edit/", {"suggestion": wording, "body": "Es poco."}).status_code == 400

    said.refresh_from_db()
    assert (said.suggestion, said.comment.edited_at) == ("veinte", None)


def test_a_comment_that_suggests_nothing_has_no_wording_to_correct(client, first, ana, note):
    said = note(first, ana, "diez salarios", body="Es poco.")
    client.force_login(ana)

    assert "suggestion" not in client.get(f"/comments/{said.pk}/edit/").context["form"].fields
    client.post(f"/comments/{said.pk}/edit/", {"suggestion": "veinte", "body": "Es muy poco."})

    said.refresh_from_db()
    assert (said.suggestion, said.comment.body) == ("", "Es muy poco.")
