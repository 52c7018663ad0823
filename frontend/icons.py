"""The pictures that stand beside words: one file of them, ``icons.svg``, of which each place uses a part."""

from functools import lru_cache

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString


@lru_cache(maxsize=256)
def icon_html(name: str) -> SafeString:
    """A page has fifty. Their file's address, with its hash, is the same as long as the process runs."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("frontend/icons.svg"),
        name,
    )
