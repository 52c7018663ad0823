"""Taking a consultation out of lists, and back."""

from django.db import transaction

from accounts import audit
from accounts.access import Person, require
from consultations.models import Consultation


def set_listed(*, consultation: Consultation, actor: Person, is_listed: bool) -> Consultation:
    """Whether lists, feeds and search name it; whoever has the address reads it all the same. Twice is once.

    Raises NotPermitted.
    """
    require(actor, "consultations.publish_consultation", consultation)
    with transaction.atomic():
        locked = Consultation.objects.select_for_update().get(pk=consultation.pk)
        if locked.is_unlisted != is_listed:
            return locked
        locked.is_unlisted = not is_listed
        locked.save(update_fields=["is_unlisted"])
        event = "consultations.consultation_listed" if is_listed else "consultations.consultation_unlisted"
        audit.record(event, actor=actor, on=locked, consultation_id=locked.pk)
    return locked
