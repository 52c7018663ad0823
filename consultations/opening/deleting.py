"""Deleting a draft, which nobody but its agency has seen."""

import pgtrigger
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.files.storing import discard_after_commit
from accounts.refusals import Conflict, Reason
from consultations.models import Consultation

WAS_PUBLISHED = Reason(
    "was_published", _("It is published, so it stays: people read it. You can take it out of the lists, or close it.")
)
# The database keeps published versions of texts. Those of a draft are not: nobody has read them.
KEEP_WHAT_IS_PUBLISHED = (
    "consultations.Version:published_versions_stay",
    "consultations.Article:published_articles_stay",
)
DELETED_ALREADY = Reason("draft_deleted", _("Somebody has deleted this draft already."))


def delete_draft(*, consultation: Consultation, actor: Person) -> None:
    """Delete a draft with all that it holds: texts, files, questions put to the vote, the electoral roll.

    Raises NotPermitted; Conflict for what is published, or deleted already. Locks the consultation's row.
    """
    require(actor, "consultations.publish_consultation", consultation)
    with transaction.atomic():
        locked = Consultation.objects.select_for_update().filter(pk=consultation.pk).first()
        if locked is None:
            raise Conflict(DELETED_ALREADY)
        if locked.is_published:
            raise Conflict(WAS_PUBLISHED, page=consultation.get_absolute_url())
        cover = getattr(locked, "cover", None)
        discard_after_commit([*(cover.files if cover else ()), *locked.attachments.values_list("file", flat=True)])
        audit.record(
            "consultations.draft_deleted",
            actor=actor,
            on=locked,
            consultation_id=locked.pk,
            title=locked.title,
        )
        with pgtrigger.ignore(*KEEP_WHAT_IS_PUBLISHED):
            locked.delete()
