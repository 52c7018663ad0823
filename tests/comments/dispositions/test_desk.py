"""The desk on which an agency answers what people contributed."""

import re

import pytest

from accounts.models import Role
from comments.dispositions.giving import give_disposition
from comments.models import Comment, Disposition
from consultations.clock import database_now
from tests.comments.dispositions.making import annotate
from tests.factories import CommentFactory, ProposalFactory, UserFactory, make_agency, make_consultation, member
from tests.factories.documents import make_document, new_version

pytestmark = pytest.mark.django_db

ANSWER = {"kind": "taken", "reason": "Está en el artículo 4."}


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def consultation():
    return make_consultation(make_agency("Obras"))


@pytest.fixture
def editor(client, consultation):
    person = member(consultation.agency, Role.EDITOR)
    client.force_login(person)
    return person


def say(consultation, body="Falta sombra.", **fields):
    return CommentFactory(consultation=consultation, author=UserFactory(), body=body, **fields)


def propose(consultation, **fields):
    return ProposalFactory(consultation=consultation, author=UserFactory(), **fields)


def desk_of(consultation):
    return f"/consultations/{consultation.slug}/contributions/"


def page(client, consultation, **asked):
    return client.get(desk_of(consultation), asked).content.decode()


def listed(html):
    """The contributions of a page, in order: "comment-12"."""
    return re.findall(r'<article class="queue-item answer-item[^"]*" id="([^"]+)"', html)


def post(client, consultation, asked="", **typed):
    return client.post(f"{desk_of(consultation)}{asked}", {**ANSWER, **typed})


def given(editor, *contributions, kind="taken"):
    give_disposition(contributions=contributions, actor=editor, kind=kind, reason="Porque sí.")


# --- The list


def test_it_begins_with_what_lacks_an_answer_the_oldest_first(client, consultation, editor):
    first, answered = say(consultation, "Primero."), say(consultation, "Respondido.")
    proposal = propose(consultation)
    remark = annotate(make_document(consultation).versions.get().articles.first(), UserFactory())
    given(editor, answered)
    html = page(client, consultation)

    assert listed(html) == [f"comment-{first.pk}", f"proposal-{proposal.pk}", f"annotation-{remark.pk}"]
    assert "3 of 4 lack an answer." in html
    assert remark.annotation.exact in html


def test_it_is_filtered_by_kind_answer_place_and_words(client, consultation, editor):
    document = make_document(consultation)
    article = document.versions.get().articles.first()
    question = consultation.questions.create(position=1, text="¿Dónde?")
    whole, reply = say(consultation, "Más árboles."), say(consultation, "En la avenida.", question=question)
    remark, about = annotate(article, UserFactory()), say(consultation, "Todo el texto.", document=document)
    proposal = propose(consultation, title="Un vivero", body="Con plantines.")
    given(editor, whole)
    given(editor, reply, kind="not_taken")

    def found(**asked):
        return {name.partition("-")[2] for name in listed(page(client, consultation, **asked))}

    def ids(*rows):
        return {str(row.pk) for row in rows}

    assert found() == ids(remark, about, proposal)
    assert found(fate="all") == ids(whole, reply, remark, about, proposal)
    assert found(fate="not_taken") == ids(reply)
    assert found(fate="all", kind="annotation") == ids(remark)
    assert found(fate="all", kind="proposal") == ids(proposal)
    assert found(fate="all", place="consultation") == ids(whole)
    assert found(fate="all", place=f"question-{question.pk}") == ids(reply)
    assert found(fate="all", place=f"document-{document.pk}") == ids(remark, about)
    assert found(fate="all", place=f"article-{article.identity}") == ids(remark)
    assert found(fate="all", q="ARBOLES") == ids(whole)
    assert found(fate="all", q="vivero") == ids(proposal)
    assert found(fate="all", q=article.text[:20]) == ids(remark)
    assert found(one=f"proposal-{proposal.pk}") == ids(proposal)


@pytest.mark.parametrize(
    "asked",
    [
        {"place": "article-x"}, {"place": "document-99999999999999999999"}, {"one": "comment-x"},
        {"after": "comment-1-x"}, {"after": "comment-1-2026-99-99T00:00:00+00:00"}, {"sort": "agreed", "after": "x"},
        {"fate": "lost"}, {"kind": "vote"},
    ],
)  # fmt: skip
def test_an_address_that_means_nothing_shows_the_list(client, consultation, editor, asked):
    comment = say(consultation)
    assert listed(page(client, consultation, **asked)) == [f"comment-{comment.pk}"]


@pytest.mark.parametrize("sort", ["oldest", "newest", "agreed"])
def test_it_goes_on_page_by_page_with_everything_once(client, consultation, editor, sort):
    moment = database_now()
    rows = [say(consultation, created_at=moment, agree_count=n % 3) for n in range(30)]
    proposals = [propose(consultation, created_at=moment, support_count=n % 3) for n in range(30)]
    wanted = {f"comment-{row.pk}" for row in rows} | {f"proposal-{row.pk}" for row in proposals}

    seen, url = [], f"?sort={sort}"
    while url:
        html = client.get(desk_of(consultation) + url).content.decode()
        seen += listed(html)
        following = re.search(r'rel="next" href="([^"]+)"', html)
        url = following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == 60
    assert set(seen) == wanted


def test_most_agreed_comes_first_whatever_its_kind(client, consultation, editor):
    some, many = say(consultation, agree_count=2), say(consultation, agree_count=9)
    proposal = propose(consultation, support_count=5)
    assert listed(page(client, consultation, sort="agreed")) == [
        f"comment-{many.pk}", f"proposal-{proposal.pk}", f"comment-{some.pk}",
    ]  # fmt: skip


def test_it_costs_the_same_for_many_and_twelve_at_most(client, consultation, editor, django_assert_max_num_queries):
    document = make_document(consultation)
    article = document.versions.get().articles.first()
    later = new_version(document).articles.first()

    def more():
        comment, proposal = say(consultation), propose(consultation)
        give_disposition(contributions=[comment], actor=editor, kind="taken", reason="Sí.", article=later)
        annotate(article, UserFactory())
        given(editor, proposal)

    def cost():
        with django_assert_max_num_queries(12) as counted:
            assert client.get(desk_of(consultation), {"fate": "all", "q": "s"}).status_code == 200
        return len(counted)

    more()
    one = cost()
    for _ in range(6):
        more()
    assert cost() == one


# --- Giving


def test_one_is_answered_and_leaves_the_list(client, consultation, editor):
    comment, other = say(consultation), say(consultation)
    answer = post(client, consultation, chosen=f"comment-{comment.pk}-0")

    assert answer.status_code == 302
    assert comment.disposition.reason == ANSWER["reason"]
    html = client.get(answer.url).content.decode()
    assert listed(html) == [f"comment-{other.pk}"]
    assert "Taken: one contribution has its answer, and its author is told." in html


def test_those_that_are_ticked_are_answered_together(client, consultation, editor):
    rows = [say(consultation) for _ in range(3)]
    proposal = propose(consultation)
    post(client, consultation, chosen=[f"comment-{rows[0].pk}-0", f"proposal-{proposal.pk}-0"])

    assert {row.comment_id or row.proposal_id for row in Disposition.objects.all()} == {rows[0].pk, proposal.pk}


def test_all_that_match_are_answered_and_no_other(client, consultation, editor):
    for n in range(30):
        say(consultation, f"Más sombra, dice la vecina {n}.")
    other = say(consultation, "Menos autos.")
    html = page(client, consultation, q="sombra")
    seen_at = re.search(r'name="seen_at" value="([^"]+)"', html)[1]
    assert "All 30 that match" in html

    answer = post(client, consultation, "?fate=lacking&q=sombra", all="30", seen_at=seen_at)
    assert answer.status_code == 302
    assert Disposition.objects.count() == 30
    assert not Disposition.objects.filter(comment=other).exists()


def test_all_that_match_are_as_many_as_the_editor_saw_or_none(client, consultation, editor):
    say(consultation)
    seen_at = database_now().isoformat()
    say(consultation)
    answer = post(client, consultation, all="1", seen_at=seen_at)

    assert answer.status_code == 409
    assert "Now 2 match, not as many as you saw." in answer.content.decode()
    assert not Disposition.objects.exists()


def test_all_that_match_are_not_written_over_another_editors_answer(client, consultation, editor):
    comment = say(consultation)
    given(editor, comment)
    seen_at = database_now().isoformat()
    given(member(consultation.agency, Role.EDITOR), comment, kind="taken_in_part")
    answer = post(client, consultation, "?fate=all", all="1", seen_at=seen_at)

    assert answer.status_code == 409
    assert Disposition.objects.get().kind == "taken_in_part"


def test_the_editor_who_comes_second_reads_what_stands_there_and_keeps_what_was_typed(client, consultation, editor):
    comment = say(consultation)
    given(member(consultation.agency, Role.EDITOR), comment, kind="not_taken")
    answer = post(client, consultation, chosen=f"comment-{comment.pk}-0")
    html = answer.content.decode()

    assert answer.status_code == 409
    assert "One of them was answered meanwhile: “Not taken”, because: “Porque sí.”." in html
    assert ANSWER["reason"] in html
    assert Disposition.objects.get().kind == "not_taken"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"reason": ""}, "Write the reason. Everybody will read it."),
        ({"reason": "a" * 2_001}, "2000"),
        ({"kind": ""}, "Say what was done with it."),
        ({"kind": "lost"}, "Say what was done with it."),
        ({"chosen": []}, "Choose at least one contribution."),
    ],
)
def test_what_is_missing_is_said_and_the_choice_stays(client, consultation, editor, typed, says):
    comment = say(consultation)
    answer = post(client, consultation, **{"chosen": f"comment-{comment.pk}-0", **typed})

    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert not Disposition.objects.exists()
    assert (f'value="comment-{comment.pk}-0" checked' in answer.content.decode()) == ("chosen" not in typed)


def test_a_contribution_of_another_consultation_is_not_answered_here(client, consultation, editor):
    elsewhere = say(make_consultation(consultation.agency, title="Otra"))
    answer = post(client, consultation, chosen=f"comment-{elsewhere.pk}-0")

    assert answer.status_code == 409
    assert "Some of them are not there any more" in answer.content.decode()
    assert not Disposition.objects.exists()


@pytest.mark.parametrize("value", ["comment", "comment-1", "comment-x-0", "vote-1-0", "comment-1-x", ""])
def test_a_tick_that_means_nothing_is_not_found(client, consultation, editor, value):
    say(consultation)
    assert post(client, consultation, chosen=value).status_code == 404


def test_the_article_that_changed_is_chosen_from_the_latest_version(client, consultation, editor):
    document = make_document(consultation)
    remark = annotate(document.versions.get().articles.first(), UserFactory())
    assert "Where the text changed for it" not in page(client, consultation)
    changed = new_version(document, ["Otro texto."]).articles.get()
    assert f'<option value="{changed.pk}">' in page(client, consultation)

    post(client, consultation, chosen=f"annotation-{remark.pk}-0", article=changed.pk)
    assert remark.disposition.article == changed


def test_one_that_is_changed_begins_with_what_it_was(client, consultation, editor):
    comment = say(consultation)
    given(editor, comment, kind="not_taken")
    html = page(client, consultation, one=f"comment-{comment.pk}")
    assert "Porque sí.</textarea>" in html
    assert re.search(r'value="not_taken"[^>]*checked', html)

    answer = post(client, consultation, f"?one=comment-{comment.pk}", chosen=f"comment-{comment.pk}-1")
    assert answer.status_code == 302
    assert Disposition.objects.get().kind == "taken"


# --- Who


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ANALYST, Role.MEMBER, None])
def test_nobody_else_sees_or_answers_it(client, consultation, role):
    comment = say(consultation, "Palabras para el organismo.")
    client.force_login(member(consultation.agency, role) if role else UserFactory())

    assert client.get(desk_of(consultation)).status_code == 403
    assert post(client, consultation, chosen=f"comment-{comment.pk}-0").status_code == 403
    assert not Disposition.objects.exists()


def test_an_editor_of_another_agency_does_not_find_a_private_one(client):
    consultation = make_consultation(make_agency("Obras"), visibility="private")
    client.force_login(member(make_agency("Salud"), Role.EDITOR))
    assert client.get(desk_of(consultation)).status_code == 404


def test_hidden_and_held_words_are_not_on_the_desk(client, consultation, editor):
    now = database_now()
    moderator = member(consultation.agency, Role.MODERATOR)
    say(consultation, "PALABROTA", hidden_at=now, hidden_by=moderator, hidden_reason="Insulta.")
    say(consultation, "EN ESPERA", held_at=now)
    html = page(client, consultation, fate="all")
    assert "PALABROTA" not in html
    assert "EN ESPERA" not in html
    assert Comment.objects.count() == 2
