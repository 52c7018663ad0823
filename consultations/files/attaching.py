"""Attaching documents and pictures to a consultation, or to a proposal."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.files.documents import KINDS, Kind, cleaned_name, kind_of
from accounts.files.images import Bounds, Picture, reencode
from accounts.files.storing import digest_of, discard_after_commit, keeping
from accounts.models import User
from accounts.refusals import Conflict, InvalidInput, Reason
from consultations.clock import database_now
from consultations.models import Attachment, Consultation, Proposal
from consultations.permissions import is_held_at_first
from consultations.proposals.proposing import require_changing

ON_A_CONSULTATION = 20
ON_A_PROPOSAL = 5
PICTURE = Bounds(1600, 1600)

NO_TITLE = _("Say in a few words what it is. Of a picture: what it shows.")
EMPTY = _("This file is empty.")
NOT_A_PICTURE = _("Photos only: JPEG, PNG or WebP.")
GONE = Reason("attachment_gone", _("Somebody has removed this file already."))


def attach(*, consultation: Consultation, actor: Person, file: UploadedFile, title: str) -> Attachment:
    """Put a document or a picture beside a consultation.

    Raises NotPermitted; InvalidInput for a file that we do not take, or one too many.
    """
    require(actor, "consultations.change_consultation", consultation)
    return _attach(consultation, None, actor, file, title)


def attach_photo(*, proposal: Proposal, actor: Person, file: UploadedFile, title: str) -> Attachment:
    """Put a photo beside a proposal, while its author may change it.

    Where moderators look first, the proposal waits for them again, as with changed words.
    Raises NotPermitted, PhaseClosed, Conflict as changing the proposal does; InvalidInput for what is no photo.
    """
    require_changing(proposal, actor)
    return _attach(proposal.consultation, proposal, actor, file, title)


def detach(*, attachment: Attachment, actor: Person) -> None:
    """Remove an attachment and its file: whoever may change what it hangs on.

    Raises NotPermitted, PhaseClosed or Conflict.
    """
    if attachment.proposal is None:
        require(actor, "consultations.change_consultation", attachment.consultation)
    else:
        require_changing(attachment.proposal, actor)
    with transaction.atomic():
        locked = Attachment.objects.select_for_update().filter(pk=attachment.pk).first()
        if locked is None:
            raise Conflict(GONE)
        discard_after_commit([locked.file])
        locked.delete()
        _record("attachment_removed", attachment, actor)


def _attach(
    consultation: Consultation, proposal: Proposal | None, actor: Person, file: UploadedFile, title: str
) -> Attachment:
    title = title.strip()
    if not title:
        raise InvalidInput("no_title", NO_TITLE, field="title")
    original = file.read()
    if not original:
        raise InvalidInput("empty_file", EMPTY, field="file")
    kind = kind_of(str(file.name), original, field="file")
    if proposal is not None and kind.is_content is not None:
        raise InvalidInput("not_a_photo", NOT_A_PICTURE, field="file")
    picture = reencode(original, PICTURE, field="file")[0] if kind.is_content is None else None
    content = picture.content if picture else original
    stored: Kind = KINDS["webp"] if picture else kind
    with keeping("attachments") as keeper:
        _check_number(consultation, proposal)
        attachment = Attachment.objects.create(
            consultation=consultation,
            proposal=proposal,
            title=title,
            file_name=cleaned_name(str(file.name), stored.suffix),
            suffix=stored.suffix,
            size_bytes=len(content),
            digest=digest_of(content),
            file=keeper.keep(content, stored.suffix),
            added_by=actor if isinstance(actor, User) else None,
            **_sides(picture),
        )
        if proposal is not None:
            _hold_again(proposal, actor)
        _record("attachment_added", attachment, actor)
    return attachment


def _hold_again(proposal: Proposal, actor: Person) -> None:
    assert isinstance(actor, User)
    if not proposal.is_official and is_held_at_first(proposal.consultation, actor):
        proposal.held_at = database_now()
        proposal.save(update_fields=["held_at"])


def _sides(picture: Picture | None) -> dict[str, int]:
    return {"width": picture.width, "height": picture.height} if picture else {}


def _check_number(consultation: Consultation, proposal: Proposal | None) -> None:
    """Raise InvalidInput where there are enough. Locks what it hangs on, so that two at once are not one too many."""
    if proposal is None:
        Consultation.objects.select_for_update().get(pk=consultation.pk)
        count, most = Attachment.objects.of_consultation(consultation).count(), ON_A_CONSULTATION
    else:
        Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
        count, most = Attachment.objects.filter(proposal=proposal).count(), ON_A_PROPOSAL
    if count >= most:
        sentence = gettext("There are %(most)s files here, which is as many as fit. Remove one first.") % {"most": most}
        raise InvalidInput("too_many_files", sentence, field="file")


def _record(event: str, attachment: Attachment, actor: Person) -> None:
    # Of a citizen's photo neither words nor name: it may come to be hidden, and the audit trail stays.
    words = {} if attachment.proposal_id else {"title": attachment.title, "file_name": attachment.file_name}
    audit.record(
        f"consultations.{event}",
        actor=actor,
        on=attachment.proposal or attachment.consultation,
        consultation_id=attachment.consultation_id,
        **words,
    )
