"""The orders of threads, their pages, and the threads of the agency's questions."""

import pytest
from django.urls import reverse

from accounts.refusals import InvalidInput
from comments import queries
from comments.commenting import add_comment
from comments.models import Comment
from comments.sorting import BEST, DISCUSSED, NEWEST, OFFICIAL, SORTS
from consultations.models import Question
from tests.factories import CommentFactory, UserFactory, make_agency, make_consultation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def consultation():
    return make_consultation(make_agency("Obras"), now_in="discussion")


@pytest.fixture
def author():
    return UserFactory(name="Ana")


def roots_of(consultation, sort):
    """The roots of all pages, in order, each page by the address of the one before."""
    found, after = [], None
    while True:
        page = queries.threads_on(consultation, sort, after)
        found += [thread.root for thread in page.threads]
        after = page.after
        if after is None:
            return found


def thread(consultation, author, replies=0, **facts):
    root = CommentFactory(consultation=consultation, author=author, **facts)
    for _ in range(replies):
        CommentFactory(consultation=consultation, author=author, root=root, answers=root)
    return root


def test_each_order_puts_first_what_it_promises(consultation, author):
    plain = thread(consultation, author)
    best = thread(consultation, author, agree_count=20, disagree_count=2)
    discussed = thread(consultation, author, replies=3, agree_count=1)
    answered = thread(consultation, author, replies=1)
    CommentFactory(consultation=consultation, author=author, root=answered, answers=answered, is_official=True)

    assert roots_of(consultation, NEWEST) == [answered, discussed, best, plain]
    assert roots_of(consultation, BEST) == [best, discussed, answered, plain]
    assert roots_of(consultation, DISCUSSED) == [discussed, answered, best, plain]
    assert roots_of(consultation, OFFICIAL) == [answered, discussed, best, plain]


@pytest.mark.parametrize("sort", SORTS.values(), ids=SORTS)
def test_the_pages_of_an_order_show_each_thread_once(consultation, author, sort):
    for n in range(35):
        thread(consultation, author, replies=n % 3, agree_count=n % 4, disagree_count=n % 2, is_official=n % 5 == 0)
    found = roots_of(consultation, sort)

    assert len(found) == 35
    assert set(found) == set(Comment.objects.filter(root=None))


def test_an_order_is_an_address_that_its_next_page_keeps(client, consultation, author):
    for n in range(12):
        thread(consultation, author, agree_count=n, body=f"Idea-{n}.")
    page = client.get(consultation.get_absolute_url(), {"sort": "best"}).content.decode()

    assert "Idea-11." in page
    assert "Idea-1." not in page
    assert page.count("?sort=best&amp;after=") == 1
    assert '?sort=best#comments" aria-current="true"' in page


@pytest.mark.parametrize("person", ["anonymous", "citizen"])
@pytest.mark.parametrize("sort", SORTS)
def test_a_page_in_any_order_costs_at_most_twelve_queries(
    client, consultation, author, person, sort, django_assert_max_num_queries
):
    Question.objects.create(consultation=consultation, position=1, text="¿Qué árboles?")
    for n in range(12):
        thread(consultation, author, replies=n % 4)
    if person == "citizen":
        client.force_login(UserFactory())
    client.get(consultation.get_absolute_url())
    with django_assert_max_num_queries(12):
        client.get(consultation.get_absolute_url(), {"sort": sort})


# --- The agency's questions


@pytest.fixture
def question(consultation):
    return Question.objects.create(consultation=consultation, position=1, text="¿Qué árboles querés?")


def test_a_question_has_a_thread_of_its_own(client, consultation, question, author):
    CommentFactory(consultation=consultation, author=author, body="En general, bien.")
    client.force_login(author)
    answer = client.post(f"{reverse('comments:add')}?question={question.pk}", {"body": "Jacarandá."})

    said = Comment.objects.latest("pk")
    assert said.question == question
    assert answer.url == f"{consultation.get_absolute_url()}?question={question.pk}#comment-{said.pk}"
    whole = client.get(consultation.get_absolute_url()).content.decode()
    assert "En general, bien." in whole
    assert "Jacarandá." not in whole
    assert "Read 1 answer, and give yours" in whole
    asked = client.get(consultation.get_absolute_url(), {"question": question.pk}).content.decode()
    assert "Jacarandá." in asked
    assert "En general, bien." not in asked
    assert f"?question={question.pk}" in asked


def test_a_question_calls_nobody_to_answer_while_nobody_may(client):
    consultation = make_consultation(now_in="results")
    answered, _silent = (
        Question.objects.create(consultation=consultation, position=at, text=f"¿Pregunta {at}?") for at in (1, 2)
    )
    CommentFactory(consultation=consultation, question=answered)

    page = client.get(consultation.get_absolute_url()).content.decode()

    assert "Read 1 answer<" in page
    assert "It has no answers." in page
    assert "give yours" not in page
    assert "Be the first" not in page


def test_a_question_of_another_consultation_is_refused(consultation, question, author):
    other = make_consultation(make_agency("Salud"), now_in="discussion")
    with pytest.raises(InvalidInput) as refused:
        add_comment(consultation=other, actor=author, body="Jacarandá.", question=question)
    assert refused.value.code == "strange_question"

    said = add_comment(consultation=consultation, actor=author, body="Jacarandá.", question=question)
    with pytest.raises(InvalidInput) as refused:
        add_comment(consultation=consultation, actor=author, body="¿Dónde?", answers=said)
    assert refused.value.code == "strange_answer"


def test_a_question_of_a_consultation_that_one_may_not_see_is_not_found(client, author):
    hidden = make_consultation(make_agency("Salud"), visibility="private", now_in="discussion")
    question = Question.objects.create(consultation=hidden, position=1, text="¿Qué?")
    client.force_login(author)

    assert client.post(f"{reverse('comments:add')}?question={question.pk}", {"body": "Hola."}).status_code == 404
    refused = client.post(
        "/api/v1/comments/", {"consultation": hidden.slug, "question": question.pk, "body": "Hola."}, "application/json"
    )
    assert refused.status_code == 400
