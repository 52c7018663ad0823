"""Reading a draft text: what everybody finds, what editors alone find, and how much it costs."""

import re

import pytest
from django.urls import reverse

from accounts.models import Role
from consultations.models import Article
from tests.consultations.doors import logged_in
from tests.factories import make_agency, make_consultation, make_document, member, new_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation():
    return make_consultation(make_agency("Ambiente"), now_in="discussion")


@pytest.fixture
def document(consultation):
    return make_document(consultation)


def page(document, *version):
    name = "consultations:version" if version else "consultations:document"
    return reverse(name, args=[document.pk, *version])


def test_the_document_shows_its_newest_published_version_and_not_the_draft(client, document):
    new_version(document, ["El arbolado es de todos."])
    new_version(document, ["Todavía no lo lea nadie."], published=False)

    html = client.get(page(document)).content.decode()
    assert "El arbolado es de todos." in html
    assert "Todavía no lo lea nadie." not in html


def test_a_draft_is_found_by_editors_and_by_nobody_else(client, document, consultation):
    new_version(document, ["Secreto."], published=False)

    assert client.get(page(document, 2)).status_code == 404
    assert logged_in(member(consultation.agency, Role.EDITOR)).get(page(document, 2)).status_code == 200
    assert logged_in(member(consultation.agency, Role.MODERATOR)).get(page(document, 2)).status_code == 404


def test_a_document_of_a_private_consultation_is_not_found_by_the_public(client):
    hidden = make_document(make_consultation(make_agency("Obras"), visibility="private"))
    assert client.get(page(hidden)).status_code == 404
    assert client.get(page(hidden, 1)).status_code == 404


def test_an_earlier_version_says_so_and_leads_to_the_text_of_now(client, document):
    new_version(document, ["El arbolado es de todos."])

    html = client.get(page(document, 1)).content.decode()
    assert "This is an earlier version" in html
    assert f'href="{page(document)}"' in html


def test_an_article_has_a_permanent_address_that_leads_to_it(client, document):
    article = document.versions.get().articles.last()
    answer = client.get(reverse("consultations:article", args=[document.pk, 1, article.identity]))

    assert answer.url == f"{page(document, 1)}#a-{article.identity}"
    assert f'id="a-{article.identity}"' in client.get(page(document, 1)).content.decode()


def test_an_article_of_another_document_is_not_found_there(client, document, consultation):
    other = make_document(consultation).versions.get().articles.first()
    assert client.get(reverse("consultations:article", args=[document.pk, 1, other.identity])).status_code == 404


def test_headings_stand_below_the_titles_and_chapters_over_them(client, consultation):
    kinds = [("title", "Título I"), ("chapter", "Capítulo I"), ("article", "Artículo 1"), ("title", "Título II")]
    rows = [{"kind": kind, "label": label} for kind, label in kinds] + [{"body": "Dos.", "label": "Artículo 2"}]
    document = make_document(consultation, rows)

    html = client.get(page(document)).content.decode()
    assert re.findall(r'<h(\d) class="article-head"', html) == list("23423")


def test_two_hundred_articles_cost_no_more_queries_than_two(client, consultation, django_assert_max_num_queries):
    document = make_document(consultation, [f"Artículo número {n}. Dice algo." for n in range(200)])
    assert Article.objects.filter(version__document=document).count() == 200

    with django_assert_max_num_queries(12):
        assert client.get(page(document)).status_code == 200
