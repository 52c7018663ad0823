"""What waits for a moderator: its author and the moderators see it, and nobody else, on no page and in no file."""

import pytest

from accounts.models import Notice, Role
from accounts.refusals import Conflict
from comments.commenting import add_comment
from comments.models import Comment
from comments.moderation.moderating import refuse, release
from consultations.models import Consultation, CustomField, Proposal
from consultations.open_data.tables import table_named
from consultations.proposals.proposing import make_proposal
from tests.factories import CommentFactory, ProposalFactory, UserFactory, anonymous, fresh, make_agency
from tests.factories import make_consultation as make_any
from tests.factories import member as make_member

pytestmark = pytest.mark.django_db
WORDS = "Palabras-que-esperan"


def make_consultation(agency=None, **fields):
    made = make_any(agency or make_agency("Obras"), now_in="proposals", **fields)
    Consultation.objects.filter(pk=made.pk).update(pre_moderates=True)
    return Consultation.objects.get(pk=made.pk)


@pytest.fixture
def consultation():
    return make_consultation()


@pytest.fixture
def author():
    return UserFactory(name="Autora")


@pytest.fixture
def moderator(consultation):
    return make_member(consultation.agency, Role.MODERATOR)


@pytest.fixture(params=["comment", "reply", "proposal"])
def held(request, consultation, author):
    """A contribution of each kind, as its author has just sent it."""
    if request.param == "proposal":
        return make_proposal(consultation=consultation, actor=author, title=WORDS, body=WORDS)
    root = CommentFactory(consultation=consultation, author=UserFactory()) if request.param == "reply" else None
    return add_comment(consultation=consultation, actor=author, body=WORDS, answers=root)


def places(held):
    """Every page, list and single answer on which the contribution stands once it is released."""
    slug = held.consultation.slug
    own = {Comment: "comments", Proposal: "proposals"}[type(held)]
    found = [f"/consultations/{slug}/", f"/api/v1/{own}/", f"/api/v1/{own}/{held.pk}/", held.get_absolute_url()]
    if isinstance(held, Proposal):
        found.append(f"/consultations/{slug}/proposals/")
    return found


def seen(client, person, address):
    client.logout()
    if person.is_authenticated:
        client.force_login(fresh(person))
    answer = client.get(address)
    assert answer.status_code in (200, 404)
    return WORDS in answer.content.decode()


def test_citizens_write_held_things_and_moderators_do_not(consultation, held, moderator):
    assert held.held_at is not None
    assert add_comment(consultation=consultation, actor=moderator, body="Bienvenidos.").held_at is None
    assert make_proposal(consultation=consultation, actor=fresh(moderator), title="A").held_at is None


def test_official_words_are_never_held(consultation):
    editor = make_member(consultation.agency, Role.EDITOR)
    said = add_comment(consultation=consultation, actor=editor, body="Respondemos.", is_official=True)
    assert said.held_at is None
    assert make_proposal(consultation=consultation, actor=editor, title="A", is_official=True).held_at is None


def test_where_nobody_looks_first_nothing_is_held():
    open_one = make_any(now_in="proposals")
    assert add_comment(consultation=open_one, actor=UserFactory(), body="Hola.").held_at is None


def test_nobody_else_sees_it_anywhere(client, consultation, held):
    strangers = [
        anonymous,
        UserFactory(),
        make_member(make_agency("Salud"), Role.MODERATOR, Role.OWNER),
        *[make_member(consultation.agency, role) for role in (Role.EDITOR, Role.ANALYST, Role.MEMBER)],
    ]
    for person in strangers:
        assert [address for address in places(held) if seen(client, person, address)] == []


def test_author_and_moderators_see_it_where_it_stands(client, author, moderator, held):
    for person in (author, moderator):
        assert seen(client, person, held.get_absolute_url())
        api = [address for address in places(held) if address.startswith("/api/")]
        assert all(seen(client, person, address) for address in api)


def test_on_the_page_its_author_reads_that_it_waits(client, author, held, settings):
    settings.LANGUAGE_CODE = "en"
    client.force_login(author)
    page = client.get(held.get_absolute_url()).content.decode()
    assert "Waits for a moderator" in page or "It waits for a moderator." in page


def test_released_everybody_sees_it_on_all_of_them(client, held):
    type(held).objects.filter(pk=held.pk).update(held_at=None)
    assert [address for address in places(held) if not seen(client, anonymous, address)] == []


@pytest.mark.parametrize("table", ["comments", "proposals"])
def test_it_is_in_no_export_not_even_its_moderators(consultation, author, moderator, table):
    CommentFactory(consultation=consultation, author=author, body="Publicado")
    ProposalFactory(consultation=consultation, author=author, title="Publicado")
    CommentFactory(consultation=consultation, author=author, body=WORDS, held_at=consultation.published_at)
    ProposalFactory(consultation=consultation, author=author, title=WORDS, held_at=consultation.published_at)
    for person in (anonymous, author, moderator):
        rows = table_named(table).extract(consultation, person).rows
        assert [str(row) for row in rows] == ["Publicado"]


def test_it_is_not_counted(client, consultation, author):
    CommentFactory(consultation=consultation, author=UserFactory())
    add_comment(consultation=consultation, actor=author, body=WORDS)
    page = client.get(consultation.get_absolute_url()).content.decode()
    assert "1 comentario<" in page


def test_what_waits_is_not_answered_nor_commented_on(consultation, author, held):
    where = {"proposal": held} if isinstance(held, Proposal) else {"answers": held}
    with pytest.raises(Conflict) as refused:
        add_comment(consultation=consultation, actor=author, body="Y además…", **where)
    assert refused.value.code in ("held", "held_proposal")


def test_a_locked_conversation_takes_no_answer(consultation):
    root = CommentFactory(consultation=consultation, author=UserFactory(), locked_at=consultation.published_at)
    reply = CommentFactory(consultation=consultation, author=UserFactory(), root=root, answers=root)
    for answers in (root, reply):
        with pytest.raises(Conflict) as refused:
            add_comment(consultation=consultation, actor=UserFactory(), body="Pero…", answers=answers)
        assert refused.value.code == "locked"


def test_released_whom_it_answers_is_told_and_not_before(consultation, author, moderator):
    asked = UserFactory(name="Quien preguntó")
    root = CommentFactory(consultation=consultation, author=asked)
    held = add_comment(consultation=consultation, actor=author, body=WORDS, answers=root)
    assert not Notice.objects.filter(user=asked).exists()

    release(target=held, actor=moderator)
    assert [notice.kind for notice in Notice.objects.filter(user=asked)] == ["reply"]
    assert [notice.kind for notice in Notice.objects.filter(user=author)] == ["released"]


# --- On the pages of its author and of the moderators


def in_english(client, person, address):
    client.force_login(fresh(person))
    return client.get(address, headers={"accept-language": "en"}).text


def test_its_author_reads_once_that_a_proposal_waits_and_finds_it_again_from_the_list(client, consultation, author):
    made = make_proposal(consultation=consultation, actor=author, title=WORDS)
    listed = f"/consultations/{consultation.slug}/proposals/"

    assert in_english(client, author, made.get_absolute_url()).count("Waits for a moderator") == 1
    assert "One of yours waits for a moderator." in in_english(client, author, listed)
    assert WORDS in in_english(client, author, f"{listed}?only=mine")
    assert "of yours" not in in_english(client, UserFactory(), listed)


def test_where_a_moderator_reads_first_one_sends_and_does_not_publish(client, consultation, author):
    page = in_english(client, author, f"/consultations/{consultation.slug}/proposals/new/")
    assert "Send my proposal" in page
    assert "Publish my proposal" not in page


def test_a_moderator_reads_all_of_a_proposal_that_waits_before_publishing_it(client, consultation, author, moderator):
    field = CustomField.objects.create(consultation=consultation, label="¿Para quiénes?", kind="text", position=1)
    make_proposal(
        consultation=consultation,
        actor=author,
        title="Una plaza",
        answers={field.key: "Para los pibes."},
        place="Calle 8 y 50",
    )
    page = in_english(client, moderator, "/moderation/")
    assert "¿Para quiénes?" in page
    assert "Para los pibes." in page
    assert "Calle 8 y 50" in page


def test_the_author_of_a_refused_proposal_comes_from_its_page_to_the_decision(client, consultation, author, moderator):
    made = make_proposal(consultation=consultation, actor=author, title=WORDS)
    decision = refuse(target=made, actor=moderator, reason="Repetida.")

    assert decision.get_absolute_url() in in_english(client, author, made.get_absolute_url())
    assert decision.get_absolute_url() not in in_english(client, UserFactory(), made.get_absolute_url())
    told = in_english(client, author, decision.get_absolute_url())
    assert WORDS in told
    assert "Appeal to another moderator" in told
