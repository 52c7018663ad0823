"""Agencies, for programs."""

from rest_framework import serializers, viewsets

from accounts.models import Agency


class AgencySerializer(serializers.ModelSerializer[Agency]):
    """An agency, or a community of members from several."""

    class Meta:
        model = Agency
        fields = ["id", "slug", "kind", "name", "description", "created_at"]


class AgencyViewSet(viewsets.ReadOnlyModelViewSet[Agency]):
    """Agencies and communities that open consultations. Everybody may see them."""

    queryset = Agency.objects.all()
    serializer_class = AgencySerializer
    lookup_field = "slug"
