"""How other rooms' pages show comments without importing them: ``{% load comments %}``.

``{% comments_of consultation %}`` or ``{% comments_of proposal %}``: the whole section, with the form or the reason why
not. ``{% moderation_of proposal %}``: the links to report, hide and restore it. Where the page has the database's time
in its context as ``now``, the section does not ask for it again.
"""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from accounts.refusals import NotPermitted
from comments import queries
from comments.forms import CommentForm
from comments.models import Comment
from comments.rights import Rights, rights_of, when_comments_are_received
from consultations.clock import database_now
from consultations.models import Consultation, Proposal
from frontend.formats import number

register = template.Library()


@register.inclusion_tag("comments/section.html", takes_context=True)
def comments_of(context: Context, place: Consultation | Proposal) -> dict[str, Any]:
    """Two queries for the comments, however many; one for what was granted to a person who is logged in."""
    request = context["request"]
    consultation = place.consultation if isinstance(place, Proposal) else place
    now = context.get("now") or database_now()
    rights = rights_of(request.user, consultation, now)
    asked = request.GET.get("older_than", "")
    older_than = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    page = queries.threads_on(place, older_than, reader=queries.Reader(request.user, rights.may_moderate))
    name = "proposal" if isinstance(place, Proposal) else "consultation"
    is_hidden = isinstance(place, Proposal) and place.is_hidden
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "consultation": consultation,
        "page": page,
        "is_first": older_than is None,
        "rights": rights,
        "is_open": rights.may_write and not is_hidden,
        "form": CommentForm(rights=rights, consultation=consultation, auto_id="comment_%s"),
        "refusal": None if is_hidden else rights.refusal,
        "is_late": not isinstance(rights.refusal, NotPermitted),
        "when": when_comments_are_received(consultation, now),
        "add_url": f"{reverse('comments:add')}?{urlencode({name: place.pk})}",
        "newest_url": f"{_with(request, None)}#comments" if older_than else "",
        "older_url": f"{_with(request, page.older_than)}#comments" if page.older_than else "",
        "next": f"{request.get_full_path()}#comments",
    }


@register.inclusion_tag("comments/moderation_links.html", takes_context=True)
def moderation_of(context: Context, proposal: Proposal) -> dict[str, Any]:
    """Links to report, hide and restore a proposal, for those who may."""
    rights = rights_of(context["request"].user, proposal.consultation, context.get("now"))
    return {"proposal": proposal, "rights": rights}


@register.inclusion_tag("comments/comment_card.html", takes_context=True)
def comment_card(
    context: Context,
    comment: Comment,
    consultation: Consultation,
    rights: Rights,
    *,
    is_open: bool = False,
    is_quoted: bool = False,
    marked: Comment | None = None,
) -> dict[str, Any]:
    """One comment with what the reader may do with it.

    ``is_open``: it can be answered here and now. ``is_quoted``: it stands above a form, with nothing to do but read.
    ``marked``: the comment that the page was opened for.
    """
    answered = comment.answers if comment.answers_id and comment.answers_id != comment.root_id else None
    return {
        "comment": comment,
        "comment_id": comment.pk,
        "author": author_name(comment),
        "agency": consultation.agency.name if comment.is_official else "",
        "moment": comment.created_at,
        "url": f"{comment.get_absolute_url()}#comment-{comment.pk}",
        "text": comment.body,
        "hidden_reason": comment.hidden_reason,
        "hidden_at": comment.hidden_at,
        "answered": answered,
        "answered_name": author_name(answered) if answered else "",
        "rights": rights,
        "is_open": is_open,
        "is_quoted": is_quoted,
        "is_marked": marked == comment,
    }


@register.filter
def author_name(comment: Comment) -> str:
    """Never the e-mail address."""
    if comment.author is None:
        return "" if comment.is_official else gettext("Former account")
    return comment.author.name or gettext("Without a name")


@register.filter
def counted(count: queries.Count) -> str:
    """A count of comments: "2.000", or "más de 10.000"."""
    if count.is_more:
        return gettext("more than %(number)s") % {"number": number(count.number)}
    return number(count.number)


def _with(request: Any, older_than: int | None) -> str:
    """The present address, showing another page of its threads."""
    asked = request.GET.copy()
    asked.pop("older_than", None)
    if older_than:
        asked["older_than"] = str(older_than)
    return f"{request.path}?{asked.urlencode()}" if asked else request.path
