"""An agency's own logo."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts import audit
from accounts.access import Person, require
from accounts.files.images import Bounds, reencode
from accounts.files.storing import digest_of, discard_after_commit, keeping
from accounts.models import Agency, AgencyLogo

BOUNDS = Bounds(480, 240)  # twice the dots that it is shown with, for sharp screens


def set_logo(*, agency: Agency, actor: Person, picture: UploadedFile) -> AgencyLogo:
    """Give an agency a logo, in place of the one it had.

    Raises NotPermitted, or InvalidInput for what is no picture.
    """
    require(actor, "accounts.change_agency", agency)
    (written,) = reencode(picture.read(), BOUNDS, field="picture")
    with keeping("logos") as keeper:
        Agency.objects.select_for_update().get(pk=agency.pk)
        logo = AgencyLogo.objects.filter(agency=agency).first() or AgencyLogo(agency=agency)
        discard_after_commit([logo.file])
        logo.file = keeper.keep(written.content, "webp")
        logo.width, logo.height, logo.digest = written.width, written.height, digest_of(written.content)
        logo.save()
        audit.record("accounts.logo_set", actor=actor, on=agency)
    return logo


def remove_logo(*, agency: Agency, actor: Person) -> None:
    """Take the logo away; nothing where there is none. Raises NotPermitted."""
    require(actor, "accounts.change_agency", agency)
    with transaction.atomic():
        logo = AgencyLogo.objects.select_for_update().filter(agency=agency).first()
        if logo is not None:
            discard_after_commit([logo.file])
            logo.delete()
            audit.record("accounts.logo_removed", actor=actor, on=agency)
