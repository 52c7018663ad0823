"""The open book as a table to take away."""

from django.utils.translation import gettext_lazy as _

from accounts.access import Person
from comments.moderation.ledger import open_book
from consultations.models import Consultation
from consultations.open_data.exports import WHOEVER_SEES_IT
from consultations.open_data.tables import Column, Extract, Table, Type


def _moderation(consultation: Consultation, user: Person) -> Extract:
    return Extract(open_book(consultation).order_by("pk"))


MODERATION = Table(
    name="moderation",
    title=_("Moderation"),
    description=_(
        "The open book: every act of the moderators, in order. What was removed is not in it, only its hash; nor who "
        "decided, only in which role."
    ),
    audience=WHOEVER_SEES_IT,
    extract=_moderation,
    columns=[
        Column("id", Type.INTEGER, _("Number of the act.")),
        Column("decided_at", Type.DATETIME, _("When it was decided, in UTC.")),
        Column(
            "act",
            Type.TEXT,
            _("hidden, restored, kept, released, refused, locked, unlocked, marked, blocked or unblocked."),
        ),
        Column("role", Type.TEXT, _("In which role for the agency: moderator, owner or editor.")),
        Column("subject", Type.TEXT, _("What it is about: comment, official_reply, proposal or account.")),
        Column(
            "subject_number",
            Type.INTEGER,
            _("Number of the comment or proposal, as in its table; of an account there is none."),
        ),
        Column(
            "ground",
            Type.TEXT,
            _("insult, personal_data, spam, off_topic or other, where something was removed or blocked."),
        ),
        Column("reason", Type.TEXT, _("The public reason.")),
        Column("mark", Type.TEXT, _("The public mark that was put on; empty if it was taken off, or for another act.")),
        Column(
            "text_sha256",
            Type.TEXT,
            _(
                "Where a text was removed: SHA-256, in hexadecimal, of a secret salt, a line feed and the text. Its "
                "author has the salt, and can prove with it what was removed."
            ),
            "text_hash",
        ),
        Column("undone_at", Type.DATETIME, _("When the moderator took it back as a slip; empty if it stands.")),
        Column("appealed_at", Type.DATETIME, _("When its author appealed; empty if not."), "appeal__made_at"),
        Column("appeal_outcome", Type.TEXT, _("granted or denied; empty without an answer."), "appeal__outcome"),
        Column("appeal_answer", Type.TEXT, _("The public answer to the appeal."), "appeal__answer"),
        Column("appeal_answered_at", Type.DATETIME, _("When the appeal was answered."), "appeal__answered_at"),
        Column("appeal_role", Type.TEXT, _("In which role the appeal was answered."), "appeal__role"),
        Column(
            "appeal_same_person",
            Type.BOOLEAN,
            _("Whether the person who had decided answered the appeal, because nobody else moderates there."),
            "appeal__is_by_same_person",
        ),
    ],
)
