"""Cover, attachments and logo through their pages; and who is served which file."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse

from accounts.files.storing import keeping
from accounts.logos import set_logo
from accounts.models import AuditEntry, Role
from accounts.refusals import Conflict, InvalidInput, NotPermitted, PhaseClosed
from consultations.files.attaching import ON_A_CONSULTATION, ON_A_PROPOSAL, attach, attach_photo, detach
from consultations.files.illustrating import set_cover
from consultations.models import Attachment, Consultation, Cover
from consultations.proposals.proposing import make_proposal
from tests.consultations.doors import logged_in
from tests.factories import UserFactory, anonymous, fresh, make_agency, make_consultation, member
from tests.factories.files import PDF, picture, picture_bytes, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return make_agency("Obras")


@pytest.fixture
def editor(agency):
    return member(agency, Role.EDITOR)


@pytest.fixture
def consultation(agency):
    return make_consultation(agency, slug="arbolado")


def files_url(consultation) -> str:
    return reverse("consultations:files", args=[consultation.slug])


def test_an_editor_gives_a_consultation_a_cover_which_stands_on_its_page_and_card(client, consultation, editor):
    answer = logged_in(editor).post(
        files_url(consultation), {"what": "cover", "picture": picture(width=2000, height=900), "alt": "La plaza"}
    )
    assert answer.status_code == 302
    cover = Cover.objects.get()
    assert (cover.width, cover.height) == (1600, 720)

    page = client.get(consultation.get_absolute_url()).content.decode()
    assert f'src="{cover.url}" width="1600" height="720" alt="La plaza"' in page
    card = client.get("/consultations/").content.decode()
    assert f'src="{cover.card_url}" width="640" height="320" alt="" loading="lazy"' in card
    served = client.get(cover.url)
    assert served["Content-Type"] == "image/webp"
    assert "immutable" in served["Cache-Control"] and "public" in served["Cache-Control"]
    assert served["X-Content-Type-Options"] == "nosniff"
    assert "Cookie" not in served.get("Vary", "")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"alt": "La plaza"}, "Choose a file."),
        ({"picture": lambda: picture(), "alt": " "}, "This field is required."),
        ({"picture": lambda: upload("plaza.jpg", b"<svg/>"), "alt": "x"}, "We cannot read this as a picture."),
        ({"picture": lambda: upload("plaza.jpg", b""), "alt": "x"}, "This file is empty."),
    ],
)
def test_what_is_wrong_with_a_cover_is_said_at_its_field(consultation, editor, sent, said):
    sent = {name: value() if callable(value) else value for name, value in sent.items()}
    answer = logged_in(editor).post(files_url(consultation), {"what": "cover", **sent})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not Cover.objects.exists()


def test_the_words_of_a_cover_change_without_a_new_picture(consultation, editor):
    old = set_cover(consultation=consultation, actor=editor, picture=picture(), alt="Una plaza")
    set_cover(consultation=consultation, actor=fresh(editor), picture=None, alt="La plaza Moreno")
    cover = Cover.objects.get()
    assert (cover.alt, cover.file) == ("La plaza Moreno", old.file)


def test_a_replaced_cover_takes_the_old_files_along_once_it_is_sure(
    consultation, editor, django_capture_on_commit_callbacks
):
    old = set_cover(consultation=consultation, actor=editor, picture=picture(), alt="Una plaza")
    old_files = list(old.files)
    with django_capture_on_commit_callbacks(execute=True):
        set_cover(consultation=consultation, actor=editor, picture=picture(width=90), alt="Otra")
        assert all(default_storage.exists(name) for name in old_files)
    assert not any(default_storage.exists(name) for name in old_files)
    assert all(default_storage.exists(name) for name in Cover.objects.get().files)


def test_an_address_with_an_old_hash_is_not_found(client, consultation, editor):
    old_url = set_cover(consultation=consultation, actor=editor, picture=picture(), alt="Una plaza").url
    set_cover(consultation=consultation, actor=editor, picture=picture(width=90), alt="Otra")
    assert client.get(old_url).status_code == 404


def test_what_fails_half_way_leaves_no_file_behind():
    with pytest.raises(RuntimeError), keeping("covers") as keeper:
        name = keeper.keep(b"x", "webp")
        assert default_storage.exists(name)
        raise RuntimeError
    assert not default_storage.exists(name)


def test_the_files_of_a_private_consultation_are_not_found_by_others_and_kept_by_no_cache(client, agency, editor):
    private = make_consultation(agency, title="Interna", visibility="private")
    cover = set_cover(consultation=private, actor=editor, picture=picture(), alt="Una plaza")
    paper = attach(consultation=private, actor=fresh(editor), file=upload("plan.pdf", PDF), title="El plan")
    for url in (cover.url, cover.card_url, paper.url):
        assert client.get(url).status_code == 404
        assert logged_in(UserFactory()).get(url).status_code == 404
        answer = logged_in(editor).get(url)
        assert answer.status_code == 200
        assert "private" in answer["Cache-Control"] and "public" not in answer["Cache-Control"]


def test_a_document_is_saved_and_never_shown_inside_the_site(client, consultation, editor):
    name = 'línea"\u202e.pdf'
    attach(consultation=consultation, actor=editor, file=upload(name, PDF), title="El plan <de> obra")
    paper = Attachment.objects.get()
    answer = client.get(paper.url)
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''l%C3%ADnea.pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    page = client.get(consultation.get_absolute_url()).content.decode()
    assert "El plan &lt;de&gt; obra" in page and paper.url in page


def test_a_file_is_kept_under_a_name_of_ours_below_the_folder_of_files(consultation, editor):
    paper = attach(consultation=consultation, actor=editor, file=upload("../../x.pdf", PDF), title="El plan")
    assert paper.file_name == "x.pdf"
    kept = Path(default_storage.path(paper.file)).resolve()
    assert kept.is_relative_to(Path(settings.MEDIA_ROOT).resolve())
    assert "x.pdf" not in str(kept)


def test_a_picture_among_the_attachments_is_written_anew(client, consultation, editor):
    sent = picture_bytes(3000, 20, comment=b"calle 13")
    paper = attach(consultation=consultation, actor=editor, file=upload("plaza.png", sent), title="La plaza")
    assert (paper.file_name, paper.suffix, paper.width) == ("plaza.webp", "webp", 1600)
    answer = client.get(paper.url)
    assert answer["Content-Type"] == "image/webp" and b"calle 13" not in answer.content


def test_a_removed_attachment_is_gone_with_its_file(consultation, editor, django_capture_on_commit_callbacks):
    paper = attach(consultation=consultation, actor=editor, file=upload("plan.pdf", PDF), title="El plan")
    with django_capture_on_commit_callbacks(execute=True):
        assert logged_in(editor).post(reverse("consultations:detach", args=[paper.pk])).status_code == 302
    assert not Attachment.objects.exists() and not default_storage.exists(paper.file)
    with pytest.raises(Conflict):
        detach(attachment=paper, actor=fresh(editor))


def test_there_is_a_most_of_files_and_the_sentence_says_it(consultation, editor):
    for number in range(ON_A_CONSULTATION):
        attach(consultation=consultation, actor=editor, file=upload(f"{number}.txt", b"x"), title="x")
    with pytest.raises(InvalidInput) as refusal:
        attach(consultation=consultation, actor=editor, file=upload("más.txt", b"x"), title="x")
    assert str(ON_A_CONSULTATION) in str(refusal.value.sentence)


def test_a_large_file_is_refused_with_its_size(consultation, editor, settings):
    settings.UPLOAD_MAX_BYTES = 1024
    answer = logged_in(editor).post(
        files_url(consultation), {"what": "attachment", "file": upload("a.txt", b"x" * 2048), "title": "x"}
    )
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "2.0" in page and "1.0" in page and not Attachment.objects.exists()


def test_a_request_that_says_it_is_huge_is_refused_before_it_is_read(consultation, editor, settings):
    settings.REQUEST_MAX_BYTES = 2048
    answer = logged_in(editor).post(
        files_url(consultation), {"what": "attachment", "file": upload("a.txt", b"x" * 4096), "title": "x"}
    )
    assert answer.status_code == 413
    assert "larger than we take" in answer.content.decode()


# --- Photos of proposals


@pytest.fixture
def rosa():
    return UserFactory(name="Rosa")


@pytest.fixture
def proposal(agency, rosa):
    call = make_consultation(agency, now_in="proposals", title="Ideas")
    return make_proposal(consultation=call, actor=rosa, title="Una plaza", body="Sí.")


def test_an_author_hangs_photos_on_a_proposal_and_nothing_else(proposal, rosa):
    photo = attach_photo(proposal=proposal, actor=rosa, file=picture(), title="La esquina")
    assert photo.is_picture and list(proposal.attachments.all()) == [photo]
    assert not Attachment.objects.of_consultation(proposal.consultation).exists()
    with pytest.raises(InvalidInput) as refusal:
        attach_photo(proposal=proposal, actor=rosa, file=upload("a.pdf", PDF), title="x")
    assert refusal.value.code == "not_a_photo"


def test_others_hang_nothing_on_it_and_the_author_only_in_time(proposal, rosa, editor):
    for person in (anonymous, UserFactory(), editor):
        with pytest.raises(NotPermitted):
            attach_photo(proposal=proposal, actor=person, file=picture(), title="x")
    photo = attach_photo(proposal=proposal, actor=rosa, file=picture(), title="x")
    proposal.consultation.phases.all().delete()
    late = type(proposal).objects.get(pk=proposal.pk)
    with pytest.raises(PhaseClosed):
        attach_photo(proposal=late, actor=fresh(rosa), file=picture(), title="x")
    with pytest.raises(PhaseClosed):
        detach(attachment=Attachment.objects.get(pk=photo.pk), actor=fresh(rosa))


def test_a_proposal_holds_a_few_photos(proposal, rosa):
    for _ in range(ON_A_PROPOSAL):
        attach_photo(proposal=proposal, actor=rosa, file=picture(), title="x")
    with pytest.raises(InvalidInput):
        attach_photo(proposal=proposal, actor=rosa, file=picture(), title="x")


@pytest.mark.parametrize("field", ["hidden_at", "withdrawn_at"])
def test_the_photos_of_a_proposal_that_is_out_of_sight_are_not_found(client, proposal, rosa, editor, field):
    photo = attach_photo(proposal=proposal, actor=rosa, file=picture(), title="x")
    seen = client.get(photo.url)
    assert seen.status_code == 200 and "max-age=300" in seen["Cache-Control"]
    moderator = {"hidden_by": editor, "hidden_reason": "Sobra"} if field == "hidden_at" else {}
    type(proposal).objects.filter(pk=proposal.pk).update(**{field: proposal.created_at}, **moderator)
    assert client.get(photo.url).status_code == 404
    assert logged_in(editor).get(photo.url).status_code == 404


def test_the_audit_trail_keeps_neither_words_nor_name_of_a_citizens_photo(proposal, rosa):
    attach_photo(proposal=proposal, actor=rosa, file=picture("mi-casa.jpg"), title="Mi casa")
    entry = AuditEntry.objects.get(event="consultations.attachment_added")
    assert entry.details == {}


# --- Photos of proposals, through their page


def photos_url(proposal) -> str:
    return reverse("consultations:photos", args=[proposal.pk])


def test_an_author_adds_a_photo_sees_it_on_the_proposal_and_removes_it(client, proposal, rosa):
    author = logged_in(rosa)
    assert photos_url(proposal) in author.get(proposal.get_absolute_url()).content.decode()
    answer = author.post(photos_url(proposal), {"file": picture(width=90, height=60), "title": "La esquina"})
    assert answer.status_code == 302
    photo = Attachment.objects.get()
    shown = f'src="{photo.url}" width="90" height="60" alt="La esquina"'
    assert shown in client.get(proposal.get_absolute_url()).content.decode()
    assert shown in author.get(photos_url(proposal)).content.decode()
    assert author.post(reverse("consultations:detach", args=[photo.pk])).url == photos_url(proposal)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"title": "x"}, "Choose a file."),
        ({"file": lambda: picture(), "title": " "}, "This field is required."),
        ({"file": lambda: upload("plan.pdf", PDF), "title": "x"}, "Photos only: JPEG, PNG or WebP."),
        ({"file": lambda: upload("plaza.jpg", b"<svg/>"), "title": "x"}, "We cannot read this as a picture."),
        ({"file": lambda: upload("plaza.jpg", b"x" * 2000), "title": "x"}, "The most that we take is"),
    ],
)
def test_what_is_wrong_with_a_photo_is_said_at_its_field(proposal, rosa, sent, said, settings):
    settings.UPLOAD_MAX_BYTES = 1000
    sent = {name: value() if callable(value) else value for name, value in sent.items()}
    answer = logged_in(rosa).post(photos_url(proposal), sent)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not Attachment.objects.exists()


def test_where_as_many_photos_are_as_fit_the_page_says_so_in_place_of_the_form(proposal, rosa):
    for _ in range(ON_A_PROPOSAL):
        attach_photo(proposal=proposal, actor=rosa, file=picture(), title="x")
    page = logged_in(rosa).get(photos_url(proposal)).content.decode()
    assert "There are 5 photos, which is as many as fit." in page
    assert "enctype" not in page
    answer = logged_in(rosa).post(photos_url(proposal), {"file": picture(), "title": "x"})
    assert answer.status_code == 400 and "Remove one first." in answer.content.decode()


def test_where_moderators_look_first_a_new_photo_takes_the_proposal_out_of_sight_again(client, proposal, rosa):
    Consultation.objects.update(pre_moderates=True)
    assert client.get(proposal.get_absolute_url()).status_code == 200
    logged_in(rosa).post(photos_url(proposal), {"file": picture(), "title": "La esquina"})
    assert client.get(proposal.get_absolute_url()).status_code == 404
    assert client.get(Attachment.objects.get().url).status_code == 404


# --- Logo


def test_an_owner_gives_the_agency_a_logo_which_stands_on_its_pages(client, agency, consultation):
    answer = logged_in(agency.owner).post("/agencies/obras/logo/", {"picture": picture(width=900, height=900)})
    assert answer.status_code == 302
    for page in ("/agencies/obras/", consultation.get_absolute_url()):
        assert f'src="{agency.logo.url}" width="240" height="240"' in client.get(page).content.decode()
    assert client.get(agency.logo.url)["Content-Type"] == "image/webp"


def test_an_svg_is_no_logo(agency):
    with pytest.raises(InvalidInput):
        set_logo(agency=agency, actor=fresh(agency.owner), picture=upload("logo.svg", b"<svg onload='x()'/>"))


def test_a_page_with_all_of_it_costs_no_query_more(agency, consultation, editor, django_assert_max_num_queries):
    set_cover(consultation=consultation, actor=editor, picture=picture(), alt="Una plaza")
    for number in range(5):
        attach(consultation=consultation, actor=editor, file=upload(f"{number}.txt", b"x"), title=f"Parte {number}")
    set_logo(agency=agency, actor=fresh(agency.owner), picture=picture())
    browser = logged_in(editor)
    for page in (consultation.get_absolute_url(), "/consultations/", "/agencies/obras/"):
        with django_assert_max_num_queries(12):
            browser.get(page)


def test_deleting_waits_for_the_end_of_the_transaction(consultation, editor, django_capture_on_commit_callbacks):
    paper = attach(consultation=consultation, actor=editor, file=upload("plan.pdf", PDF), title="El plan")
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError), transaction.atomic():
        detach(attachment=paper, actor=editor)
        raise RuntimeError
    assert default_storage.exists(paper.file) and Consultation.objects.get().attachments.count() == 1
