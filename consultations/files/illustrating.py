"""The cover picture of a consultation."""

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.files.images import Bounds, reencode
from accounts.files.storing import digest_of, discard_after_commit, keeping
from accounts.refusals import InvalidInput
from consultations.models import Consultation, Cover

NO_ALT = _("Say in a few words what the picture shows, for people who cannot see it.")
NO_PICTURE = _("Choose a picture.")

PAGE = Bounds(1600, 1000)
CARD = Bounds(Cover.CARD_WIDTH, Cover.CARD_HEIGHT, is_filled=True)


def set_cover(*, consultation: Consultation, actor: Person, picture: UploadedFile | None, alt: str) -> Cover:
    """Give a consultation a cover, in place of the one it had; or only other words to it (``picture`` None).

    Raises NotPermitted, or InvalidInput for missing words or for what is no picture.
    """
    require(actor, "consultations.change_consultation", consultation)
    alt = alt.strip()
    if not alt:
        raise InvalidInput("no_alt", NO_ALT, field="alt")
    written = reencode(picture.read(), PAGE, CARD, field="picture") if picture is not None else []
    with keeping("covers") as keeper:
        Consultation.objects.select_for_update().get(pk=consultation.pk)  # of two at once, one replaces the other's
        old = Cover.objects.filter(consultation=consultation).first()
        if old is None and not written:
            raise InvalidInput("no_picture", NO_PICTURE, field="picture")
        cover = old or Cover(consultation=consultation)
        old_alt, cover.alt = cover.alt, alt
        if written:
            discard_after_commit(cover.files)
            page, card = written
            cover.width, cover.height, cover.digest = page.width, page.height, digest_of(page.content)
            cover.file, cover.card_file = keeper.keep(page.content, "webp"), keeper.keep(card.content, "webp")
        cover.save()
        audit.record(
            "consultations.cover_set",
            actor=actor,
            on=consultation,
            consultation_id=consultation.pk,
            old={"alt": old_alt},
            new={"alt": alt},
            is_new_picture=bool(written),
        )
    return cover


def remove_cover(*, consultation: Consultation, actor: Person) -> None:
    """Take the cover away; nothing where there is none. Raises NotPermitted."""
    require(actor, "consultations.change_consultation", consultation)
    with keeping("covers"):
        cover = Cover.objects.select_for_update().filter(consultation=consultation).first()
        if cover is None:
            return
        discard_after_commit(cover.files)
        cover.delete()
        audit.record(
            "consultations.cover_removed",
            actor=actor,
            on=consultation,
            consultation_id=consultation.pk,
            old={"alt": cover.alt},
        )
