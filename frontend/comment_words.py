"""The words and pictures on a comment's buttons, made once for a page: fifty comments say the same."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from frontend.icons import icon_html


def comment_words() -> dict[str, SafeString]:
    """Name -> picture and word, for ``components/comment.html``."""

    def with_icon(icon: str, word: str = "") -> SafeString:
        return format_html("{}<span>{}</span>", icon_html(icon), word) if word else icon_html(icon)

    return {
        "agency": with_icon("agency"),
        "person": with_icon("person"),
        "hidden": with_icon("eye-off"),
        "official": format_html("{}", gettext("Official reply")),
        "agree": with_icon("agree", gettext("Agree")),
        "disagree": with_icon("disagree", gettext("Disagree")),
        "reply": with_icon("reply", gettext("Reply")),
        "quote": with_icon("quote", gettext("Quote")),
        "report": with_icon("flag", gettext("Report")),
        "hide": with_icon("eye-off", gettext("Hide")),
        "lock": with_icon("lock", gettext("Lock this conversation")),
        "unlock": with_icon("lock", gettext("Open this conversation again")),
        "mark": with_icon("mark", gettext("Mark")),
        "answer": with_icon("check", gettext("Say what became of it")),
        "restore": format_html("{}", gettext("Show it again")),
        "edit": with_icon("pencil", gettext("Correct")),
        "delete": with_icon("trash", gettext("Delete")),
        "more": format_html("{}", gettext("More")),
    }
