from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from frontend import examples


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What we do so that everybody can use the site, and what we know to be missing."""
    return render(request, "frontend/accessibility.html")


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """All components on one page, with made-up content: to look at, to copy from, to test."""
    return render(request, "frontend/components.html", examples.context())
