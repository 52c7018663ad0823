"""The marks that officials put on contributions. Those of Consulta Pública, and which of them everybody sees.

==============  =============  ========  ==================================================================
mark            es             who sees  because
==============  =============  ========  ==================================================================
highlighted     Destacado      everyone  it points at a contribution: a mark that only officials see does not
question        Pregunta       everyone  it promises an answer, which people should be able to hold us to
refer           Derivado       everyone  it tells the author that another office has to do with it
not_applicable  No aplica      officials it sorts the officials' own work; in public it would be a verdict on
                                         somebody's words without reason or appeal. Who wants it out of
                                         sight hides it, on a ground, and can be contradicted
alert           Alerta         officials it asks colleagues to keep an eye on something; in public it would
                                         put a person under suspicion
==============  =============  ========  ==================================================================

A change of a public mark is in the open book; one between officials is in the audit trail alone.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mark(models.TextChoices):
    HIGHLIGHTED = "highlighted", _("Highlighted")
    QUESTION = "question", _("Question")
    REFER = "refer", _("Referred to another office")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    ALERT = "alert", _("Alert")


PUBLIC = frozenset({Mark.HIGHLIGHTED, Mark.QUESTION, Mark.REFER})


def is_public(mark: str) -> bool:
    return mark in PUBLIC
