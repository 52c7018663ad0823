"""What the audit trail's events of this room mean. Of a text only its number and a moderator's reason are told."""

from django.utils.translation import gettext_lazy as _

from consultations.history.deeds import Deed, Group

DEEDS = (
    Deed("comments.official_reply_made", Group.CONTRIBUTIONS, _("Replied officially")),
    Deed("comments.comment_edited", Group.CONTRIBUTIONS, _("Corrected a comment")),
    Deed("comments.comment_deleted", Group.CONTRIBUTIONS, _("Deleted their own comment")),
    Deed("comments.comment_hidden", Group.MODERATION, _("Hid a comment"), ("reason",)),
    Deed("comments.comment_restored", Group.MODERATION, _("Showed a comment again"), ("reason",)),
    Deed("comments.comment_kept", Group.MODERATION, _("Kept a comment that was reported"), ("reason",)),
    Deed("comments.proposal_hidden", Group.MODERATION, _("Hid a proposal"), ("reason",)),
    Deed("comments.proposal_restored", Group.MODERATION, _("Showed a proposal again"), ("reason",)),
    Deed("comments.proposal_kept", Group.MODERATION, _("Kept a proposal that was reported"), ("reason",)),
    Deed("comments.account_blocked", Group.MODERATION, _("Blocked an account in this consultation"), ("reason",)),
    Deed("comments.account_unblocked", Group.MODERATION, _("Let a blocked account write again"), ("reason",)),
)
