"""The pages of agencies, their members, and one's own account, in the order of ``urls.py``."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views import i18n
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import agencies as use_cases
from accounts import profile
from accounts.access import require
from accounts.forms import AddMemberForm, AgencyForm, ProfileForm, RolesForm, answer_form, attempt, posted
from accounts.models import Agency, Membership, Role, User
from accounts.refusals import NEEDS_ACCOUNT, NotPermitted
from frontend.visitors import shared_by_visitors

Crumbs = list[dict[str, str]]


def crumbs_to(agency: Agency | None = None, *, members: bool = False) -> Crumbs:
    """The way down to what lies in ``agency`` (or in its members' page), or to what lies in the list of all."""
    crumbs = [{"title": gettext("Agencies"), "url": reverse("accounts:agencies")}]
    if agency is not None:
        crumbs.append({"title": agency.name, "url": agency.get_absolute_url()})
        if members:
            crumbs.append({"title": gettext("Members"), "url": reverse("accounts:members", args=[agency.slug])})
    return crumbs


def require_account(request: HttpRequest) -> User:
    """Who is logged in. Raises NotPermitted where nobody is."""
    if not isinstance(request.user, User):
        raise NotPermitted(NEEDS_ACCOUNT)
    return request.user


def managed_agency(request: HttpRequest, slug: str) -> Agency:
    """The agency, for somebody who manages its members. Raises NotPermitted for anybody else."""
    found = get_object_or_404(Agency, slug=slug)
    require(request.user, "accounts.manage_members_agency", found)
    return found


@require_safe
@shared_by_visitors
def agencies(request: HttpRequest) -> HttpResponse:
    """Who opens consultations here."""
    context = {"agencies": Agency.objects.all(), "may_create": request.user.has_perm("accounts.add_agency")}
    return render(request, "accounts/agencies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create_agency(request: HttpRequest) -> HttpResponse:
    """For administrators: a new agency or community with its first owner."""
    use_cases.require_adding(request.user)
    form = AgencyForm(posted(request))
    if request.method == "POST" and form.is_valid():
        made = attempt(form, use_cases.create_agency_for, actor=request.user, **form.cleaned_data)
        if made:
            messages.success(request, gettext("“%(name)s” is here. Its owner can add members now.") % {"name": made})
            return redirect(made)
    return answer_form(request, "accounts/create_agency.html", form, crumbs=crumbs_to())


@require_safe
@shared_by_visitors
def agency(request: HttpRequest, slug: str) -> HttpResponse:
    """What an agency does, and the consultations of it that the reader may see."""
    found = get_object_or_404(Agency.objects.select_related("logo"), slug=slug)
    context = {
        "agency": found,
        "crumbs": crumbs_to(),
        "home_agencies": Agency.objects.filter(delegates__agency=found).distinct() if found.is_community else [],
        "may_manage": request.user.has_perm("accounts.manage_members_agency", found),
        "may_change": request.user.has_perm("accounts.change_agency", found),
    }
    return render(request, "accounts/agency.html", context)


@require_safe
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """For owners: who works for the agency, in which roles; and a form to add somebody."""
    found = managed_agency(request, slug)
    return answer_members(request, found, AddMemberForm(agency=found))


def answer_members(request: HttpRequest, agency: Agency, form: AddMemberForm) -> HttpResponse:
    memberships = agency.memberships.select_related("user", "on_behalf_of")
    return answer_form(
        request, "accounts/members.html", form, agency=agency, memberships=memberships, crumbs=crumbs_to(agency)
    )


@require_POST
def add_member(request: HttpRequest, slug: str) -> HttpResponse:
    """Somebody by e-mail, who is told by e-mail."""
    found = managed_agency(request, slug)
    form = AddMemberForm(request.POST, agency=found)
    if form.is_valid():
        made = attempt(form, use_cases.add_member, agency=found, actor=request.user, **form.cleaned_data)
        if made:
            messages.success(request, gettext("%(name)s is a member now.") % {"name": made.user})
            return redirect("accounts:members", found.slug)
    return answer_members(request, found, form)


@require_http_methods(["GET", "HEAD", "POST"])
def change_roles(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What one member does for the agency."""
    found = managed_agency(request, slug)
    membership = get_object_or_404(found.memberships.select_related("user", "agency", "on_behalf_of"), pk=pk)
    form = RolesForm(posted(request), initial={"roles": membership.roles})
    if request.method == "POST" and form.is_valid():
        roles = form.cleaned_data["roles"]
        if attempt(form, use_cases.change_roles, membership=membership, roles=roles, actor=request.user):
            messages.success(request, gettext("The roles of %(name)s are changed.") % {"name": membership.user})
            return to_members(found, request.user)
    crumbs = crumbs_to(found, members=True)
    return answer_form(request, "accounts/change_roles.html", form, agency=found, membership=membership, crumbs=crumbs)


@require_POST
def remove_member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """End a membership. What the person has written stays."""
    found = managed_agency(request, slug)
    membership = get_object_or_404(Membership.objects.select_related("user", "agency"), agency=found, pk=pk)
    use_cases.change_roles(membership=membership, roles=[], actor=request.user)
    messages.success(request, gettext("%(name)s is no member any more.") % {"name": membership.user})
    return to_members(found, request.user)


def to_members(agency: Agency, user: Any) -> HttpResponse:
    """Back to the members; to the agency's page for somebody who has just ceased to own it."""
    owns = Membership.objects.filter(agency=agency, user=user, roles__contains=["owner"]).exists()
    return redirect("accounts:members", agency.slug) if owns else redirect(agency)


@require_http_methods(["GET", "HEAD", "POST"])
def change_profile(request: HttpRequest) -> HttpResponse:
    """One's own name and language, and the way to e-mail and password."""
    user = require_account(request)
    form = ProfileForm(posted(request), initial={"name": user.name, "language": user.language})
    change = partial(attempt, form, profile.change_profile, user=user)
    if request.method == "POST" and form.is_valid() and change(**form.cleaned_data):
        with translation.override(user.language):
            messages.success(request, gettext("Your changes are saved."))
        return remember_language(redirect("accounts:change-profile"), user.language)
    memberships = list(user.memberships.select_related("agency"))
    work = {
        "memberships": memberships,
        "may_open": use_cases.agencies_to_open_for(user).exists(),
        "may_moderate": any({Role.OWNER, Role.MODERATOR}.intersection(found.roles) for found in memberships),
    }
    return answer_form(request, "accounts/change_profile.html", form, **work)


@require_POST
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Django's own view, that also remembers the language for e-mails to somebody who is logged in."""
    language = request.POST.get("language", "")
    if isinstance(request.user, User) and language in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).update(language=language)
    return i18n.set_language(request)


def remember_language(response: HttpResponse, language: str) -> HttpResponse:
    """Let the site speak it on this device."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )
    return response
