"""What makes the demonstration look lived in: drawn covers and photos, a logo, a file, closing words, a later date."""

import io
import random
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from accounts.logos import set_logo
from accounts.models import AgencyLogo, User
from consultations.files.attaching import attach, attach_photo
from consultations.files.illustrating import set_cover
from consultations.models import Consultation, DateChange
from consultations.running.answering import answer_consultation

SKIES = [("#dcebfb", "#f6f9fd"), ("#fdeecb", "#fdf8ec"), ("#e2edf9", "#fbf2dc")]
HILLS = ["#7fb08a", "#4f8f6b", "#2f6b52"]
SUN = "#f6b40e"


def furnish(consultation: Consultation, script: dict[str, Any]) -> None:
    """Give a published consultation what its script tells: ``cover``, ``files``, ``closing_words``, ``extended``.

    And ``answered``, where each of its contributions has a disposition; and to those of its proposals that tell a
    ``photo`` (what it shows), while proposals are received.
    """
    editor = User.objects.get(email=script["editor"])
    if "cover" in script:
        set_cover(consultation=consultation, actor=editor, picture=_landscape(consultation.slug), alt=script["cover"])
    for told in script.get("proposals", []):
        if "photo" in told:
            proposal = consultation.proposals.select_related("author", "consultation").get(title=told["title"])
            assert proposal.author is not None
            picture = _landscape(proposal.title)
            attach_photo(proposal=proposal, actor=proposal.author, file=picture, title=told["photo"])
    for told in script.get("files", []):
        file = SimpleUploadedFile(told["name"], told["content"].encode())
        attach(consultation=consultation, actor=editor, file=file, title=told["title"])
    if "closing_words" in script:
        consultation.closing_words = script["closing_words"]
        consultation.report_url = script.get("report_url", "")
        consultation.save(update_fields=["closing_words", "report_url"])
    for told in script.get("extended", []):
        phase = consultation.phases.get(kind=told["phase"])
        assert phase.ends_at is not None
        DateChange.objects.create(
            consultation=consultation,
            phase_kind=phase.kind,
            old_starts_at=phase.starts_at,
            old_ends_at=phase.ends_at - timedelta(days=told["days"]),
            new_starts_at=phase.starts_at,
            new_ends_at=phase.ends_at,
            reason=told["reason"],
            changed_by=editor,
            changed_at=phase.starts_at + timedelta(days=1),
        )
    if script.get("answered"):
        answer_consultation(consultation=consultation, actor=editor)
    _give_logo(consultation)


def _give_logo(consultation: Consultation) -> None:
    agency = consultation.agency
    owner = agency.members.filter(memberships__agency=agency, memberships__roles__contains=["owner"]).first()
    if owner is not None and not AgencyLogo.objects.filter(agency=agency).exists():
        set_logo(agency=agency, actor=User.objects.get(pk=owner.pk), picture=_mark(agency.slug))


def _landscape(seed: str) -> SimpleUploadedFile:
    """Hills under a sky with a sun, another one for each seed."""
    chance = random.Random(seed)
    width, height = 1600, 700
    top, bottom = chance.choice(SKIES)
    sky = Image.linear_gradient("L").resize((width, height))
    drawn = Image.composite(Image.new("RGB", sky.size, bottom), Image.new("RGB", sky.size, top), sky)
    pen = ImageDraw.Draw(drawn)
    x, y, size = chance.randrange(200, 1400), chance.randrange(120, 260), chance.randrange(60, 110)
    pen.ellipse((x - size, y - size, x + size, y + size), fill=SUN)
    for depth, colour in enumerate(HILLS):
        base = 380 + 90 * depth
        points = [(x, base + chance.randrange(-70, 50)) for x in range(0, width + 200, 200)]
        pen.polygon([(0, height), *points, (width, height)], fill=colour)
    return _file(drawn, "portada.png")


def _mark(seed: str) -> SimpleUploadedFile:
    """A simple sign on a clear ground: a disc and a bow."""
    chance = random.Random(seed)
    drawn = Image.new("RGBA", (240, 240), (0, 0, 0, 0))
    pen = ImageDraw.Draw(drawn)
    pen.ellipse((10, 10, 230, 230), fill="#1c4f9c")
    start = chance.randrange(180)
    pen.arc((50, 50, 190, 190), start, start + 210, fill="white", width=18)
    pen.ellipse((100, 100, 140, 140), fill=SUN)
    return _file(drawn, "logo.png")


def _file(drawn: Image.Image, name: str) -> SimpleUploadedFile:
    written = io.BytesIO()
    drawn.save(written, "PNG")
    return SimpleUploadedFile(name, written.getvalue())
