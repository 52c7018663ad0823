"""The moderators' own pages: what waits for them, what shows a pattern, and who is blocked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import require
from accounts.models import User
from accounts.refusals import NEEDS_ACCOUNT, NOT_GRANTED, Conflict, NotPermitted
from comments.models import Ground
from comments.moderation import blocking, queue
from comments.moderation.finding import consultation_or_404
from comments.moderation.forms import mark_choices
from comments.moderation.grounds import REMOVED
from comments.moderation.kinds import shown_texts
from comments.moderation.patterns import patterns_in
from comments.pages import number_asked
from consultations.clock import database_now
from consultations.models import Block, Consultation


@require_safe
def moderation(request: HttpRequest) -> HttpResponse:
    """What waits, in the consultations that the person moderates: reported, held, appealed."""
    moderated = queue.moderated_by(request.user)
    shown, asked = _chosen(request, moderated)
    assert isinstance(request.user, User)
    what = request.GET.get("show", "")
    sort = request.GET.get("sort", "")
    page = queue.queue_of(
        shown,
        request.user,
        what=what if what in queue.WHATS else "",
        sort=sort if sort in queue.SORTS else "oldest",
        page=max(1, min(number_asked(request, "page") or 1, queue.MOST)),
    )
    asked |= {"show": what, "sort": sort}
    context = {
        "queue": page,
        "total": sum(page.counts.values()),
        "moderated": moderated,
        "agencies": sorted({c.agency for c in moderated}, key=lambda agency: agency.name),
        "only": shown[0] if len(shown) == 1 else None,
        "asked": asked,
        "tabs": _tabs(page.counts, asked),
        "newer_url": f"?{_query(asked, page=page.page - 1)}" if page.page > 1 else "",
        "older_url": f"?{_query(asked, page=page.page + 1)}" if page.has_more else "",
        "next": request.get_full_path(),
        "just_decided": queue.just_decided(request.user),
        "grounds": Ground.choices,
        "reasons": list(REMOVED.values()),
        "marks": mark_choices(),
        "now": database_now(),
    }
    return render(request, "comments/moderation.html", context)


def _chosen(request: HttpRequest, moderated: list[Consultation]) -> tuple[list[Consultation], dict[str, str]]:
    """The consultations that the address asks for, among those that the person moderates."""
    slug, agency = request.GET.get("consultation", ""), request.GET.get("agency", "")
    shown = [c for c in moderated if (not slug or c.slug == slug) and (not agency or c.agency.slug == agency)]
    if slug and not shown:
        require(request.user, "consultations.moderate_consultation", consultation_or_404(request.user, slug))
    if not shown:
        raise NotPermitted(NOT_GRANTED if request.user.is_authenticated else NEEDS_ACCOUNT)
    return shown, {"consultation": slug, "agency": agency}


def _tabs(counts: dict[str, int], asked: dict[str, str]) -> list[dict[str, object]]:
    """All, and each kind of thing that waits, with how many."""
    labels = {"": _("Everything"), queue.FLAGS: _("Reported"), queue.HELD: _("To publish"), queue.APPEALS: _("Appeals")}
    return [
        {
            "label": label,
            "count": counts[what] if what else sum(counts.values()),
            "url": f"?{_query(asked | {'show': what})}",
            "is_current": asked["show"] == what,
        }
        for what, label in labels.items()
    ]


def _query(asked: dict[str, str], **more: int) -> str:
    return urlencode({name: value for name, value in (asked | more).items() if value})


@require_safe
def patterns(request: HttpRequest, slug: str) -> HttpResponse:
    """What many contributions of a consultation have in common, for its moderators."""
    consultation = consultation_or_404(request.user, slug)
    require(request.user, "consultations.moderate_consultation", consultation)
    found = patterns_in(consultation)
    texts = shown_texts(target for pattern in found for target in pattern.shown)
    rows = [(pattern, [(target, texts[target]) for target in pattern.shown]) for pattern in found]
    context = {"consultation": consultation, "patterns": rows}
    return render(request, "comments/patterns.html", context)


@require_safe
def blocks(request: HttpRequest, slug: str) -> HttpResponse:
    """Who may not write in a consultation now, for its moderators."""
    consultation = consultation_or_404(request.user, slug)
    require(request.user, "consultations.moderate_consultation", consultation)
    standing = Block.objects.standing().filter(consultation=consultation).select_related("user")
    return render(request, "comments/blocks.html", {"consultation": consultation, "blocks": standing})


@require_POST
def unblock(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Let an account write in a consultation again."""
    consultation = consultation_or_404(request.user, slug)
    require(request.user, "consultations.moderate_consultation", consultation)
    found = get_object_or_404(Block.objects.filter(consultation=consultation).select_related("user"), pk=pk)
    try:
        blocking.unblock(consultation=consultation, user=found.user, actor=request.user)
        messages.success(request, _("The account may write here again. Its owner has been told."))
    except Conflict as refusal:
        messages.warning(request, str(refusal.sentence))
    return redirect("comments:blocks", slug=slug)
