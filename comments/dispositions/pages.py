"""The desk on which an agency answers what people contributed, and the reply report's page."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.access import Person, require
from accounts.forms import attempt, posted
from accounts.refusals import Conflict, Reason
from comments.dispositions import listing
from comments.dispositions.contributions import KINDS, column_of, dispositions_of, needing, needs_disposition
from comments.dispositions.forms import DispositionForm
from comments.dispositions.giving import Given, give_disposition
from comments.dispositions.listing import Asked, Totals
from comments.dispositions.places import Places, places_of, with_places
from comments.models import Disposition
from comments.moderation.kinds import Contribution
from consultations.models import Consultation
from consultations.running.pages import crumbs_to_manage
from frontend.formats import number

REASONS_OFFERED = 12
GONE_MEANWHILE = Reason(
    "gone_meanwhile",
    _("Some of them are not there any more: hidden, deleted or withdrawn meanwhile. Choose again."),
)
ANSWERED_MEANWHILE = Reason("answered_meanwhile", _("Some of these were answered meanwhile. Look again."))
MOST_CHOSEN = 500  # of a page's ticks; more are "all that match"


@require_http_methods(["GET", "HEAD", "POST"])
def contributions(request: HttpRequest, slug: str) -> HttpResponse:
    """What people contributed, and the form that says what became of those that are chosen."""
    consultation = consultation_or_404(request.user, slug)
    require(request.user, "consultations.reply_consultation", consultation)
    asked = Asked.of(request.GET, fate=listing.LACKING)
    places = places_of(consultation)
    if request.method == "POST":
        form = DispositionForm(posted(request), places=places)
        given = attempt(
            form, _give, request=request, consultation=consultation, asked=asked, filled=form, places=places
        )
        if given is not None:
            messages.success(request, _what_was_done(given, form.cleaned_data["kind"]))
            return redirect(f"{request.path}?{_query(asked, after=request.GET.get('after', ''))}")
        return _show(request, consultation, asked, places, form, status=getattr(form, "refused_with", 400))
    return _show(request, consultation, asked, places, None)


def _show(
    request: HttpRequest,
    consultation: Any,
    asked: Asked,
    places: Places,
    form: DispositionForm | None,
    status: int = 200,
) -> HttpResponse:
    page = listing.page_of(consultation, asked, request.GET.get("after", ""))
    totals = listing.totals_of(consultation)
    only = page.items[0] if asked.one and page.items else None
    chosen = _names_chosen(request) or ({only.name} if only else set())
    items = [*_not_on_the_page(chosen, page, consultation), *page.items]
    context = {
        "consultation": consultation,
        "crumbs": crumbs_to_manage(consultation),
        "page": page,
        "items": [(item, item.name in chosen) for item in items],
        "only": only,
        "asked": asked,
        "tabs": _tabs(totals, asked),
        "kinds": [(kind, totals.of_kind(kind.name)) for kind in KINDS.values() if totals.of_kind(kind.name)],
        "places": places.to_filter(),
        "total": totals.of_kind(),
        "lacking": totals.of_fate(listing.LACKING),
        "matching": _how_many(consultation, asked, totals),
        "is_all_chosen": "all" in request.POST,
        "form": form or DispositionForm(places=places, initial=_as_typed(only)),
        "reasons": _reasons(consultation),
        "seen_at": consultation.fetched_at.isoformat(),
        "first_url": f"?{_query(asked)}" if request.GET.get("after") else "",
        "older_url": f"?{_query(asked, after=page.after)}" if page.after else "",
    }
    return render(request, "comments/contributions.html", context, status=status)


def consultation_or_404(user: Person, slug: str) -> Any:
    return get_object_or_404(with_places(Consultation.objects.visible_to(user)), slug=slug)


def _how_many(consultation: Consultation, asked: Asked, totals: Totals) -> int:
    """How many the list has in all. One query where more is asked than the totals say."""
    if asked.place or asked.q:
        return listing.count_of(consultation, asked)
    return 1 if asked.one else totals.of_fate(asked.fate, asked.kind)


def _names_chosen(request: HttpRequest) -> set[str]:
    """Of the contributions that are ticked, whichever disposition the editor saw: "comment-12"."""
    return {value.rpartition("-")[0] for value in request.POST.getlist("chosen")[:MOST_CHOSEN]}


def _not_on_the_page(chosen: set[str], page: listing.Page, consultation: Consultation) -> list[listing.Item]:
    """What was ticked and is not in the list any more: answered by another editor, who was faster."""
    names = [found for name in sorted(chosen - {item.name for item in page.items}) if (found := listing.parsed(name))]
    items = listing.items_of([(kind.name, number) for kind, number in names])
    return [item for item in items if item.target.consultation_id == consultation.pk and needs_disposition(item.target)]


def _as_typed(only: listing.Item | None) -> dict[str, Any]:
    """The form of one that has a disposition begins with it."""
    found = only.disposition if only else None
    return {"kind": found.kind, "reason": found.reason, "article": found.article_id} if found else {}


# --- Giving


def _give(
    *, request: HttpRequest, consultation: Consultation, asked: Asked, filled: DispositionForm, places: Places
) -> Given | None:
    """None where the form has faults of its own."""
    if not filled.is_valid():
        return None
    if "all" in request.POST:
        chosen, known = _all_that_match(request, consultation, asked), None
    else:
        known = _chosen(request, consultation)
        chosen = list(known)
    typed = filled.cleaned_data
    return give_disposition(
        contributions=chosen,
        actor=request.user,
        kind=typed["kind"],
        reason=typed["reason"],
        article=places.article(typed.get("article", "")),
        known=known,
    )


def _chosen(request: HttpRequest, consultation: Consultation) -> dict[Contribution, int]:
    """The contributions that are ticked, with the number of the disposition that the editor saw.

    What is not of this consultation, or needs no disposition (any more), is not found.
    """
    known: dict[tuple[str, int], int] = {}
    for value in request.POST.getlist("chosen")[:MOST_CHOSEN]:
        name, _dash, revision = value.rpartition("-")
        found = listing.parsed(name)
        if found is None or not (revision.isascii() and revision.isdigit() and len(revision) < 10):
            raise Http404
        known[found[0].name, found[1]] = int(revision)
    chosen: dict[Contribution, int] = {}
    for kind in KINDS.values():
        ids = [pk for name, pk in known if name == kind.name]
        for each in needing(kind, consultation).filter(pk__in=ids) if ids else ():
            chosen[each] = known[kind.name, each.pk]
    if len(chosen) < len(known):
        raise Conflict(GONE_MEANWHILE)
    return chosen


def _all_that_match(request: HttpRequest, consultation: Consultation, asked: Asked) -> list[Contribution]:
    """All that the address asks for: as many as the editor saw, and none of them answered by another one since."""
    found = listing.all_found(consultation, asked)
    expected, seen_at = request.POST.get("all", ""), _moment(request.POST.get("seen_at", ""))
    if expected != str(len(found)) or seen_at is None:
        sentence = ngettext(
            "Now %(number)s matches, not as many as you saw. Look again before you answer all of them.",
            "Now %(number)s match, not as many as you saw. Look again before you answer all of them.",
            len(found),
        )
        raise Conflict(Reason("others_match_now", sentence % {"number": number(len(found))}))
    newer = dispositions_of(consultation).filter(given_at__gt=seen_at).exclude(given_by=request.user.pk)
    faster = {("comment", pk) for pk in newer.values_list("comment", flat=True)}
    faster |= {("proposal", pk) for pk in newer.values_list("proposal", flat=True)}
    if any((column_of(each), each.pk) in faster for each in found):
        raise Conflict(ANSWERED_MEANWHILE)
    return found


def _moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None


def _what_was_done(given: Given, kind: str) -> str:
    changed = given.new + given.changed
    if not changed:
        return gettext("They had exactly this answer already. Nothing has changed.")
    sentence = ngettext(
        "%(kind)s: one contribution has its answer, and its author is told.",
        "%(kind)s: %(number)s contributions have their answer, and their authors are told.",
        changed,
    )
    return sentence % {"kind": Disposition.Kind(kind).label, "number": number(changed)}


# --- What the page offers


def _tabs(totals: Totals, asked: Asked) -> list[dict[str, Any]]:
    labels = {
        listing.LACKING: gettext("Without an answer"),
        "all": gettext("All of them"),
        **{kind.value: str(kind.label) for kind in Disposition.Kind},
    }
    tabs = []
    for fate, label in labels.items():
        wanted = "" if fate == "all" else fate
        count = totals.of_fate(wanted)
        if count or fate in (listing.LACKING, "all") or wanted == asked.fate:
            tabs.append(
                {
                    "label": label,
                    "count": count,
                    "url": f"?{_query(asked, fate=fate, one='')}",
                    "is_current": asked.fate == wanted,
                }
            )
    return tabs


def _query(asked: Asked, **more: str) -> str:
    """The address of a list; ``fate`` always said, since empty would mean those that lack one."""
    said = {
        "fate": asked.fate or "all", "kind": asked.kind, "place": asked.place, "q": asked.q, "sort": asked.sort,
        "one": asked.one, **more,
    }  # fmt: skip
    return urlencode({name: value for name, value in said.items() if value and (name, value) != ("sort", "oldest")})


def _reasons(consultation: Consultation) -> list[str]:
    """Those given last here: what an editor types again and again."""
    latest = dispositions_of(consultation).order_by("-given_at", "-pk").values_list("reason", flat=True)[:200]
    return list(dict.fromkeys(latest))[:REASONS_OFFERED]
