"""The page of the threads that await the agency's answer, the oldest first: where an official goes from the desk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import require
from comments.desk import official_reply, threads_that_ask
from comments.pages import number_asked
from comments.quoting import in_markdown
from consultations.models import Consultation

ON_A_PAGE = 25


@require_safe
def owed(request: HttpRequest, slug: str) -> HttpResponse:
    """Threads under questions and proposals in which the agency has not spoken."""
    visible = Consultation.objects.visible_to(request.user).select_related("agency")
    consultation = get_object_or_404(visible, slug=slug)
    require(request.user, "consultations.reply_consultation", consultation)
    found = threads_that_ask().filter(~official_reply(), consultation=consultation)
    total = found.count()
    after = number_asked(request, "after")
    if after is not None:
        found = found.filter(pk__gt=after)
    rows = list(found.select_related("author", "proposal", "question").order_by("pk")[: ON_A_PAGE + 1])
    shown = rows[:ON_A_PAGE]
    words = in_markdown(shown)
    context = {
        "consultation": consultation,
        "crumbs": [{"title": consultation.title, "url": consultation.get_absolute_url()}],
        "threads": [(thread, words[thread.pk]) for thread in shown],
        "total": total,
        "older_url": f"?after={shown[-1].pk}" if len(rows) > len(shown) else "",
    }
    return render(request, "comments/owed.html", context)
