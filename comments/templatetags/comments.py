"""How other rooms' pages show comments without importing them: ``{% load comments %}``.

``{% comments_of consultation %}`` or ``{% comments_of proposal %}``: the whole section, with the form or the reason why
not. ``{% questions_of consultation %}``: what the agency asks, each question with its thread. ``{% moderation_of
proposal %}``: the links to report, hide, mark and restore it. ``{% moderation_summary as rows %}``: what waits for a
moderator, for the desk. Where the page has the database's time in its context as ``now``, the section does not ask for
it again.
"""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from accounts.refusals import NEEDS_ACCOUNT, NotPermitted
from comments import queries
from comments.annotations.cards import quote_html
from comments.cards import Cards, author_name, body_of
from comments.forms import CommentForm
from comments.models import Comment, ModerationDecision
from comments.moderation import badges, summary
from comments.moderation.badges import Badge
from comments.moderation.moderating import state_of
from comments.moderation.summary import Summary
from comments.rights import Rights, rights_of, when_comments_are_received
from comments.sorting import NEWEST, SORTS, Sort, sort_named
from consultations.clock import Act, database_now, is_allowed
from consultations.custom_fields import ShownAnswer, answers_shown
from consultations.models import Consultation, Pledge, Proposal, Question
from consultations.page_facts import attachments_of
from frontend import markup
from frontend.formats import number

register = template.Library()


@register.inclusion_tag("comments/section.html", takes_context=True)
def comments_of(context: Context, place: Consultation | Proposal | Question) -> dict[str, Any]:
    """One query for the comments, however many; one for what was granted to a person who is logged in."""
    request = context["request"]
    consultation = place if isinstance(place, Consultation) else place.consultation
    now = context.get("now") or database_now()
    rights = rights_of(request.user, consultation, now)
    sort = sort_named(request.GET.get("sort", ""))
    asked = request.GET.get("after", "")
    after = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    page = queries.threads_on(place, sort, after, reader=queries.Reader(request.user, rights.may_moderate))
    is_hidden = isinstance(place, Proposal) and place.is_hidden
    is_open = rights.may_write and not is_hidden
    cards = Cards(request.user, consultation, rights, is_open=is_open)
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "consultation": consultation,
        "question": place if isinstance(place, Question) else None,
        "page": page,
        "threads": cards.of_threads(page.threads),
        "live": cards.live(queries.name_of(place)) if consultation.is_published and not is_hidden else None,
        "is_newest": sort == NEWEST and after is None,
        "heading": "h4" if isinstance(place, Question) else "h2",
        "sorts": _sorts(request, sort) if page.total and page.total.number > 1 else [],
        "is_first": after is None,
        "rights": rights,
        "is_open": is_open,
        "form": CommentForm(rights=rights, consultation=consultation, auto_id="comment_%s"),
        "refusal": None if is_hidden else rights.refusal,
        # An account is all that is missing: one may write now, and make it then.
        "is_for_newcomers": rights.refusal is not None and not is_hidden and rights.refusal.reason == NEEDS_ACCOUNT,
        "is_late": not isinstance(rights.refusal, NotPermitted),
        "when": when_comments_are_received(consultation, now),
        "add_url": f"{reverse('comments:add')}?{urlencode({str(place._meta.model_name): place.pk})}",
        "first_url": f"{_with(request, after=None)}#comments" if after else "",
        "next_url": f"{_with(request, after=page.after)}#comments" if page.after else "",
        "next": f"{request.get_full_path()}#comments",
    }


@register.inclusion_tag("comments/questions.html", takes_context=True)
def questions_of(context: Context, consultation: Consultation) -> dict[str, Any]:
    """What the agency asks, each with how much was said; the one that ``?question=<id>`` names, with its thread.

    One query, none where ``consultation.has_questions`` says that there is nothing to read. Where a question is open,
    ``comments_of`` the consultation shows the way back to the comments on the whole.
    """
    request = context["request"]
    questions = queries.questions_of(consultation) if getattr(consultation, "has_questions", True) else []
    asked = request.GET.get("question", "")
    chosen = next((question for question, _count in questions if str(question.pk) == asked), None)
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "now": context.get("now"),
        "consultation": consultation,
        "questions": questions,
        "chosen": chosen,
        "is_open": bool(questions) and is_allowed(consultation, Act.COMMENT, context.get("now")),
        "shows_the_whole": chosen is None,
    }


@register.inclusion_tag("comments/moderation_links.html", takes_context=True)
def moderation_of(context: Context, proposal: Proposal) -> dict[str, Any]:
    """Links to report, hide and restore a proposal, for those who may; for its author to the decision that hid it."""
    user = context["request"].user
    own = proposal.is_hidden and user.is_authenticated and proposal.author_id == user.pk
    rights = rights_of(user, proposal.consultation, context.get("now"))
    may_report = rights.is_participant and not proposal.is_signed_by(user.pk) and state_of(proposal) == "shown"
    return {
        "proposal": proposal,
        "rights": rights,
        "may_report": may_report,
        "own_decision": proposal.decisions.order_by("-pk").first() if own else None,
    }


@register.simple_tag(takes_context=True)
def comment_card(
    context: Context, comment: Comment, consultation: Consultation, rights: Rights, *, is_quoted: bool = False
) -> SafeString:
    """One comment by itself. ``is_quoted``: it stands above a form, with nothing to do but read."""
    return Cards(context["request"].user, consultation, rights, is_quoted=is_quoted).of(comment).html


@register.inclusion_tag("comments/testimonies.html", takes_context=True)
def testimonies_of(context: Context, pledge: Pledge) -> dict[str, Any]:
    """What people wrote on its proposal since it is being carried out; with the form, while comments are received."""
    request, consultation = context["request"], pledge.consultation
    proposal = pledge.proposal
    assert proposal is not None
    proposal.consultation = consultation
    now = context.get("now") or database_now()
    rights = rights_of(request.user, consultation, now)
    reader = queries.Reader(request.user, rights.may_moderate)
    cards = Cards(request.user, consultation, rights, is_open=rights.may_write)
    said = queries.said_since(proposal, pledge.created_at, reader)
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "cards": [cards.of(comment) for comment in said],
        "form": CommentForm(rights=rights, consultation=consultation, auto_id="comment_%s")
        if rights.may_write and not rights.is_official_only
        else None,
        "label": gettext("What you saw"),
        "hint": gettext(
            "What is built already? Does it work? Everybody reads it; the moderators look at it as at comments."
        ),
        "add_url": f"{reverse('comments:add')}?{urlencode({'proposal': proposal.pk})}",
        "all_url": f"{proposal.get_absolute_url()}#comments",
    }


register.filter("author_name", author_name)


@register.filter
def quote_of(thing: Comment | Proposal) -> SafeString | str:
    """Of an annotation, the words that it is about, as its card shows them; empty for anything else."""
    return quote_html(thing) if isinstance(thing, Comment) else ""


@register.filter
def words_of(thing: Comment | Proposal) -> SafeString:
    """What a contribution says, as HTML."""
    return body_of(thing) if isinstance(thing, Comment) else markup.render(thing.body)


@register.filter
def answers_of(proposal: Proposal) -> list[ShownAnswer]:
    """What its author answered to the consultation's own questions: others read that too."""
    return answers_shown(proposal.consultation, proposal.answers)


register.filter("photos_of", attachments_of)


@register.simple_tag
def badges_of(thing: Comment | Proposal, inside: bool = False) -> list[Badge]:
    """The signs of what moderators and officials did with a contribution."""
    return badges.badges_of(thing, inside=bool(inside))


@register.filter
def subject_label(decision: ModerationDecision) -> str:
    """What a decision is about, with its number: "A comment, no. 12"."""
    label = str(decision.get_subject_display())
    if decision.subject_number is None:
        return label
    return gettext("%(subject)s, no. %(number)s") % {"subject": label, "number": decision.subject_number}


@register.filter
def mark_label(decision: ModerationDecision) -> str:
    """The mark that a decision put on; of one that took it off, that there is none."""
    return badges.mark_label(decision.mark) if decision.mark else gettext("None")


@register.simple_tag(takes_context=True)
def moderation_summary(context: Context) -> list[Summary]:
    """For the desk: what waits in the consultations that the reader moderates. Two queries."""
    return summary.moderation_summary(context["request"].user)


@register.filter
def counted(count: queries.Count) -> str:
    """A count of comments: "2.000", or "más de 10.000"."""
    if count.is_more:
        return gettext("more than %(number)s") % {"number": number(count.number)}
    return number(count.number)


def _sorts(request: Any, current: Sort) -> list[dict[str, Any]]:
    """What ``comments/sorts.html`` shows: each order with its address."""
    return [
        {
            "label": sort.label,
            "url": f"{_with(request, sort=None if sort == NEWEST else sort.name, after=None)}#comments",
            "is_current": sort == current,
        }
        for sort in SORTS.values()
    ]


def _with(request: Any, **changes: Any) -> str:
    """The present address with these parameters; None takes one away."""
    asked = request.GET.copy()
    for name, value in changes.items():
        asked.pop(name, None)
        if value is not None:
            asked[name] = str(value)
    return f"{request.path}?{asked.urlencode()}" if asked else request.path
