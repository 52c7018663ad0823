"""The list: every view of it is a link, accents and endings make no difference, and nothing typed breaks it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consultations.models import Consultation
from consultations.proposals.supporting import support
from tests.consultations.doors import address, words
from tests.factories import CommentFactory, ProposalFactory, UserFactory, make_agency, make_consultation

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_call():
    return make_consultation(make_agency("Obras"), now_in="proposals")


@pytest.fixture
def listed(client, open_call):
    def titles(query: str = "") -> list[str]:
        page = client.get(address(open_call, f"proposals/{query}"), follow=True)
        assert page.status_code == 200
        return [found.title for found in page.context["page"]]

    return titles


@pytest.mark.parametrize("typed", ["arboles", "ÁRBOL", "arbol añosos", "plazoletas", '"árboles añosos"', "norte"])
def test_words_are_found_without_accents_capitals_and_endings(open_call, listed, typed):
    ProposalFactory(consultation=open_call, title="Árboles añosos", body="En la plazoleta.", place="Barrio Norte")
    ProposalFactory(consultation=open_call, title="Luminarias", body="En la esquina.")

    assert listed(f"?q={typed}") == ["Árboles añosos"]


def test_a_slip_of_the_fingers_is_asked_about(client, open_call):
    ProposalFactory(consultation=open_call, title="Bicicletas en la terminal")

    page = words(client.get(address(open_call, "proposals/?q=bisicletas")))

    assert "Did you mean one of these?" in page and "Bicicletas en la terminal" in page


def test_the_list_is_filtered_by_its_address(client, open_call, listed):
    ana = UserFactory()
    client.force_login(ana)
    mine = ProposalFactory(consultation=open_call, author=ana, title="Mía")
    plaza = ProposalFactory(consultation=open_call, title="Plaza", category="Parques", place="Villa Ñandú")
    support(place=plaza, actor=ana)
    CommentFactory(consultation=open_call, proposal=mine, is_official=True, author=UserFactory())

    assert listed("?only=mine") == ["Mía"]
    assert listed("?only=supported") == ["Plaza"]
    assert listed("?only=answered") == ["Mía"]
    assert listed("?place=nandu") == ["Plaza"]
    assert listed("?category=Parques&only=supported&place=VILLA&q=plazas") == ["Plaza"]
    client.logout()
    assert listed("?only=mine") == listed("?only=supported") == ["Plaza", "Mía"]


def test_the_list_is_sorted_by_its_address(open_call, listed):
    a, b, c = (ProposalFactory(consultation=open_call, title=title) for title in "ABC")
    support(place=a, actor=UserFactory())
    for _ in range(2):
        CommentFactory(consultation=open_call, proposal=b, author=UserFactory())
    CommentFactory(consultation=open_call, proposal=a, author=UserFactory())

    assert listed("?sort=supports") == ["A", "C", "B"]
    assert listed("?sort=comments") == ["B", "A", "C"]
    assert c.title == listed()[0]


def test_the_random_order_is_in_the_link_and_the_same_for_all_who_follow_it(client, open_call, listed):
    for n in range(60):
        ProposalFactory(consultation=open_call, title=str(n))

    link = client.get(address(open_call, "proposals/?sort=random")).url

    assert "seed=" in link
    query = link[link.index("?") :]
    pages = [listed(f"{query}&page={n}") for n in (1, 2, 3)]
    assert pages[0] == listed(query)
    assert sorted((title for page in pages for title in page), key=int) == [str(n) for n in range(60)]
    assert pages[0] != listed("?sort=random&seed=otra")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=60).filter(lambda text: "\0" not in text))
def test_whatever_is_typed_gives_a_list(client, open_call, typed):
    for name in ("q", "place", "category", "sort", "only", "seed", "page"):
        assert client.get(address(open_call, "proposals/"), {name: typed}, follow=True).status_code == 200


def test_what_is_not_shown_is_found_by_nobody_but_its_author(client, open_call, listed):
    ana = UserFactory()
    ProposalFactory(consultation=open_call, author=ana, title="Plaza", held_at=open_call.published_at)
    ProposalFactory(consultation=open_call, author=ana, title="Plaza vieja", withdrawn_at=open_call.published_at)

    assert listed() == listed("?q=plaza") == listed("?sort=supports") == []
    client.force_login(ana)
    assert listed("?q=plaza") == []
    assert listed("?only=mine") == ["Plaza vieja", "Plaza"]


def test_the_pages_cost_the_same_however_much_there_is(client, open_call, django_assert_max_num_queries):
    Consultation.objects.update(is_cause=True)
    ana = UserFactory()
    proposals = [ProposalFactory(consultation=open_call, author=UserFactory()) for _ in range(50)]
    for proposal in proposals[:5]:
        support(place=proposal, actor=ana)
    client.force_login(ana)
    for rest in ["", "proposals/?q=plaza&sort=comments", "proposals/?only=supported&sort=supports&page=2"]:
        with django_assert_max_num_queries(12):
            assert client.get(address(open_call, rest)).status_code == 200
    with django_assert_max_num_queries(12):
        client.get(proposals[0].get_absolute_url())
