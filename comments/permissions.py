"""Who may do what with comments, flags and moderation. The whole policy of this room.

Everything follows from the consultation: who takes part comments and flags, who moderates it hides and answers flags,
who replies for the agency replies officially. When comments are received is the clock's matter.
"""

from accounts.access import Rule, granted_on

RULES: dict[str, Rule] = {
    "comments.view_comment": granted_on("consultations.view_consultation", "consultation"),
    "comments.reply_comment": granted_on("consultations.comment_consultation", "consultation"),
    "comments.flag_comment": granted_on("consultations.comment_consultation", "consultation"),
    "comments.hide_comment": granted_on("consultations.moderate_consultation", "consultation"),
    "comments.answer_flag": granted_on("consultations.moderate_consultation", "consultation"),
}
