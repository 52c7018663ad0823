"""Milestones, and what the agency reports of them. A report is only added; a date moves by a report alone."""

from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.files.images import Bounds, reencode
from accounts.files.storing import digest_of, keeping
from accounts.models import User
from accounts.notices.telling import tell
from accounts.refusals import InvalidInput
from consultations.files.illustrating import NO_ALT
from consultations.models import Milestone, Pledge, Report, Status

NO_TITLE = _("Say what is to be done.")
NO_BODY = _("Say what happened. Everybody reads it.")
NO_SUCH_STATUS = _("Choose where it stands.")
PHOTO = Bounds(1600, 1200)


def add_milestone(*, pledge: Pledge, actor: Person, title: str, planned_for: date | None = None) -> Milestone:
    """One more step of a pledge. Raises NotPermitted; InvalidInput without words."""
    require(actor, "consultations.change_consultation", pledge.consultation)
    if not title.strip():
        raise InvalidInput("no_title", NO_TITLE, field="title")
    with keeping("reports"):
        milestone = Milestone.objects.create(pledge=pledge, title=title.strip(), planned_for=planned_for)
        audit.record(
            "consultations.milestone_added",
            actor=actor,
            on=milestone,
            consultation_id=pledge.consultation_id,
            title=milestone.title,
            planned_for=planned_for.isoformat() if planned_for else "",
        )
    return milestone


def report(
    *,
    milestone: Milestone,
    actor: Person,
    status: str,
    body: str,
    spent_cents: int | None = None,
    planned_for: date | None = None,
    photo: UploadedFile | None = None,
    alt: str = "",
) -> Report:
    """Say where a milestone stands, with words, a photo, the money spent so far, or another date. Followers are told.

    planned_for: from now on; None leaves the date. The old one stays readable beside it.
    Raises NotPermitted; InvalidInput for no words, no such status, or a photo without words or that is none.
    """
    pledge = milestone.pledge
    require(actor, "consultations.change_consultation", pledge.consultation)
    if status not in Status.values:
        raise InvalidInput("no_status", NO_SUCH_STATUS, field="status")
    if not body.strip():
        raise InvalidInput("no_body", NO_BODY, field="body")
    if photo is not None and not alt.strip():
        raise InvalidInput("no_alt", NO_ALT, field="alt")
    written = reencode(photo.read(), PHOTO, field="photo") if photo is not None else []
    with keeping("reports") as keeper:
        locked = Milestone.objects.select_for_update(no_key=True).get(pk=milestone.pk)
        made = Report(
            milestone=locked,
            status=status,
            body=body.strip(),
            spent_cents=spent_cents,
            reported_by=actor if isinstance(actor, User) else None,
        )
        if planned_for is not None and planned_for != locked.planned_for:
            made.old_planned_for, made.new_planned_for = locked.planned_for, planned_for
            locked.planned_for = planned_for
            locked.save(update_fields=["planned_for"])
        for picture in written:
            made.file, made.digest = keeper.keep(picture.content, "webp"), digest_of(picture.content)
            made.width, made.height, made.alt = picture.width, picture.height, alt.strip()
        made.save()
        audit.record(
            "consultations.milestone_reported",
            actor=actor,
            on=made,
            consultation_id=pledge.consultation_id,
            title=locked.title,
            status=status,
            planned_for=locked.planned_for.isoformat() if locked.planned_for else "",
        )
        _tell(made, pledge, actor)
    return made


def _tell(made: Report, pledge: Pledge, actor: Person) -> None:
    """Those who follow it, and who proposed it."""
    people = set(pledge.follows.filter(user__is_active=True).values_list("user_id", flat=True))
    proposal = pledge.proposal
    if proposal is not None:
        people |= {signer for signer in [proposal.author_id, *(each["id"] for each in proposal.co_signers)] if signer}
    tell(
        "milestone_reported",
        to=people - {actor.pk},
        key=f"report {made.pk}",
        url=pledge.get_absolute_url(),
        consultation_id=pledge.consultation_id,
        milestone=made.milestone.title,
        pledge=pledge.shown_title,
    )
