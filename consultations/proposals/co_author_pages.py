"""Who signs a proposal: asking somebody, answering, taking a name off."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import answer_form, attempt, posted
from consultations.models import CoAuthor
from consultations.proposals import co_authoring
from consultations.proposals.forms import InvitationForm
from consultations.proposals.pages import crumbs_below
from consultations.proposals.queries import proposal_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def co_authors(request: HttpRequest, pk: int) -> HttpResponse:
    """Who signs with the author, who was asked, and a form to ask somebody."""
    found = proposal_or_404(request.user, pk)
    co_authoring.require_inviting(found, request.user)
    form = InvitationForm(posted(request))
    invite = partial(attempt, form, co_authoring.invite_co_author, proposal=found, actor=request.user)
    if request.method == "POST" and form.is_valid() and invite(**form.cleaned_data):
        messages.success(request, gettext("We have written to the address. You see here when there is an answer."))
        return redirect("consultations:co-authors", pk=pk)
    context = {
        "proposal": found,
        "crumbs": crumbs_below(found),
        "invitations": found.co_authors.select_related("user"),
    }
    return answer_form(request, "consultations/co_authors.html", form, **context)


@require_POST
def remove_co_author(request: HttpRequest, pk: int, invitation_id: int) -> HttpResponse:
    """Take a name off, one's own or, as the author, another's; or take back an invitation."""
    found = proposal_or_404(request.user, pk)
    invitation = get_object_or_404(CoAuthor.objects.select_related("proposal"), proposal=found, pk=invitation_id)
    invitation.proposal = found
    is_own = invitation.user_id is not None and invitation.user_id == request.user.pk
    co_authoring.remove_co_author(invitation=invitation, actor=request.user)
    messages.success(request, gettext("The name is off the proposal.") if invitation.accepted_at else gettext("Done."))
    return redirect(found) if is_own else redirect("consultations:co-authors", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def answer_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """The page that the letter leads to: accept or decline."""
    found = proposal_or_404(request.user, pk)
    invitation = co_authoring.invitation_for(found, request.user)
    if request.method == "POST":
        if request.POST.get("answer") == "accept":
            co_authoring.accept_invitation(proposal=found, actor=request.user)
            messages.success(request, gettext("You sign this proposal now, and may change it."))
        else:
            co_authoring.decline_invitation(proposal=found, actor=request.user)
            messages.success(request, gettext("You have declined. Nobody asks you again."))
        return redirect(found)
    context = {"proposal": found, "invitation": invitation, "crumbs": crumbs_below(found)}
    return render(request, "consultations/answer_invitation.html", context)
