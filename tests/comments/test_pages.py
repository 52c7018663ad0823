"""The pages of comments: what is shown to whom, what can be done, and what never gets out."""

import pytest
from django.urls import reverse

from accounts.models import Role, User
from comments.models import Comment
from comments.moderation.moderating import hide
from tests.factories import CommentFactory, ProposalFactory, UserFactory, make_agency, make_consultation
from tests.factories import member as make_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def consultation():
    return make_consultation(make_agency("Obras"))


@pytest.fixture
def ana(client):
    """A citizen who is logged in."""
    person = UserFactory(name="Ana Gómez")
    client.force_login(person)
    return person


def add_url(**place):
    [(name, found)] = place.items()
    return f"{reverse('comments:add')}?{name}={found.pk}"


def page_of(client, place, **asked):
    answer = client.get(place.get_absolute_url(), asked)
    assert answer.status_code == 200
    return answer.content.decode()


# --- The section


def test_a_comment_appears_at_the_head_of_its_consultation(client, consultation, ana):
    CommentFactory(consultation=consultation, author=UserFactory())
    answer = client.post(add_url(consultation=consultation), {"body": "Falta **sombra**."})

    said = Comment.objects.latest("pk")
    assert answer.url == f"{consultation.get_absolute_url()}#comment-{said.pk}"
    page = page_of(client, consultation)
    assert "Falta <strong>sombra</strong>." in page
    assert "2 comments" in page
    assert page.index(f'id="comment-{said.pk}"') < page.index(f'id="comment-{said.pk - 1}"')


def test_a_comment_on_a_proposal_appears_there_and_not_on_the_consultation(client, consultation, ana):
    proposal = ProposalFactory(consultation=consultation)
    answer = client.post(add_url(proposal=proposal), {"body": "Buena idea."})

    assert answer.url.startswith(proposal.get_absolute_url())
    assert "Buena idea." in page_of(client, proposal)
    assert "Buena idea." not in page_of(client, consultation)


def test_whoever_is_not_logged_in_reads_everything_and_may_begin_to_write(client, consultation):
    CommentFactory(consultation=consultation, author=UserFactory(), body="Falta sombra.")
    page = page_of(client, consultation)

    assert "Falta sombra." in page
    assert 'name="body"' in page  # one may write first, and make the account then
    assert "what you write here waits for you" in page


@pytest.mark.parametrize(("phase", "says"), [("information", "Comments open on"), ("over", "Comments closed on")])
def test_outside_the_phase_the_section_says_when(client, ana, phase, says):
    page = page_of(client, make_consultation(now_in=phase))

    assert says in page
    assert 'name="body"' not in page


def test_an_ineligible_person_is_told_why(client, ana):
    page = page_of(client, make_consultation(eligibility="verified"))

    assert "Only people whose identity is verified take part here." in page
    assert 'name="body"' not in page


def test_who_may_speak_for_the_agency_has_a_tick_for_it_and_citizens_do_not(client, consultation, ana):
    assert 'name="is_official"' not in page_of(client, consultation)
    client.force_login(make_member(consultation.agency, Role.EDITOR))
    assert 'name="is_official"' in page_of(client, consultation)

    client.post(add_url(consultation=consultation), {"body": "Lo estudiamos.", "is_official": "on"})

    assert Comment.objects.get().is_official
    assert '<article class="comment official"' in page_of(client, consultation)


def test_outside_the_phase_the_agency_speaks_officially_without_being_asked(client):
    consultation = make_consultation(make_agency("Obras"), now_in="results")
    client.force_login(consultation.agency.members.get())

    client.post(add_url(consultation=consultation), {"body": "Estos son los resultados."})

    assert Comment.objects.get().is_official


def test_a_citizen_who_forges_the_tick_speaks_for_themselves(client, consultation, ana):
    client.post(add_url(consultation=consultation), {"body": "Soy el intendente.", "is_official": "on"})
    assert not Comment.objects.get().is_official


def test_a_former_account_and_an_account_without_a_name_show_no_address(client, consultation):
    CommentFactory(consultation=consultation, author=None)
    CommentFactory(consultation=consultation, author=UserFactory(name="", email="secreta@example.org"))
    page = page_of(client, consultation)

    assert "Former account" in page
    assert "Without a name" in page
    assert "secreta@example.org" not in page


# --- Threads


def make_thread(consultation, replies):
    author = UserFactory(name="Bruno")
    root = CommentFactory(consultation=consultation, author=author, body="El hilo largo.")
    Comment.objects.bulk_create(
        Comment(consultation=consultation, root=root, answers=root, author=author, body=f"Respuesta {n}.")
        for n in range(1, replies + 1)
    )
    return root


def test_a_long_thread_shows_its_first_replies_its_official_ones_and_the_way_to_the_others(client, consultation):
    root = make_thread(consultation, 2_000)
    official = CommentFactory(
        consultation=consultation, root=root, answers=root, author=UserFactory(), is_official=True, body="Respondemos."
    )
    page = page_of(client, consultation)

    assert [n for n in range(1, 2_001) if f"Respuesta {n}." in page] == [1, 2, 3]
    assert f'id="comment-{official.pk}"' in page
    assert "Show the other 1,997 replies" in page
    assert f'href="{root.get_absolute_url()}"' in page
    assert "2,002 comments" in page


def test_what_was_typed_before_logging_in_is_found_again_until_it_is_sent(client, consultation):
    address = f"/comments/add/?consultation={consultation.pk}"
    assert client.post(address, {"body": "Faltan tilos."}).context["is_kept"]
    client.force_login(UserFactory())

    for _look in range(2):
        assert "Faltan tilos." in client.get(address).content.decode()
    client.post(address, {"body": "Faltan tilos."})

    assert Comment.objects.get().body == "Faltan tilos."
    assert "Faltan tilos." not in client.get(address).content.decode()


def test_ten_threads_a_page_and_none_twice_or_lost(client, consultation):
    for n in range(25):
        CommentFactory(consultation=consultation, author=UserFactory(), body=f"Idea-{n}.")
    pages = [page_of(client, consultation)]
    pages.append(page_of(client, consultation, after=Comment.objects.get(body="Idea-15.").pk))
    pages.append(page_of(client, consultation, after=Comment.objects.get(body="Idea-5.").pk))

    shown = [[n for n in range(25) if f"Idea-{n}." in page] for page in pages]
    assert shown == [list(range(15, 25)), list(range(5, 15)), list(range(5))]
    assert f"after={Comment.objects.get(body='Idea-15.').pk}" in pages[0]
    assert "More comments" not in pages[2]


@pytest.mark.parametrize("nonsense", ["x", "-1", "9" * 30, "²"])
def test_nonsense_in_the_address_shows_the_newest_page(client, consultation, nonsense):
    CommentFactory(consultation=consultation, author=UserFactory(), body="Falta sombra.")
    assert "Falta sombra." in page_of(client, consultation, after=nonsense)


def test_the_page_of_a_thread_goes_through_it_fifty_by_fifty_and_back(client, consultation):
    root = make_thread(consultation, 120)

    def shown(page):
        return [n for n in range(1, 121) if f"Respuesta {n}." in page]

    first = page_of(client, root)
    second = page_of(client, root, after=root.pk + 50)
    third = page_of(client, root, after=root.pk + 100)
    assert [shown(first), shown(second), shown(third)] == [
        list(range(1, 51)),
        list(range(51, 101)),
        list(range(101, 121)),
    ]
    assert "Earlier replies" not in first
    assert f"?after={root.pk + 50}" in first
    assert "Later replies" not in third
    assert shown(page_of(client, root, before=root.pk + 101)) == list(range(51, 101))
    assert shown(page_of(client, root, before=root.pk + 30)) == list(range(1, 51))


def test_the_address_of_a_reply_shows_it_with_a_few_before_it(client, consultation):
    root = make_thread(consultation, 120)
    page = page_of(client, Comment.objects.get(body="Respuesta 80."))

    assert f'id="comment-{root.pk}"' in page
    assert page.count("is-marked") == 1
    assert page.index("is-marked") < page.index("Respuesta 80.") < page.index("Respuesta 81.")
    assert "Respuesta 75." in page
    assert "Respuesta 74." not in page
    assert "Respuesta 120." in page


def test_a_reply_leads_to_its_place_in_its_thread(client, consultation, ana):
    root = make_thread(consultation, 3)
    other = Comment.objects.get(body="Respuesta 2.")
    answer = client.post(reverse("comments:reply", args=[other.pk]), {"body": "No estoy de acuerdo."})

    said = Comment.objects.latest("pk")
    assert (said.root, said.answers) == (root, other)
    assert answer.url == f"{said.get_absolute_url()}#comment-{said.pk}"
    page = client.get(answer.url).content.decode()
    assert "In answer to Bruno" in page


def test_a_page_of_comments_costs_the_same_for_2000_as_for_20(client, ana, django_assert_num_queries):
    small, large = make_consultation(title="Corta"), make_consultation(title="Larga")
    make_thread(small, 20)
    for _ in range(25):
        make_thread(large, 80)

    def cost(place):
        with django_assert_num_queries(11, exact=False) as counted:
            page_of(client, place)
        return len(counted)

    assert cost(small) == cost(large)
    assert cost(small.comments.earliest("pk")) == cost(large.comments.earliest("pk"))


# --- Writing


def test_the_page_to_reply_shows_what_is_answered_and_works_without_javascript(client, consultation, ana):
    root = CommentFactory(consultation=consultation, author=UserFactory(), body="Falta sombra.")
    page = client.get(reverse("comments:reply", args=[root.pk])).content.decode()

    assert "Falta sombra." in page
    assert 'name="body"' in page


def test_a_refused_text_is_shown_again(client, consultation, ana):
    text = "a" * 5_001
    answer = client.post(add_url(consultation=consultation), {"body": text})

    assert answer.status_code == 400
    assert text in answer.content.decode()
    assert "more than 5,000 characters" in answer.content.decode()


def test_an_empty_comment_names_the_fault(client, consultation, ana):
    answer = client.post(add_url(consultation=consultation), {"body": " "})

    assert answer.status_code == 400
    assert "Write your comment first." in answer.content.decode()


@pytest.mark.parametrize("eligibility", ["registered", "verified"])
def test_no_text_is_lost_when_the_phase_has_closed_or_the_person_may_not(client, ana, eligibility):
    consultation = make_consultation(now_in="results" if eligibility == "registered" else None, eligibility=eligibility)
    answer = client.post(add_url(consultation=consultation), {"body": "Lo que pensé largamente."})

    assert answer.status_code == (409 if eligibility == "registered" else 403)
    assert "Lo que pensé largamente." in answer.content.decode()


def test_a_visitor_who_comments_is_sent_to_log_in_and_back_to_the_form(client, consultation):
    address = add_url(consultation=consultation)
    answer = client.post(address, {"body": "Falta sombra."})

    assert answer.status_code == 403
    assert "What you wrote is kept" in answer.content.decode()
    assert f"?next={address.replace('/', '%2F').replace('?', '%3F').replace('=', '%3D')}" in answer.content.decode()
    client.force_login(UserFactory())
    assert "Falta sombra." in client.get(address).content.decode()
    assert "Falta sombra." in client.get(address).content.decode()  # also after a reload
    client.post(address, {"body": "Falta sombra."})
    assert "Falta sombra." not in client.get(address).content.decode()  # sent, and kept no more


def test_a_button_pressed_twice_leads_to_the_one_comment(client, consultation, ana):
    first = client.post(add_url(consultation=consultation), {"body": "Falta sombra."})
    second = client.post(add_url(consultation=consultation), {"body": "Falta sombra."})

    assert second.status_code == 302
    assert first.url == second.url
    assert "It was received already" in client.get(second.url).content.decode()


def test_too_many_at_once_are_told_to_wait_with_their_text(client, consultation, ana):
    for n in range(10):
        client.post(add_url(consultation=consultation), {"body": f"Idea {n}"})
    answer = client.post(add_url(consultation=consultation), {"body": "Idea 10"})

    assert answer.status_code == 429
    assert "Idea 10" in answer.content.decode()


def test_an_answer_to_a_hidden_comment_is_refused_before_it_is_written(client, consultation, ana):
    root = CommentFactory(consultation=consultation, author=UserFactory())
    hide(target=root, actor=consultation.agency.members.get(), reason="Insulta.")

    assert client.get(reverse("comments:reply", args=[root.pk])).status_code == 409


# --- What must not be seen


def test_hidden_words_are_nowhere_and_their_place_says_why(client, consultation, ana):
    root = CommentFactory(consultation=consultation, author=UserFactory(), body="PALABROTA")
    reply = CommentFactory(consultation=consultation, root=root, answers=root, author=UserFactory(), body="PALABROTA")
    for target in (root, reply):
        hide(target=target, actor=consultation.agency.members.get(), reason="Insulta a una vecina.")

    for place in (consultation, root, reply):
        page = page_of(client, place)
        assert "PALABROTA" not in page
        assert "Hidden by a moderator on" in page
        assert "Insulta a una vecina." in page


def test_the_title_of_a_hidden_proposal_is_not_on_the_pages_of_its_comments(client, consultation, ana):
    proposal = ProposalFactory(consultation=consultation, title="PALABROTA")
    comment = CommentFactory(consultation=consultation, proposal=proposal, author=UserFactory())
    hide(target=proposal, actor=consultation.agency.members.get(), reason="Insulta.")

    for address in (comment.get_absolute_url(), reverse("comments:reply", args=[comment.pk])):
        assert "PALABROTA" not in client.get(address).content.decode()


def test_comments_of_a_private_consultation_are_not_found_by_others_and_found_by_its_members(client, ana):
    private = make_consultation(make_agency("Obras"), visibility="private")
    comment = CommentFactory(consultation=private, author=private.agency.members.get())
    addresses = [
        comment.get_absolute_url(),
        *(reverse(f"comments:{act}", args=[comment.pk]) for act in ("reply", "report", "hide", "restore", "keep")),
        add_url(consultation=private),
        reverse("comments:decisions", args=[private.slug]),
        f"{reverse('comments:moderation')}?consultation={private.slug}",
    ]
    assert {client.get(address).status_code for address in addresses} == {404}
    assert {client.post(address, {"body": "Hola", "reason": "x"}).status_code for address in addresses[1:7]} == {404}

    client.force_login(User.objects.get(pk=comment.author_id))
    assert {client.get(address).status_code for address in addresses} == {200}


@pytest.mark.parametrize(
    "address", ["/comments/999/", f"/comments/{10**30}/", "/comments/add/", "/comments/add/?proposal=x"]
)
def test_what_does_not_exist_is_not_found(client, ana, address):
    assert client.get(address).status_code == 404


def test_who_comes_too_late_to_answer_is_led_to_the_conversation(client, consultation, ana):
    said = CommentFactory(consultation=consultation)
    hide(target=said, actor=make_member(consultation.agency, Role.MODERATOR), ground="insult")

    refused = client.get(reverse("comments:reply", args=[said.pk]))

    assert refused.status_code == 409
    assert f'href="{said.get_absolute_url()}">Go to the conversation</a>' in refused.content.decode()
