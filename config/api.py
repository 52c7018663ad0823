"""The API under /api/v1/: which word leads to which room.

What an answer looks like stands in each room's ``api.py``; what an error looks like in ``errors.py``.
"""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import DefaultRouter

from accounts.api import AgencyViewSet
from comments.annotations.api import WebAnnotationsView, WebAnnotationView
from comments.api import CommentViewSet
from comments.moderation.api import ModerationViewSet
from consultations.api import ConsultationViewSet
from consultations.documents.api import DocumentViewSet
from consultations.milestones.api import PledgeViewSet
from consultations.proposals.api import ProposalViewSet
from voting.api import PollViewSet

router = DefaultRouter()
router.include_format_suffixes = False  # there is JSON, and no second address for it
router.register("agencies", AgencyViewSet, basename="agency")
router.register("consultations", ConsultationViewSet, basename="consultation")
router.register("documents", DocumentViewSet, basename="document")
router.register("proposals", ProposalViewSet, basename="proposal")
router.register("pledges", PledgeViewSet, basename="pledge")
router.register("comments", CommentViewSet, basename="comment")
router.register("moderation", ModerationViewSet, basename="moderation")
router.register("polls", PollViewSet, basename="poll")

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    path("annotations/", WebAnnotationsView.as_view(), name="web-annotations"),
    path("annotations/<int:pk>/", WebAnnotationView.as_view(), name="web-annotation"),
    path("", include("voting.log.api")),
    path("", include(router.urls)),
]
