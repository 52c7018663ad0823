"""Two wordings as one, word by word: short, and in no time whatever people suggest."""

import re

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


def test_what_stays_and_goes_is_shortened_and_what_comes_is_whole():
    long = "palabra " * 200
    html = word_diff(f"{long}vieja", f"{long}nueva {long}")
    assert html.count("[…]") == 1
    assert long.strip() in html.partition("<ins>")[2]
    assert len(word_diff(long, "nada")) < 700


def test_texts_too_long_to_be_compared_are_shown_one_after_the_other(monkeypatch):
    monkeypatch.setattr("consultations.differences.LARGEST_TABLE", 10)
    assert as_signs("una plaza chica", "una plaza grande") == "-una plaza chica-+una plaza grande+"
