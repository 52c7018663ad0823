"""Where people read what became of a contribution: beside it, on their own page, at the change, and in the API."""

import pytest

from accounts.models import Role
from comments.dispositions.behind import behind
from comments.dispositions.giving import give_disposition
from comments.moderation.moderating import hide
from consultations.clock import database_now
from tests.comments.dispositions.making import annotate
from tests.factories import CommentFactory, ProposalFactory, UserFactory, make_agency, make_consultation, member
from tests.factories.documents import make_document, new_version

pytestmark = pytest.mark.django_db

REASON = "Ya está en el plan <b>2027</b>."
SHOWN = "Ya está en el plan &lt;b&gt;2027&lt;/b&gt;."


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def consultation():
    found = make_consultation(make_agency("Obras"))
    found.editor = member(found.agency, Role.EDITOR)
    return found


@pytest.fixture
def ana():
    return UserFactory(name="Ana")


@pytest.fixture
def comment(consultation, ana):
    return CommentFactory(consultation=consultation, author=ana)


@pytest.fixture
def proposal(consultation, ana):
    return ProposalFactory(consultation=consultation, author=ana)


def give(consultation, *contributions, kind="already_covered", actor=None, **more):
    actor = actor or consultation.editor
    give_disposition(contributions=contributions, actor=actor, kind=kind, reason=REASON, **more)


def html(client, url):
    return client.get(url).content.decode()


# --- Beside it


def test_a_comment_shows_it_wherever_it_stands(client, consultation, comment):
    give(consultation, comment)
    for url in (consultation.get_absolute_url(), comment.get_absolute_url()):
        page = html(client, url)
        assert "Already covered</span>" in page
        assert SHOWN in page


def test_a_proposal_shows_it_on_its_page_and_on_its_card(client, consultation, proposal):
    give(consultation, proposal, kind="not_taken")
    page = html(client, proposal.get_absolute_url())
    assert "Not taken</span>" in page
    assert SHOWN in page
    assert "Not taken</span>" in html(client, f"/consultations/{consultation.slug}/proposals/")


def test_it_leads_to_the_change(client, consultation, comment):
    document = make_document(consultation)
    article = new_version(document).articles.first()
    give(consultation, comment, article=article)
    address = f"/documents/{document.pk}/versions/2/article/{article.identity}/"

    assert f'<a href="{address}">Artículo 1, version 2 of “Proyecto de ley de arbolado”</a>' in html(
        client, comment.get_absolute_url()
    )
    assert client.get(address).status_code in (200, 301, 302)


def test_of_what_is_hidden_or_withdrawn_it_is_not_shown(client, consultation, comment, proposal):
    give(consultation, comment, proposal)
    hide(target=comment, actor=member(consultation.agency, Role.MODERATOR), reason="Insulta.")
    type(proposal).objects.filter(pk=proposal.pk).update(withdrawn_at=database_now())

    for url in (consultation.get_absolute_url(), comment.get_absolute_url(), proposal.get_absolute_url()):
        assert SHOWN not in html(client, url)
    for url in (f"/api/v1/comments/{comment.pk}/", f"/api/v1/proposals/{proposal.pk}/"):
        assert client.get(url).json()["disposition"] is None


def test_an_editor_has_the_way_to_the_desk_at_each_and_a_citizen_has_not(client, consultation, comment, proposal):
    ways = {
        comment.get_absolute_url(): f"/contributions/?one=comment-{comment.pk}",
        proposal.get_absolute_url(): f"/contributions/?one=proposal-{proposal.pk}",
    }
    for url, way in ways.items():
        client.logout()
        assert way not in html(client, url)
        client.force_login(consultation.editor)
        assert way in html(client, url)


def test_the_way_from_an_annotation_finds_it(client, consultation, ana):
    remark = annotate(make_document(consultation).versions.get().articles.first(), ana)
    client.force_login(consultation.editor)
    page = html(client, f"/consultations/{consultation.slug}/contributions/?one=comment-{remark.pk}")
    assert f'value="annotation-{remark.pk}-0" checked' in page


# --- One's own page


def test_authors_read_it_on_their_own_page(client, consultation, comment, proposal, ana):
    give(consultation, comment, proposal)
    client.force_login(ana)
    page = html(client, "/account/participation/")
    assert page.count(f"Already covered. The agency&#x27;s reason: {SHOWN}") == 2


# --- At the change


def test_a_change_knows_the_contributions_behind_it(client, consultation, comment, proposal, ana):
    document = make_document(consultation)
    first = document.versions.get()
    remarks = [annotate(first.articles.first(), UserFactory()) for _ in range(3)]
    second = new_version(document)
    changed, other = second.articles.order_by("position")[:2]
    give(consultation, *remarks, article=changed)
    give(consultation, comment, proposal, article=other)
    hide(target=remarks[0], actor=member(consultation.agency, Role.MODERATOR), reason="Insulta.")
    found = behind(second, after=1)

    assert found[changed.identity].sentence == "This changed because of 2 annotations."
    assert found[other.identity].sentence == "This changed because of 2 contributions."
    assert set(found) == {changed.identity, other.identity}
    assert behind(first) == {}
    page = html(client, found[changed.identity].url)
    assert page.count('<tr id="annotation-') == 2
    assert f'<tr id="comment-{comment.pk}">' not in page


def test_who_compares_versions_reads_that_a_change_answers_annotations(client, consultation, ana):
    document = make_document(consultation)
    remark = annotate(document.versions.get().articles.first(), ana)
    changed = new_version(document, ["Otras palabras."]).articles.get()
    give(consultation, remark, article=changed)
    page = html(client, f"/documents/{document.pk}/compare/1/2/")
    assert "This changed because of one annotation." in page
    assert f'href="/consultations/{consultation.slug}/report/?change={changed.identity}"' in page


def test_a_comparison_over_several_versions_has_what_changed_in_between(consultation, ana):
    document = make_document(consultation)
    remark = annotate(document.versions.get().articles.first(), ana)
    second = new_version(document)
    third = new_version(document)
    article = second.articles.first()
    give(consultation, remark, article=article)

    assert behind(third, after=1)[article.identity].total == 1
    assert behind(third, after=2) == {}


# --- The API, the desk


def test_programs_read_it_and_filter_by_it(client, consultation, comment, proposal):
    other = CommentFactory(consultation=consultation, author=UserFactory())
    give(consultation, comment, proposal, kind="taken")

    found = client.get(f"/api/v1/comments/{comment.pk}/").json()["disposition"]
    assert (found["kind"], found["reason"], found["article"]) == ("taken", REASON, None)
    assert client.get(f"/api/v1/comments/{other.pk}/").json()["disposition"] is None
    asked = {"consultation": consultation.slug, "disposition": "taken"}
    assert [row["id"] for row in client.get("/api/v1/comments/", asked).json()["results"]] == [comment.pk]
    assert [row["id"] for row in client.get("/api/v1/proposals/", asked).json()["results"]] == [proposal.pk]
    assert client.get("/api/v1/comments/", {"disposition": "lost"}).status_code == 400


def test_the_kinds_of_the_api_are_those_there_are():
    from comments.models import Disposition
    from consultations.api import DISPOSITIONS

    assert list(DISPOSITIONS) == Disposition.Kind.values


def test_the_officials_desk_says_how_many_lack_one_once_it_is_closed(client, consultation, comment):
    over = make_consultation(consultation.agency, title="Terminada", now_in="over")
    for _ in range(2):
        CommentFactory(consultation=over, author=UserFactory())
    client.force_login(consultation.editor)
    page = html(client, "/desk/")
    assert "2 contributions lack an answer" in page
    assert f'href="/consultations/{over.slug}/contributions/"' in page
    assert "1 contribution lacks an answer" not in page

    give(over, *over.comments.all(), actor=consultation.editor)
    page = html(client, "/desk/")
    assert "lack an answer" not in page
    assert f'href="/consultations/{over.slug}/answered/"' in page
