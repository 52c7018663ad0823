"""Publishing a draft."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.refusals import Conflict, Reason
from consultations.clock import database_now
from consultations.models import Consultation
from consultations.opening.readiness import check_ready
from consultations.permissions import grant_consultation

PUBLISHED_ALREADY = Reason("published_already", _("This consultation is published already."))


def publish_consultation(*, consultation: Consultation, actor: Person | None) -> Consultation:
    """Show a draft to those who may see it. ``actor`` None is the operator at the command line.

    Raises NotPermitted, Conflict if it is published already, InvalidInput if something is missing.
    """
    if actor is not None:
        require(actor, "consultations.publish_consultation", consultation)
    with transaction.atomic():
        locked = Consultation.objects.select_for_update().get(pk=consultation.pk)
        if locked.is_published:
            raise Conflict(PUBLISHED_ALREADY)
        check_ready(locked)
        consultation.published_at = database_now()
        consultation.save(update_fields=["published_at"])
        grant_consultation(consultation)
        audit.record(
            "consultations.consultation_published", actor=actor, on=consultation, consultation_id=consultation.pk
        )
    return consultation
