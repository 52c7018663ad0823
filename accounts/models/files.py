"""The picture of an agency. The file itself is below ``MEDIA_ROOT``."""

from django.db import models
from django.urls import reverse

from accounts.files.storing import DIGEST_LENGTH
from accounts.models.people import Agency


class AgencyLogo(models.Model):
    """An agency's own mark, shown beside its name, which says what it is: no words of its own are needed."""

    agency = models.OneToOneField(Agency, on_delete=models.CASCADE, related_name="logo")
    file = models.CharField(max_length=100, editable=False)  # name in the storage
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    digest = models.CharField(max_length=DIGEST_LENGTH, editable=False)

    def __str__(self) -> str:
        return f"logo of {self.agency}"

    @property
    def url(self) -> str:
        return reverse("accounts:logo", args=[self.agency.slug, self.digest])
