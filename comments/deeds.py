"""What the audit trail's events of this room mean. Of a text only its number and a moderator's reason are told."""

from django.utils.translation import gettext_lazy as _

from consultations.history.deeds import Deed, Group

DEEDS = (
    Deed("comments.annotation_placed", Group.CONTRIBUTIONS, _("Placed an annotation in a version"), ("version",)),
    Deed("comments.annotations_imported", Group.CONTRIBUTIONS, _("Took in annotations made elsewhere"), ("count",)),
    Deed("comments.annotation_left", Group.CONTRIBUTIONS, _("Left an annotation without a place"), ("version",)),
    Deed("comments.official_reply_made", Group.CONTRIBUTIONS, _("Replied officially")),
    Deed("comments.comment_edited", Group.CONTRIBUTIONS, _("Corrected a comment")),
    Deed("comments.comment_deleted", Group.CONTRIBUTIONS, _("Deleted their own comment")),
    Deed("comments.disposition_given", Group.CONTRIBUTIONS, _("Said what became of contributions"), ("reason",)),
    Deed("comments.comment_hidden", Group.MODERATION, _("Hid a comment"), ("reason",)),
    Deed("comments.comment_restored", Group.MODERATION, _("Showed a comment again"), ("reason",)),
    Deed("comments.comment_kept", Group.MODERATION, _("Kept a comment that was reported"), ("reason",)),
    Deed("comments.proposal_hidden", Group.MODERATION, _("Hid a proposal"), ("reason",)),
    Deed("comments.proposal_restored", Group.MODERATION, _("Showed a proposal again"), ("reason",)),
    Deed("comments.proposal_kept", Group.MODERATION, _("Kept a proposal that was reported"), ("reason",)),
    Deed("comments.comment_released", Group.MODERATION, _("Published a comment after reading it"), ("reason",)),
    Deed("comments.comment_refused", Group.MODERATION, _("Did not publish a comment"), ("reason",)),
    Deed("comments.comment_locked", Group.MODERATION, _("Locked a conversation"), ("reason",)),
    Deed("comments.comment_unlocked", Group.MODERATION, _("Opened a conversation again"), ("reason",)),
    Deed("comments.comment_marked", Group.MODERATION, _("Changed the mark of a comment"), ("old", "new")),
    Deed("comments.proposal_released", Group.MODERATION, _("Published a proposal after reading it"), ("reason",)),
    Deed("comments.proposal_refused", Group.MODERATION, _("Did not publish a proposal"), ("reason",)),
    Deed("comments.proposal_marked", Group.MODERATION, _("Changed the mark of a proposal"), ("old", "new")),
    Deed("comments.decision_undone", Group.MODERATION, _("Took a decision back as a slip")),
    Deed("comments.decision_appealed", Group.MODERATION, _("Appealed against a decision")),
    Deed("comments.appeal_granted", Group.MODERATION, _("Granted an appeal"), ("answer",)),
    Deed("comments.appeal_denied", Group.MODERATION, _("Denied an appeal"), ("answer",)),
    Deed("comments.account_blocked", Group.MODERATION, _("Blocked an account in this consultation"), ("reason",)),
    Deed("comments.account_unblocked", Group.MODERATION, _("Let a blocked account write again"), ("reason",)),
)
