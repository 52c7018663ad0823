"""The pages of the follow-up, in the order of ``urls.py``."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import require
from accounts.files.serving import file_answer
from accounts.forms import answer_form, attempt, posted
from consultations.clock import database_now
from consultations.milestones import following, queries, reporting, starting
from consultations.milestones.forms import MilestoneForm, PledgeForm, ReportForm
from consultations.milestones.standing import whole_of
from consultations.milestones.winners import winners_of
from consultations.models import Consultation, Pledge, Report, Status
from consultations.pages import Crumbs, crumbs_to
from consultations.queries import consultation_or_404
from frontend.formats import number
from frontend.visitors import shared_by_visitors


def crumbs_to_board(consultation: Consultation) -> Crumbs:
    url = reverse("consultations:follow-up", args=[consultation.slug])
    return [*crumbs_to(consultation), {"title": gettext("What becomes of it"), "url": url}]


def crumbs_to_pledge(pledge: Pledge) -> Crumbs:
    title, url = pledge.shown_title, pledge.get_absolute_url()
    return [*crumbs_to_board(pledge.consultation), {"title": title, "url": url}]


@require_safe
@shared_by_visitors
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that was promised: how much is done, spent, late. Public; filtered by the address alone."""
    found = consultation_or_404(request.user, slug)
    asked, now = queries.Filter.of(request.GET), database_now()
    may_change = request.user.has_perm("consultations.change_consultation", found)
    shown = queries.board_of(found, asked, now, request.GET.get("page"))
    context = {
        "consultation": found,
        "crumbs": crumbs_to(found),
        "asked": asked,
        "board": shown,
        "districts": found.districts.all() if shown.districts else [],
        "statuses": Status.choices,
        "may_change": may_change,
        "winner_count": len(winners_of(found)) if may_change else 0,
        "now": now,
    }
    return render(request, "consultations/milestones/board.html", context)


@require_POST
def start_follow_up(request: HttpRequest, slug: str) -> HttpResponse:
    """Make pledges of what won."""
    found = consultation_or_404(request.user, slug)
    made = starting.start_follow_up(consultation=found, actor=request.user)
    words = ngettext("%(number)s pledge more.", "%(number)s pledges more.", len(made))
    messages.success(request, words % {"number": number(len(made))})
    return redirect("consultations:follow-up", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def create_pledge(request: HttpRequest, slug: str) -> HttpResponse:
    """A goal of a plan, an article of a law: something promised that no proposal stands for."""
    found = consultation_or_404(request.user, slug)
    require(request.user, "consultations.change_consultation", found)
    form = PledgeForm(posted(request), consultation=found)
    create = partial(attempt, form, starting.create_pledge, consultation=found, actor=request.user)
    if request.method == "POST" and form.is_valid() and (made := create(**form.cleaned_data)):
        return redirect(made)
    context = {"consultation": found, "crumbs": crumbs_to_board(found)}
    return answer_form(request, "consultations/milestones/create.html", form, **context)


@require_safe
@shared_by_visitors
def pledge(request: HttpRequest, pk: int) -> HttpResponse:
    """One pledge: its milestones with what was reported, and what citizens saw of it."""
    found = queries.pledge_or_404(request.user, pk)
    now = database_now()
    steps = queries.reported_steps(found, now)
    whole = whole_of([step for step, _reports in steps])
    context = {
        "pledge": found,
        "consultation": found.consultation,
        "crumbs": crumbs_to_board(found.consultation),
        "steps": steps,
        "whole": whole,
        "spent_percent": queries.spent_percent(whole.spent_cents, found.promised_cents),
        "may_change": request.user.has_perm("consultations.change_consultation", found.consultation),
        "proposal": found.proposal if found.proposal and found.proposal.is_shown else None,
        "now": now,
    }
    return render(request, "consultations/milestones/pledge.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add_milestone(request: HttpRequest, pk: int) -> HttpResponse:
    """One more step of a pledge."""
    found = queries.pledge_or_404(request.user, pk)
    require(request.user, "consultations.change_consultation", found.consultation)
    form = MilestoneForm(posted(request))
    add = partial(attempt, form, reporting.add_milestone, pledge=found, actor=request.user)
    if request.method == "POST" and form.is_valid() and add(**form.cleaned_data):
        messages.success(request, gettext("The milestone is on the page."))
        return redirect(found)
    context = {"pledge": found, "crumbs": crumbs_to_pledge(found)}
    return answer_form(request, "consultations/milestones/add.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
def report_milestone(request: HttpRequest, pk: int) -> HttpResponse:
    """Say where a milestone stands."""
    found = queries.milestone_or_404(request.user, pk)
    require(request.user, "consultations.change_consultation", found.pledge.consultation)
    last = found.reports.last()
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ReportForm(*sent, milestone=found, status=last.status if last else Status.IN_PROGRESS)
    give = partial(attempt, form, reporting.report, milestone=found, actor=request.user)
    if request.method == "POST" and form.is_valid() and give(**form.cleaned_data):
        messages.success(request, gettext("Reported: it is on the page, and those who follow it are told."))
        return redirect(found.pledge)
    context = {"milestone": found, "last": last, "crumbs": crumbs_to_pledge(found.pledge)}
    return answer_form(request, "consultations/milestones/report.html", form, **context)


@require_safe
def report_photo(request: HttpRequest, pk: int, digest: str) -> HttpResponse:
    """The photo of a report, for whoever may see the consultation."""
    photos = Report.objects.exclude(file="").filter(pk=pk, digest=digest)
    # Where everybody may, who asks is not even looked at, so that a cache on the way may answer.
    for_all = queries.visible_pledges(AnonymousUser())
    everybody = photos.filter(milestone__pledge__in=for_all.values("pk")).first()
    found = everybody or get_object_or_404(
        photos.filter(milestone__pledge__in=queries.visible_pledges(request.user).values("pk"))
    )
    return file_answer(found.file, "image/webp", is_public=everybody is not None)


@require_POST
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell me of every report."""
    found = queries.pledge_or_404(request.user, pk)
    following.follow(pledge=found, actor=request.user)
    messages.success(request, gettext("You follow it. We tell you of every report."))
    return redirect(found)


@require_POST
def stop_following(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.pledge_or_404(request.user, pk)
    following.stop_following(pledge=found, actor=request.user)
    messages.success(request, gettext("You no longer follow “%(title)s”.") % {"title": found.shown_title})
    return redirect(found)
