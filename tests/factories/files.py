"""Files as people send them."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def picture_bytes(width: int = 80, height: int = 40, kind: str = "JPEG", mode: str = "RGB", **options) -> bytes:
    """A picture with a gradient, so that it is worth packing."""
    drawn = Image.linear_gradient("L").resize((width, height)).convert(mode)
    written = io.BytesIO()
    drawn.save(written, kind, **options)
    return written.getvalue()


def picture(name: str = "plaza.jpg", **options) -> SimpleUploadedFile:
    return upload(name, picture_bytes(**options))


def archive(parts: dict[str, str | bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)  # no time: the same bytes each time
    return written.getvalue()


OFFICE = "application/vnd.openxmlformats-officedocument"


def office_bytes(main: str = "wordprocessingml.document", **more) -> bytes:
    """What a DOCX or XLSX is, as small as it gets."""
    types = f'<Types><Override PartName="/a.xml" ContentType="{OFFICE}.{main}.main+xml"/></Types>'
    return archive({"[Content_Types].xml": types, "a.xml": "<a/>", **more})


def open_document_bytes(kind: str = "text") -> bytes:
    return archive({"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": "<a/>"})


PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
