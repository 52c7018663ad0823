"""Web Annotations: every MUST of the W3C data model on whatever people write, the protocol's headers, nothing leaks,
and what others made is taken in with an answer for each."""

import json
import re
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comments import anchoring
from comments.annotations import placing, web
from comments.models import Annotation, Comment
from comments.moderation.moderating import hide
from comments.revising import delete_comment
from consultations.models import Article, Document, Version
from tests.factories import UserFactory, make_consultation, make_document, member, new_version
from tests.factories.documents import ARTICLES

ANNO = "http://www.w3.org/ns/anno.jsonld"
MOTIVATIONS = {"assessing", "bookmarking", "classifying", "commenting", "describing", "editing", "highlighting"} | {
    "identifying", "linking", "moderating", "questioning", "replying", "tagging"
}  # fmt: skip
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def is_iri(value):
    return isinstance(value, str) and bool(urlsplit(value).scheme) and " " not in value


def listed(value):
    return value if isinstance(value, list) else [value]


def check_annotation(found, *, with_context=True):
    """The MUSTs of sections 3 and 4 of the Web Annotation Data Model that bear on what we say."""
    if with_context:
        assert ANNO in listed(found["@context"])
    assert is_iri(found["id"]) and isinstance(found["id"], str)  # exactly one
    assert "Annotation" in listed(found["type"])
    assert len(listed(found["target"])) >= 1
    assert not ("body" in found and "bodyValue" in found)
    assert all(motivation in MOTIVATIONS for motivation in listed(found["motivation"]))
    for name in {"created", "modified"} & found.keys():  # at most one each, with its zone
        assert isinstance(found[name], str) and DATE.fullmatch(found[name])
    for body in listed(found["body"]):
        assert "TextualBody" in listed(body["type"])
        assert isinstance(body["value"], str)  # exactly one
        assert isinstance(body["format"], str) and "/" in body["format"]
        assert body["purpose"] in MOTIVATIONS
    for target in listed(found["target"]):
        assert "SpecificResource" in listed(target["type"])
        assert is_iri(target["source"])  # exactly one
        kinds = [selector["type"] for selector in listed(target["selector"])]
        assert sorted(kinds) == ["TextPositionSelector", "TextQuoteSelector"]
        for selector in listed(target["selector"]):
            if selector["type"] == "TextQuoteSelector":
                assert isinstance(selector["exact"], str) and selector["exact"]
                assert all(isinstance(selector.get(name, ""), str) for name in ("prefix", "suffix"))
            else:
                assert type(selector["start"]) is type(selector["end"]) is int
                assert 0 <= selector["start"] < selector["end"]
    if "creator" in found:
        for agent in listed(found["creator"]):
            assert agent["type"] in ("Person", "Organization", "Software")
            assert isinstance(agent.get("name", agent.get("nickname")), str)


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=80)


@given(
    text=TEXT,
    body=TEXT,
    suggestion=st.text(max_size=30),
    purpose=st.sampled_from(Annotation.Purpose.values),
    creator=st.text(max_size=20),
    data=st.data(),
)
@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_people_write_is_a_valid_web_annotation(text, body, suggestion, purpose, creator, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    version = Version(pk=2, number=1, document=Document(pk=3))
    comment = Comment(pk=7, consultation_id=5, document_id=3, author_id=9, body=body)
    comment.annotation = Annotation(
        article=Article(version=version, text=text),
        start=start,
        end=end,
        exact=text[start:end],
        prefix=text[:start][-64:],
        suffix=text[end:][:64],
        purpose=purpose,
        suggestion=suggestion if purpose == "suggest" else "",
        source_creator=creator,
    )

    found = json.loads(json.dumps(web.as_web_annotation(comment, "https://asamblea.example")))

    check_annotation(found)
    quote, position = found["target"]["selector"]
    assert text[position["start"] : position["end"]] == quote["exact"]
    around = quote.get("prefix", "") + quote["exact"] + quote.get("suffix", "")
    assert around in text


def test_a_client_reads_one_with_the_headers_of_the_protocol(client, first, ana, note):
    said = note(first, ana, "sin permiso", purpose="suggest", suggestion="sin permiso escrito", body="Es más claro.")

    answer = client.get(f"/api/v1/annotations/{said.pk}/", headers={"Accept": web.PROFILE})

    found = answer.json()
    check_annotation(found)
    assert found["id"] == f"http://testserver/api/v1/annotations/{said.pk}/"
    assert found["motivation"] == "editing"
    assert [body["value"] for body in found["body"]] == ["sin permiso escrito", "Es más claro."]
    assert "Ana" not in answer.content.decode()  # a number, as in the exports
    assert answer["Content-Type"] == 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
    assert '<http://www.w3.org/ns/ldp#Resource>; rel="type"' in answer["Link"]
    assert answer["Allow"] == "GET, HEAD, OPTIONS"
    assert "Accept" in answer["Vary"]
    again = client.get(f"/api/v1/annotations/{said.pk}/", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert client.head(f"/api/v1/annotations/{said.pk}/")["ETag"] == answer["ETag"]


def test_its_target_leads_to_the_article(client, first, ana, note):
    said = note(first, ana, "sin permiso")

    source = client.get(f"/api/v1/annotations/{said.pk}/").json()["target"]["source"]

    assert f"#a-{said.article.identity}" in client.get(urlsplit(source).path).url


def test_a_collection_has_pages(client, first, ana, note, monkeypatch):
    monkeypatch.setattr(web, "ON_A_PAGE", 2)
    for words in ("Toda persona", "diez salarios", "sin permiso", "El registro", "un árbol"):
        note(first, ana, words)

    answer = client.get(f"/api/v1/annotations/?version={first.pk}")
    collection = answer.json()

    assert ANNO in listed(collection["@context"])
    assert "AnnotationCollection" in collection["type"]
    assert collection["total"] == 5
    assert '<http://www.w3.org/ns/ldp#BasicContainer>; rel="type"' in answer["Link"]
    assert "POST" in answer["Allow"]
    exact, address, before = [], collection["first"], None
    while address:
        page = client.get(address).json()
        assert page["type"] == "AnnotationPage"
        assert page["id"] == address
        assert page["partOf"] == collection["id"]
        assert page["startIndex"] == len(exact)
        assert page.get("prev") == before
        for item in page["items"]:
            check_annotation(item, with_context=False)
        exact += [item["target"]["selector"][0]["exact"] for item in page["items"]]
        last, before, address = address, address, page.get("next")
    assert last == collection["last"]
    assert exact == ["Toda persona", "diez salarios", "sin permiso", "El registro", "un árbol"]


def test_an_empty_collection_has_no_pages(client, first):
    found = client.get(f"/api/v1/annotations/?version={first.pk}").json()

    assert found["total"] == 0
    assert "first" not in found
    assert client.get(f"/api/v1/annotations/?version={first.pk}&page=0").status_code == 404


def test_a_collection_may_be_of_one_article(client, first, ana, note):
    note(first, ana, "Toda persona")
    note(first, ana, "diez salarios")

    found = client.get(f"/api/v1/annotations/?article={first.articles.last().pk}").json()

    assert found["total"] == 1
    assert client.get("/api/v1/annotations/").status_code == 400


def test_what_is_hidden_held_or_deleted_is_not_found(client, consultation, first, ana, note):
    hidden, deleted, held = (note(first, ana, words, body="Secreto.") for words in ("Toda", "diez", "permiso"))
    hide(target=hidden.comment, actor=member(consultation.agency, "moderator"), reason="Insulto.", ground="insult")
    delete_comment(comment=deleted.comment, actor=ana)
    Comment.objects.filter(pk=held.pk).update(held_at=held.comment.created_at)

    for said in (hidden, deleted, held):
        assert client.get(f"/api/v1/annotations/{said.pk}/").status_code == 404
    assert client.get(f"/api/v1/annotations/?version={first.pk}").json()["total"] == 0


def test_a_private_consultation_is_not_found(client, ana):
    version = make_document(make_consultation(visibility="private")).versions.get()
    client.force_login(ana)

    assert client.get(f"/api/v1/annotations/?version={version.pk}").status_code == 404
    assert client.post(f"/api/v1/annotations/?version={version.pk}", {}, "application/json").status_code == 404


# --- Taking in


def elsewhere(exact, *, prefix="", body="Visto en otro lado.", **more):
    quote = {"type": "TextQuoteSelector", "exact": exact} | ({"prefix": prefix} if prefix else {})
    return {
        "@context": ANNO,
        "id": f"https://otra.example/notas/{abs(hash((exact, prefix, body)))}",
        "type": "Annotation",
        "motivation": "commenting",
        "creator": {"type": "Person", "name": "Dora"},
        "body": {"type": "TextualBody", "value": body, "format": "text/plain"},
        "target": {"source": "https://otra.example/ley.html", "selector": quote},
    } | more


def post(client, version, data):
    return client.post(f"/api/v1/annotations/?version={version.pk}", json.dumps(data), content_type=web.PROFILE)


def test_an_editor_takes_in_an_annotation_made_elsewhere(client, first, editor):
    client.force_login(editor)

    answer = post(client, first, elsewhere("diez salarios"))

    assert answer.status_code == 201
    said = Annotation.objects.get()
    assert answer["Location"] == f"http://testserver/api/v1/annotations/{said.pk}/"
    assert (said.exact, said.source_creator, said.comment.author) == ("diez salarios", "Dora", None)
    assert said.article.text[said.start : said.end] == "diez salarios"
    assert said.placements.get().state == "kept"
    found = client.get(answer["Location"]).json()
    check_annotation(found)
    assert found["creator"]["name"] == "Dora"
    assert found["canonical"].startswith("https://otra.example/notas/")
    assert "Dora" in client.get(f"/annotations/?version={first.pk}").content.decode()


def test_what_we_gave_out_can_be_taken_in_elsewhere_and_is_the_same(client, first, editor, ana, note):
    said = note(first, ana, "sin permiso", purpose="suggest", suggestion="sin permiso escrito", body="Es más claro.")
    given = client.get(f"/api/v1/annotations/{said.pk}/").json()
    other = make_document(first.document.consultation).versions.get()
    client.force_login(editor)
    given["target"]["source"] = "https://otra.example/ley.html"

    assert post(client, other, given).status_code == 201

    taken = Annotation.objects.get(article__version=other)
    assert (taken.exact, taken.suggestion, taken.purpose, taken.comment.body) == (
        said.exact,
        said.suggestion,
        said.purpose,
        said.comment.body,
    )


def test_each_of_many_has_its_own_answer(client, first, editor):
    client.force_login(editor)
    items = [
        elsewhere("diez salarios"),
        elsewhere("no está en la ley"),
        elsewhere("El "),
        elsewhere("árbol", prefix="que se plante un "),
        elsewhere("diez salarios"),
        {"type": "Note"},
        "nada",
        elsewhere("sin permiso", body=""),
        elsewhere("sin permiso", target="https://otra.example/"),
    ]

    answer = post(client, first, {"type": "AnnotationPage", "items": items})

    assert answer.status_code == 201
    assert [item.get("code", "created") for item in answer.json()["items"]] == [
        "created",
        "words_not_there",
        "words_in_several_places",
        "created",
        "imported_already",
        "no_annotation",
        "no_annotation",
        "empty",
        "no_selector",
    ]
    assert (answer.json()["created"], answer.json()["refused"]) == (2, 7)
    assert Annotation.objects.count() == 2


def test_a_target_that_we_cannot_follow_to_one_place_is_refused_and_the_finest_selector_counts(client, first, editor):
    client.force_login(editor)
    article = next(article for article in first.articles.all() if article.text.count("registro") > 1)
    address = f"http://testserver/documents/{first.document_id}/versions/1/article/{article.identity}/"
    quote = {"type": "TextQuoteSelector", "exact": "registro", "prefix": "El "}
    another_place = {"type": "TextPositionSelector", "start": article.text.index("registro"), "end": 5}
    by_path = {"type": "XPathSelector", "value": "/html", "refinedBy": quote | {"exact": "registro es"}}
    within = quote | {"refinedBy": {"type": "TextPositionSelector", "start": 0, "end": 3}}
    targets = [
        [elsewhere("registro")["target"]] * 2,
        {"source": address, "selector": within},
        {"source": address, "selector": [another_place, quote]},
        {"source": address, "selector": by_path},
    ]

    answer = post(client, first, [elsewhere(f"{n}", target=target) for n, target in enumerate(targets)]).json()

    codes = [one.get("code", "created") for one in answer["items"]]
    assert codes == ["several_targets", "no_selector", "created", "created"]
    assert {said.start for said in Annotation.objects.all()} == {article.text.index("El registro") + 3}


def test_words_quoted_from_a_page_are_found_whatever_white_space_it_has(client, document, editor):
    """A browser's text has the line breaks of the HTML, spaces that do not break, and one break between paragraphs."""
    version = new_version(document, ["Toda multa es de diez salarios.\n\nEl juez la aplica."])
    client.force_login(editor)

    answer = post(client, version, elsewhere("diez\u00a0salarios.\n      El juez"))

    assert answer.status_code == 201
    assert Annotation.objects.get().exact == "diez salarios.\n\nEl juez"


def test_of_equal_words_those_are_meant_before_which_the_heading_of_the_page_stands(client, document, editor):
    """Whoever quotes from a whole page has what stands before the article in the prefix."""
    version = new_version(document, ["La multa es de diez.", "Según la ley, la obra para. La multa es de veinte."])
    client.force_login(editor)
    quotes = [
        elsewhere("La multa es de", prefix="Artículo 1\n    "),
        elsewhere("La multa es de", prefix="ley, la obra\n para. "),
    ]

    post(client, version, quotes)

    assert [said.article.position for said in Annotation.objects.order_by("pk")] == [1, 2]


def test_many_taken_into_an_old_version_are_placed_in_the_newer_ones_which_are_aligned_once(
    client, document, first, editor, monkeypatch
):
    new_version(document)
    third = new_version(document, [ARTICLES[0], ARTICLES[1].replace("gratuito", "libre"), ARTICLES[2]])
    aligned = []
    monkeypatch.setattr(placing, "Alignment", lambda *texts: aligned.append(1) or anchoring.Alignment(*texts))
    client.force_login(editor)

    post(client, first, [elsewhere(words) for words in ("diez salarios", "sin permiso", "público y gratuito")])

    assert len(aligned) == 2
    states = third.placements.order_by("annotation").values_list("state", flat=True)
    assert list(states) == ["kept", "kept", "text_changed"]


def test_where_none_can_be_taken_in_nothing_is_and_it_says_why(client, first, editor):
    client.force_login(editor)

    answer = post(client, first, [elsewhere("no está")])

    assert answer.status_code == 400
    assert answer.json()["items"][0]["code"] == "words_not_there"
    assert not Comment.objects.exists()


def test_only_editors_take_in(client, first, ana):
    client.force_login(ana)
    assert post(client, first, elsewhere("diez salarios")).status_code == 403
    client.force_login(UserFactory())
    assert post(client, first, elsewhere("diez salarios")).status_code == 403
    assert not Annotation.objects.exists()


NAMES = [
    "type",
    "target",
    "body",
    "selector",
    "exact",
    "source",
    "value",
    "start",
    "end",
    "creator",
    "id",
    "motivation",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=12,
)


@given(item=JSON)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_nothing_that_is_sent_breaks_the_import(client, first, editor, item):
    client.force_login(editor)

    made = {"type": "Annotation"} | item if isinstance(item, dict) else item

    assert post(client, first, [made]).status_code in (201, 400)


@pytest.mark.parametrize(
    "more",
    [
        {"motivation": [{"id": "commenting"}]},
        {"id": "https://otra.example/\x00"},
        {"id": "https://otra.example/\ud800"},
        {"creator": "Dora\ud800\x01"},
        {"motivation": "editing", "body": {"type": "TextualBody", "value": "cien \ud800"}},
        {"body": {"type": "TextualBody", "value": "Visto\ud800"}},
        {"target": {"selector": {"type": "TextQuoteSelector", "exact": "el arbolado pu\u0301blico"}}},
    ],
)
def test_what_no_text_here_may_have_is_left_out(client, first, editor, more):
    client.force_login(editor)

    assert post(client, first, elsewhere("diez salarios") | more).status_code == 201


def test_what_cannot_be_read_of_one_is_said_of_it_alone(client, first, editor):
    client.force_login(editor)
    tags = {"type": "TextualBody", "format": "text/html", "value": "<a" * 600}
    nested = {"type": "Annotation"}
    for _level in range(400):
        nested = {"first": nested}

    answer = post(client, first, [elsewhere("diez salarios") | {"body": tags}, elsewhere("sin permiso")])

    assert [item.get("code") for item in answer.json()["items"]] == ["strange_html", None]
    assert post(client, first, nested).status_code == 400
