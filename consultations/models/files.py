"""Pictures and documents beside a consultation or a proposal. The files themselves are below ``MEDIA_ROOT``."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import Person
from accounts.files.documents import KINDS, Kind
from accounts.files.storing import DIGEST_LENGTH
from accounts.models import User
from consultations.models.consultation import Consultation
from consultations.models.proposal import Proposal

ALT_LENGTH = 250


class Cover(models.Model):
    """The picture at the head of a consultation: a wide one for its page, a small one for cards."""

    CARD_WIDTH, CARD_HEIGHT = 640, 320

    consultation = models.OneToOneField(Consultation, on_delete=models.CASCADE, related_name="cover")
    alt = models.CharField(_("what the picture shows"), max_length=ALT_LENGTH)
    file = models.CharField(max_length=100, editable=False)  # name in the storage
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    card_file = models.CharField(max_length=100, editable=False)
    digest = models.CharField(max_length=DIGEST_LENGTH, editable=False)  # of the wide picture; stands in the address

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(alt=""), name="a_cover_says_what_it_shows")]

    def __str__(self) -> str:
        return self.alt

    @property
    def url(self) -> str:
        return reverse("consultations:cover", args=[self.consultation.slug, self.digest])

    @property
    def card_url(self) -> str:
        return reverse("consultations:cover-card", args=[self.consultation.slug, self.digest])

    @property
    def files(self) -> list[str]:
        return [self.file, self.card_file]


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def of_consultation(self, consultation: Consultation) -> Self:
        """Those of the consultation itself, not of its proposals."""
        return self.filter(consultation=consultation, proposal__isnull=True)

    def visible_to(self, user: Person) -> Self:
        """Those of consultations that the person may see; of proposals while these are in sight of the person too."""
        consultations = Consultation.objects.visible_to(user)
        proposals = Proposal.objects.visible_to(user).filter(hidden_at__isnull=True, withdrawn_at__isnull=True)
        in_sight = Q(proposal__isnull=True) | Q(proposal__in=proposals.values("pk"))
        return self.filter(in_sight, consultation__in=consultations.values("pk"))


class Attachment(models.Model):
    """A document or picture to take along, of a consultation or of one of its proposals."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="attachments")
    proposal = models.ForeignKey(Proposal, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments")
    # What it is, in a few words; of a picture, what it shows.
    title = models.CharField(_("what it is"), max_length=ALT_LENGTH)
    file_name = models.CharField(max_length=120, editable=False)  # cleaned; under which it is saved
    suffix = models.CharField(max_length=5, editable=False)  # a key of KINDS
    size_bytes = models.PositiveIntegerField(editable=False)
    file = models.CharField(max_length=100, editable=False)  # name in the storage
    digest = models.CharField(max_length=DIGEST_LENGTH, editable=False)
    # Of pictures only.
    width = models.PositiveIntegerField(null=True, editable=False)
    height = models.PositiveIntegerField(null=True, editable=False)
    added_by = models.ForeignKey(User, null=True, editable=False, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="an_attachment_says_what_it_is"),
            models.CheckConstraint(
                condition=Q(width__isnull=True, height__isnull=True) | Q(width__isnull=False, height__isnull=False),
                name="a_picture_has_two_sides",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def url(self) -> str:
        return reverse("consultations:attachment", args=[self.pk, self.digest])

    @property
    def kind(self) -> Kind:
        return KINDS[self.suffix]

    @property
    def is_picture(self) -> bool:
        return self.width is not None
