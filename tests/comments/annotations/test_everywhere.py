"""Wherever an annotation is shown, the words that it is about are shown with it; and nothing more than may be seen."""

from comments.annotations.placing import place_again
from comments.moderation.moderating import flag, hide
from tests.exports.reading import rows_of
from tests.factories import UserFactory, anonymous, member, new_version
from tests.factories.documents import ARTICLES


def test_on_ones_own_page(client, first, ana, note):
    note(first, ana, "diez salarios", body="Es poco.")
    client.force_login(ana)

    page = client.get("/account/participation/").content.decode()

    assert "“diez salarios” Es poco." in page


def test_in_the_queue_of_the_moderators(client, consultation, first, ana, note):
    said = note(first, ana, "diez salarios", purpose="suggest", suggestion="una palabrota", body="Así.")
    flag(target=said.comment, actor=UserFactory(), ground="insult")
    client.force_login(member(consultation.agency, "moderator"))

    page = client.get("/moderation/").content.decode()

    assert "diez" in page and "palabrota" in page
    assert 'class="quoted"' in page


def test_in_the_open_data(consultation, document, first, ana, note):
    said = note(first, ana, "diez salarios", purpose="suggest", suggestion="una palabrota", body="Así.")
    second = new_version(document, [*ARTICLES[:2], ARTICLES[2].replace("diez", "veinte")])
    place_again(first, second)

    (row,) = rows_of(consultation, "annotations", anonymous)
    assert (row["comment"], row["version"], row["exact"], row["suggestion"]) == (
        str(said.pk),
        "1",
        "diez salarios",
        "una palabrota",
    )
    assert [(row["version"], row["state"]) for row in rows_of(consultation, "placements", anonymous)] == [
        ("1", "kept"),
        ("2", "text_changed"),
    ]

    hide(target=said.comment, actor=member(consultation.agency, "moderator"), reason="Insulto.", ground="insult")
    assert rows_of(consultation, "annotations", anonymous)[0]["suggestion"] == ""
