"""Pictures from outside are read and written anew: bounded in size, without metadata, whatever else was in the file.

Nothing of the file that came in is kept but its dots, so that no place (GPS), no name and no second format hidden
behind the picture goes on to others.
"""

import io
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

from accounts.refusals import InvalidInput

# What Pillow may try: its other readers, of which there are many, are never reached.
FORMATS = ("JPEG", "PNG", "WEBP")
# Dots that a file may say it has, asked before any of them is unpacked. A JPEG is unpacked at a fraction of its size.
MAX_PIXELS = {"JPEG": 80_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
MAX_SIDE = 16_000  # WebP's own limit is 16,383
QUALITY = 80

NOT_A_PICTURE = _("We cannot read this as a picture. Send a JPEG, PNG or WebP file.")
TOO_MANY_DOTS = _("This picture is too large to be opened safely. Make it smaller: 4,000 dots on its longer side do.")


@dataclass(frozen=True)
class Bounds:
    """The box that a picture is made to fit in, in dots. ``is_filled``: it is cut so that it fills the box."""

    width: int
    height: int
    is_filled: bool = False


@dataclass(frozen=True)
class Picture:
    """One picture as it will be served: WebP, in which every browser of the last years reads."""

    content: bytes
    width: int
    height: int


def reencode(content: bytes, *sizes: Bounds, field: str = "") -> list[Picture]:
    """The picture once for each of ``sizes``, never larger than it came. Of a moving picture, its first frame.

    Raises InvalidInput, at ``field``, for what is no picture, too large, or broken.
    """
    try:
        picture = _opened(content, sizes, field)
        return [_written(_sized(picture, bounds)) for bounds in sizes]
    except InvalidInput:
        raise
    except Image.DecompressionBombError as fault:  # Pillow's own bound, far above ours
        raise InvalidInput("picture_too_large", TOO_MANY_DOTS, field) from fault
    except Exception as fault:  # Pillow's readers raise a dozen kinds on broken files, struct.error and SyntaxError too
        raise InvalidInput("not_a_picture", NOT_A_PICTURE, field) from fault


def _opened(content: bytes, sizes: tuple[Bounds, ...], field: str) -> Image.Image:
    opened = Image.open(io.BytesIO(content), formats=FORMATS)
    width, height = opened.size
    if width * height > MAX_PIXELS[str(opened.format)] or max(width, height) > MAX_SIDE:
        raise InvalidInput("picture_too_large", TOO_MANY_DOTS, field)
    # Before it is turned the right way up the sides may be the other way round.
    side = max(max(bounds.width, bounds.height) for bounds in sizes)
    opened.draft("RGB", (side, side))  # a JPEG is unpacked at the next larger eighth; does nothing to the others
    picture = _in_srgb(ImageOps.exif_transpose(opened))
    picture.info.clear()
    return picture


def _in_srgb(picture: Image.Image) -> Image.Image:
    """In the colours that every screen takes for granted, as the profile that told of others is thrown away."""
    profile = picture.info.get("icc_profile")
    is_clear = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    if profile and picture.mode in {"RGB", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            assert converted is not None
            return converted
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a broken profile: the colours may be a little off
    return picture.convert("RGBA" if is_clear else "RGB")


def _sized(picture: Image.Image, bounds: Bounds) -> Image.Image:
    if not bounds.is_filled:
        copy = picture.copy()
        copy.thumbnail((bounds.width, bounds.height))
        return copy
    # A picture smaller than the box gives a smaller one of the same shape.
    scale = min(1, picture.width / bounds.width, picture.height / bounds.height)
    size = (max(1, round(bounds.width * scale)), max(1, round(bounds.height * scale)))
    return ImageOps.fit(picture, size)


def _written(picture: Image.Image) -> Picture:
    picture.info.clear()
    written = io.BytesIO()
    picture.save(written, "WEBP", quality=QUALITY, method=4)
    return Picture(written.getvalue(), picture.width, picture.height)
