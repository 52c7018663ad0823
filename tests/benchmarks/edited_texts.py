"""Texts and edits of them with known answers: each word knows which word of the old version it was.

A text is a list of articles, an article a list of paragraphs, a paragraph a list of sentences, a sentence a list of
``Word``. Editing copies words, so that afterwards one can tell for every quote where its very words went.
"""

import itertools
import random
import re
from dataclasses import dataclass, field

from comments.anchoring import Article, Range, Version

NOUNS = [
    "ley",
    "municipio",
    "provincia",
    "autoridad",
    "presupuesto",
    "plaza",
    "vecino",
    "organismo",
    "plazo",
    "registro",
    "consejo",
    "obra",
    "servicio",
    "acceso",
    "ordenanza",
    "ejecutivo",
    "concejo",
    "audiencia",
    "propuesta",
    "ciudad",
    "barrio",
    "derecho",
    "tasa",
    "permiso",
    "contrato",
    "informe",
    "dictamen",
]
VERBS = [
    "establece",
    "dispone",
    "garantiza",
    "promueve",
    "regula",
    "determina",
    "reconoce",
    "publica",
    "aprueba",
    "convoca",
    "controla",
    "fija",
]
SMALL = [
    "de",
    "la",
    "el",
    "los",
    "las",
    "en",
    "con",
    "por",
    "para",
    "que",
    "a",
    "sobre",
    "entre",
    "según",
    "sin",
    "bajo",
    "conforme",
]
ADJECTIVES = [
    "municipal",
    "pública",
    "anual",
    "general",
    "especial",
    "técnico",
    "vigente",
    "expreso",
    "gratuito",
    "previo",
    "necesario",
]
BOILERPLATE = (
    "La autoridad de aplicación dictará las normas reglamentarias.",
    "Queda derogada toda disposición que se oponga a la presente.",
    "Comuníquese al Poder Ejecutivo.",
    "En los términos que fije la reglamentación.",
    "El plazo se computará en días hábiles.",
    "Los gastos se imputarán al presupuesto vigente.",
)
QUOTES = {'"': "“", "'": "’"}


@dataclass
class Word:
    """``text`` as it is written; ``origin``: number of the word of the old version that it is, None for a new one.

    A word that was edited (an accent, another spelling) keeps its origin and says so.
    """

    text: str
    origin: int | None = None
    is_edited: bool = False


Sentence = list[Word]
Paragraph = list[Sentence]


@dataclass
class Part:
    key: str
    paragraphs: list[Paragraph] = field(default_factory=list)


@dataclass
class Edited:
    """A version with what each word in it was: ``words[article]`` are (start, end, Word) in the article's text."""

    version: Version
    words: list[list[tuple[int, int, Word]]]


class Maker:
    """Makes texts and edits them, always the same for one seed."""

    def __init__(self, seed: int):
        self.chance = random.Random(seed)
        self.numbers = itertools.count()

    def text(self, articles: int) -> list[Part]:
        return [Part(f"Artículo {n}", self._paragraphs()) for n in range(1, articles + 1)]

    def _paragraphs(self) -> list[Paragraph]:
        return [
            [self.sentence(old=True) for _ in range(self.chance.randint(1, 4))]
            for _ in range(self.chance.randint(1, 4))
        ]

    def sentence(self, *, old: bool) -> Sentence:
        if self.chance.random() < 0.18:
            return self._words(self.chance.choice(BOILERPLATE), old)
        words = []
        for n in range(self.chance.randint(4, 24)):
            pool = SMALL if n % 2 else self.chance.choice([NOUNS, NOUNS, VERBS, ADJECTIVES])
            word = self.chance.choice(pool)
            if self.chance.random() < 0.04:
                word = str(self.chance.randint(2, 180))
            if self.chance.random() < 0.03:
                word = f'"{word}"'
            words.append(word + ("," if self.chance.random() < 0.08 else ""))
        text = " ".join(words).rstrip(",")
        return self._words(text[0].upper() + text[1:] + ".", old)

    def _words(self, text: str, old: bool) -> Sentence:
        return [Word(word, next(self.numbers) if old else None) for word in text.split()]

    # --- Edits: each changes a copy of the text somewhere

    def edit(self, parts: list[Part], times: int) -> list[Part]:
        edited = [
            Part(
                part.key, [[[Word(w.text, w.origin) for w in sentence] for sentence in par] for par in part.paragraphs]
            )
            for part in parts
        ]
        edits = [
            self.replace_words, self.insert_words, self.delete_words, self.insert_sentence, self.delete_sentence,
            self.move_sentence, self.move_paragraph, self.rewrite_sentence, self.insert_article, self.delete_article,
            self.split_article, self.merge_articles, self.swap_paragraphs, self.restyle,
        ]  # fmt: skip
        weights = [6, 5, 5, 4, 4, 2, 2, 3, 1, 1, 1, 1, 2, 2]
        for edit in self.chance.choices(edits, weights, k=times):
            edit(edited)
            edited[:] = [part for part in edited if any(any(sentence) for par in part.paragraphs for sentence in par)]
        if self.chance.random() < 0.5:
            for n, part in enumerate(edited, 1):
                part.key = f"Artículo {n}"
        return edited

    def _part(self, parts: list[Part]) -> Part:
        return self.chance.choice(parts)

    def _paragraph(self, parts: list[Part]) -> Paragraph:
        return self.chance.choice([par for part in parts for par in part.paragraphs if par])

    def _sentence(self, parts: list[Part]) -> Sentence:
        return self.chance.choice([s for part in parts for par in part.paragraphs for s in par if s])

    def replace_words(self, parts: list[Part]) -> None:
        sentence = self._sentence(parts)
        start = self.chance.randrange(len(sentence))
        count = self.chance.randint(1, 3)
        there = {word.text for word in sentence[start : start + count]}
        fresh = [word for word in NOUNS if word not in there]
        sentence[start : start + count] = [Word(self.chance.choice(fresh)) for _ in range(self.chance.randint(1, 3))]

    def insert_words(self, parts: list[Part]) -> None:
        sentence = self._sentence(parts)
        at = self.chance.randrange(len(sentence) + 1)
        sentence[at:at] = [Word(self.chance.choice([*NOUNS, *SMALL])) for _ in range(self.chance.randint(1, 5))]

    def delete_words(self, parts: list[Part]) -> None:
        sentence = self._sentence(parts)
        start = self.chance.randrange(len(sentence))
        del sentence[start : start + self.chance.randint(1, 4)]

    def insert_sentence(self, parts: list[Part]) -> None:
        paragraph = self._paragraph(parts)
        paragraph.insert(self.chance.randrange(len(paragraph) + 1), self.sentence(old=False))

    def delete_sentence(self, parts: list[Part]) -> None:
        paragraph = self._paragraph(parts)
        del paragraph[self.chance.randrange(len(paragraph))]

    def rewrite_sentence(self, parts: list[Part]) -> None:
        paragraph = self._paragraph(parts)
        at = self.chance.randrange(len(paragraph))
        fresh = self.sentence(old=False)
        if [word.text for word in fresh] != [word.text for word in paragraph[at]]:
            paragraph[at] = fresh

    def move_sentence(self, parts: list[Part]) -> None:
        source, target = self._paragraph(parts), self._paragraph(parts)
        sentence = source.pop(self.chance.randrange(len(source)))
        target.insert(self.chance.randrange(len(target) + 1), sentence)

    def move_paragraph(self, parts: list[Part]) -> None:
        source = self.chance.choice([part for part in parts if part.paragraphs])
        target = self._part(parts)
        paragraph = source.paragraphs.pop(self.chance.randrange(len(source.paragraphs)))
        target.paragraphs.insert(self.chance.randrange(len(target.paragraphs) + 1), paragraph)

    def swap_paragraphs(self, parts: list[Part]) -> None:
        self.chance.shuffle(self._part(parts).paragraphs)

    def insert_article(self, parts: list[Part]) -> None:
        fresh = [[self.sentence(old=False) for _ in range(2)] for _ in range(2)]
        parts.insert(self.chance.randrange(len(parts) + 1), Part(f"Artículo {len(parts) + 1} bis", fresh))

    def delete_article(self, parts: list[Part]) -> None:
        if len(parts) > 2:
            del parts[self.chance.randrange(len(parts))]

    def split_article(self, parts: list[Part]) -> None:
        n = self.chance.randrange(len(parts))
        if len(parts[n].paragraphs) > 1:
            cut = self.chance.randrange(1, len(parts[n].paragraphs))
            parts.insert(n + 1, Part(f"{parts[n].key} ter", parts[n].paragraphs[cut:]))
            del parts[n].paragraphs[cut:]

    def merge_articles(self, parts: list[Part]) -> None:
        if len(parts) > 2:
            n = self.chance.randrange(len(parts) - 1)
            parts[n].paragraphs += parts.pop(n + 1).paragraphs

    def restyle(self, parts: list[Part]) -> None:
        """Other quotation marks and accents: the words are the same to a reader and others to a machine."""
        for sentence in [self._sentence(parts) for _ in range(3)]:
            for word in sentence:
                text = word.text.translate(str.maketrans(QUOTES)).replace("ó", "o").replace("í", "i")
                if text != word.text:
                    word.text, word.is_edited = text, True


def written(parts: list[Part]) -> Edited:
    """A text as a version, and where each of its words stands."""
    articles, words = [], []
    for part in parts:
        text, places = "", []
        for paragraph in part.paragraphs:
            sentences = [sentence for sentence in paragraph if sentence]
            text += "\n\n" if text and sentences else ""
            for n, word in enumerate(word for sentence in sentences for word in sentence):
                text += " " if n else ""
                places.append((len(text), len(text) + len(word.text), word))
                text += word.text
        articles.append(Article(part.key, text))
        words.append(places)
    return Edited(Version(articles), words)


@dataclass(frozen=True)
class Truth:
    """What became of a quote. ``same``: where all its words stand side by side as they were; None if they do not.

    ``remains``: the ranges of the words that are left of it. ``words``: how many it had.
    """

    same: Range | None
    remains: list[Range]
    words: int


def truth_of(old: Edited, new: Edited, quoted: Range, places: dict[int, tuple[int, int, int, Word]]) -> Truth:
    """``places`` as ``places_of(new)``."""
    inside = [
        (start, end, word)
        for start, end, word in old.words[quoted.article]
        if start < quoted.end and end > quoted.start
    ]
    found = [places.get(word.origin) for _, _, word in inside]
    remains = [Range(place[0], place[1], place[2]) for place in found if place]
    exact = old.version.articles[quoted.article].text[quoted.start : quoted.end]
    first = found[0]
    if first is None:
        return Truth(None, remains, len(inside))
    start = first[1] + quoted.start - inside[0][0]
    same = Range(first[0], start, start + len(exact))
    text = new.version.articles[first[0]].text
    is_whole = all(place and place[0] == first[0] for place in found)
    return Truth(
        same if is_whole and start >= 0 and text[start : start + len(exact)] == exact else None, remains, len(inside)
    )


def places_of(edited: Edited) -> dict[int, tuple[int, int, int, Word]]:
    """Origin -> (article, start, end, word)."""
    return {
        word.origin: (n, start, end, word)
        for n, words in enumerate(edited.words)
        for start, end, word in words
        if word.origin is not None
    }


# A word, a phrase, a sentence or clause, a paragraph.
KINDS = (r"\w{2,}", r"\w+(?:[ ,]+\w+){2,7}", r"[^\s.;:][^.;:\n]*[.;:]?", r"[^\s][^\n]+")


def quotes_of(version: Version, chance: random.Random, count: int) -> list[Range]:
    """Words, phrases, sentences and paragraphs, a quarter each, no range twice.

    A text with few of them gives more phrases, of every length; fewer quotes only where it has fewer than that.
    """
    chosen: dict[Range, None] = {}  # a set that keeps its order
    for n, kind in enumerate(KINDS):
        found = [quoted for quoted in _matches(version, kind) if quoted not in chosen]
        wanted = (count - len(chosen)) // (len(KINDS) - n)
        chosen |= dict.fromkeys(chance.sample(found, min(wanted, len(found))))
    for length in itertools.count(2):  # words after the first: from each word of the text
        if len(chosen) >= count:
            break
        rest = [
            quoted for quoted in _matches(version, rf"\b(?=(\w+(?:\W+\w+){{{length}}}))", 1) if quoted not in chosen
        ]
        if not rest:
            break
        chosen |= dict.fromkeys(chance.sample(rest, min(count - len(chosen), len(rest))))
    return sorted(chosen, key=lambda quoted: (quoted.article, quoted.start, quoted.end))


def _matches(version: Version, pattern: str, group: int = 0) -> list[Range]:
    return [
        Range(n, *match.span(group))
        for n, article in enumerate(version.articles)
        for match in re.finditer(pattern, article.text)
    ]
