"""Two wordings as one, word by word: short, and in no time whatever people suggest."""

import re
import time

from comments.annotations.wording import word_diff


def as_signs(old, new):
    html = re.sub(r"<span[^>]*>[^<]*</span>", "", word_diff(old, new))
    return html.replace("<del>", "-").replace("</del>", "-").replace("<ins>", "+").replace("</ins>", "+")


def test_what_goes_stands_before_what_comes_and_a_change_over_a_space_is_one():
    assert as_signs("La multa es de diez salarios.", "La multa es de dos sueldos.") == (
        "La multa es de -diez salarios-+dos sueldos+."
    )
    assert as_signs("sin permiso", "sin permiso escrito") == "sin permiso+ escrito+"
    assert as_signs("<b>", "") == "-&lt;b&gt;-"


def test_a_suggestion_for_a_whole_article_is_shown_in_no_time():
    began = time.monotonic()
    word_diff("a " * 8_000, "b " * 1_200)
    word_diff("el vecino y la plaza " * 800, "la plaza y el vecino " * 240)
    assert time.monotonic() - began < 2
