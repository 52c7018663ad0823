"""What the map fetches. The page with the map is the list of proposals (``proposals/pages.py``)."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from consultations.maps.places import boundaries, places
from consultations.proposals import listing
from consultations.queries import consultation_or_404
from frontend.formats import money_sign


@require_safe
def proposal_places(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the proposals are that the list with the same query shows. ``points``: id, latitude, longitude, title,
    and the cost in cents or null; ``proposal`` is the address of one, with 0 for its id."""
    found = consultation_or_404(request.user, slug)
    asked = listing.Asked.of(request.GET, request.user)
    budget = getattr(found, "budget", None)
    answer = {
        "proposal": reverse("consultations:proposal", args=[0]),
        "money_sign": money_sign(budget.currency) if budget else "",
        "points": places(found, asked, request.user),
    }
    return JsonResponse(answer, json_dumps_params={"separators": (",", ":"), "ensure_ascii": False})


@require_safe
def district_boundaries(request: HttpRequest, slug: str) -> HttpResponse:
    """The districts as GeoJSON, whole; ``?outline=1``: as fine as a screen shows them."""
    found = consultation_or_404(request.user, slug)
    answer = boundaries(found, is_outline="outline" in request.GET)
    shape = {"separators": (",", ":"), "ensure_ascii": False}
    return JsonResponse(answer, json_dumps_params=shape, content_type="application/geo+json")
