"""Who people are, and which agencies they work for."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, name: str = "", password: str | None = None, **fields: Any) -> "User":
        """Make an account. Without a password the person logs in by a code sent to the address."""
        user = self.model(email=email.strip().lower(), name=name, **fields)
        user.set_password(password)
        user.save()
        return user


class Pace(models.TextChoices):
    """How often a person wants e-mail about what is new. On the site they are told at once, whatever they choose."""

    EACH = "each", _("As it comes")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week, on Mondays")
    NEVER = "never", _("Never, only on the site")


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by an e-mail address."""

    class Verification(models.IntegerChoices):
        """How well we know that the person is who they say."""

        EMAIL = 1, _("E-mail confirmed")
        IDENTITY = 2, _("Identity verified")

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=80, help_text=_("Shown beside what you write."))
    verification_level = models.PositiveSmallIntegerField(
        choices=Verification.choices, default=Verification.EMAIL, editable=False
    )
    language = models.CharField(max_length=8, default="es-ar")
    mail_pace = models.CharField(max_length=8, choices=Pace.choices, default=Pace.DAILY)
    is_active = models.BooleanField(default=True)
    terms_version = models.PositiveSmallIntegerField(default=0, editable=False)  # agreed to last; 0: none yet
    erased_at = models.DateTimeField(null=True, editable=False)  # the row stays, with nothing about the person in it
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="email_is_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_superuser(self) -> bool:
        """Nobody stands above the rules: an administrator is a group with permissions of its own."""
        return False

    @is_superuser.setter
    def is_superuser(self, value: bool) -> None:
        if value:
            raise ValueError("There are no superusers. Put the person into the group of administrators.")

    @cached_property
    def unread_count(self) -> int:
        """Notices not read yet. Whoever is logged in has been loaded with it (``backends.LogInBackend``)."""
        return self.notices.filter(read_at__isnull=True).count()

    @cached_property
    def has_work(self) -> bool:
        """Whether they help to run an agency's consultations. Loaded with who is logged in, like ``unread_count``."""
        return self.memberships.filter(roles__overlap=WORKING_ROLES).exists()

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]


class Role(models.TextChoices):
    """What a person does for an agency. What each may do stands in the ``permissions.py`` of each room."""

    OWNER = "owner", _("Owner")
    EDITOR = "editor", _("Editor")
    MODERATOR = "moderator", _("Moderator")
    ANALYST = "analyst", _("Analyst")
    MEMBER = "member", _("Member")


# Those who find something to do at the desk; a member takes part and no more.
WORKING_ROLES = [Role.OWNER.value, Role.EDITOR.value, Role.MODERATOR.value, Role.ANALYST.value]


class Agency(models.Model):
    """A public body that opens consultations, or a community: a working group across agencies that can do the same."""

    class Kind(models.TextChoices):
        AGENCY = "agency", _("Agency")
        COMMUNITY = "community", _("Community of practice")

    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.AGENCY)
    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    description = models.TextField(_("what it does"), blank=True, max_length=2000)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    members = models.ManyToManyField(User, through="Membership", through_fields=("agency", "user"))

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "agencies"
        permissions = [
            ("manage_members_agency", "Add members and change their roles"),
            ("open_consultation_agency", "Open consultations in the agency's name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:agency", args=[self.slug])

    @property
    def is_community(self) -> bool:
        return self.kind == self.Kind.COMMUNITY


class AgencyGroupObjectPermission(GroupObjectPermissionBase):
    """guardian's grants on agencies, in a table of their own: what one may open is asked on every list."""

    content_object = models.ForeignKey(Agency, on_delete=models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False


class Membership(models.Model):
    """That a person works for an agency, in which roles, and in a community on behalf of which agency."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="memberships")
    roles = ArrayField(models.CharField(max_length=12, choices=Role.choices))
    on_behalf_of = models.ForeignKey(
        Agency,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="delegates",
        verbose_name=_("from agency"),
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["user__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "agency"], name="one_membership_per_person_and_agency"),
            models.CheckConstraint(condition=~models.Q(roles=[]), name="a_membership_has_a_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.agency}"

    @property
    def role_labels(self) -> list[str]:
        return [str(role.label) for role in Role if role.value in self.roles]
