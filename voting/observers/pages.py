"""The page of a poll's observers: who they are, for everybody; accrediting and dismissing, for editors."""

from functools import partial

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import require
from accounts.forms import answer_form, attempt, posted
from voting.log.pages import crumbs_of
from voting.models import Observer, Poll
from voting.observers import accrediting
from voting.polls.queries import visible_poll


class ObserverForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail of the observer"),
        max_length=254,
        help_text=_("Who has no account yet gets one, and logs in by a code sent to this address."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("Everybody reads it. Who has an account already keeps the name that they gave it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def observers(request: HttpRequest, poll_id: int) -> HttpResponse:
    """Only where single ballots are for observers alone."""
    poll = visible_poll(request.user, poll_id)
    if request.method == "POST":
        require(request.user, "voting.change_poll", poll)
    if poll.disclosure != Poll.Disclosure.AUDITORS:
        raise Http404
    form = ObserverForm(posted(request))
    accredit = partial(attempt, form, accrediting.accredit_observer, poll=poll, actor=request.user)
    if request.method == "POST" and form.is_valid() and accredit(**form.cleaned_data):
        messages.success(request, gettext("The observer is accredited, and has been told."))
        return redirect("voting:observers", poll.pk)
    context = {
        "poll": poll,
        "observers": poll.observers.select_related("user").order_by("pk"),
        "may_change": request.user.has_perm("voting.change_poll", poll),
        "crumbs": crumbs_of(poll),
    }
    return answer_form(request, "voting/observers.html", form, **context)


@require_POST
def dismiss_observer(request: HttpRequest, poll_id: int, pk: int) -> HttpResponse:
    """End one accreditation."""
    poll = visible_poll(request.user, poll_id)
    require(request.user, "voting.change_poll", poll)
    observer = get_object_or_404(Observer, poll=poll, pk=pk)
    observer.poll = poll
    accrediting.dismiss_observer(observer=observer, actor=request.user)
    messages.success(request, gettext("The accreditation has ended."))
    return redirect("voting:observers", poll.pk)
