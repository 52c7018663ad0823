"""The page where the authors of a proposal hang photos on it and take them away."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.forms import answer_form, attempt
from consultations.files.attaching import ON_A_PROPOSAL, attach_photo
from consultations.files.forms import PhotoForm
from consultations.proposals.pages import crumbs_below
from consultations.proposals.proposing import require_changing
from consultations.proposals.queries import proposal_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def photos(request: HttpRequest, pk: int) -> HttpResponse:
    """The photos of a proposal, each with a button that removes it, and a form for one more while there is room."""
    found = proposal_or_404(request.user, pk)
    require_changing(found, request.user)
    is_sent = request.method == "POST"
    form = PhotoForm(*((request.POST, request.FILES) if is_sent else ()))
    hang = partial(attempt, form, attach_photo, proposal=found, actor=request.user)
    if is_sent and form.is_valid() and hang(**form.cleaned_data):
        messages.success(request, _after_hanging(found.held_at is not None))
        return redirect("consultations:photos", pk)
    hung = list(found.attachments.all())
    context = {
        "proposal": found,
        "crumbs": crumbs_below(found),
        "photos": hung,
        "most": ON_A_PROPOSAL,
        "has_room": len(hung) < ON_A_PROPOSAL,
    }
    return answer_form(request, "consultations/photos.html", form, **context)


def _after_hanging(is_held: bool) -> str:
    if is_held:
        return gettext("The photo is saved. A moderator looks at it before the others see the proposal again.")
    return gettext("The photo is on your proposal.")
