"""Proposals that may say the same: shown to somebody before they send theirs."""

from django.db import connection

from accounts.access import Person
from consultations.models import Consultation, Proposal
from consultations.proposals.listing import cards_of
from consultations.spanish import SEARCH

MOST_SHOWN = 5
LOOKED_AT = 30  # by each of the two indexes; only these are compared in earnest
TELLING = 8  # of the longest words of the text, which are the rarest: they find a copy under another title
ALIKE = 0.55  # of 1: two thirds of the words of both titles, or about as many of their letters
SAME_TEXT = 0.6  # share of common words in both whole texts, whatever the titles say

# The candidates come from two indexes: titles with the same trigrams, texts with a word of the title or a long one of
# the text. Only what stands and everybody may see. A title's words are stored already: those of weight A.
QUERY = """
WITH candidate AS (
    (SELECT id FROM consultations_proposal
     WHERE consultation_id = %(consultation)s AND without_accents(title) %% without_accents(%(title)s)
       AND hidden_at IS NULL AND withdrawn_at IS NULL AND held_at IS NULL AND merged_into_id IS NULL
     ORDER BY similarity(without_accents(title), without_accents(%(title)s)) DESC LIMIT %(looked_at)s)
    UNION
    (SELECT id FROM consultations_proposal
     WHERE consultation_id = %(consultation)s AND search @@ %(any_word)s::tsquery
       AND hidden_at IS NULL AND withdrawn_at IS NULL AND held_at IS NULL AND merged_into_id IS NULL
     ORDER BY ts_rank(search, %(any_word)s::tsquery) DESC LIMIT %(looked_at)s)
), compared AS (
    SELECT proposal.id,
        similarity(without_accents(title), without_accents(%(title)s)) AS letters,
        (SELECT 2.0 * count(*) FILTER (WHERE word = ANY(%(title_words)s::text[]))
                / nullif(count(*) + cardinality(%(title_words)s::text[]), 0)
         FROM unnest(tsvector_to_array(ts_filter(search, '{a}'))) word) AS words,
        (SELECT 1.0 * count(*) FILTER (WHERE word = ANY(%(words)s::text[]))
                / nullif(count(*) FILTER (WHERE NOT word = ANY(%(words)s::text[])) + cardinality(%(words)s::text[]), 0)
         FROM unnest(tsvector_to_array(search)) word) AS text_words
    FROM candidate JOIN consultations_proposal proposal USING (id)
)
SELECT id FROM compared
WHERE letters >= %(alike)s OR words >= %(alike)s OR text_words >= %(same_text)s
ORDER BY greatest(letters, words, text_words) DESC, id LIMIT %(most)s
"""
WORDS = """
SELECT tsvector_to_array(title), tsvector_to_array(title || text),
       (SELECT coalesce(string_agg(quote_literal(word), ' | '), '') FROM (
            SELECT unnest(tsvector_to_array(title)) AS word
            UNION (SELECT word FROM unnest(tsvector_to_array(text)) word ORDER BY length(word) DESC LIMIT %(telling)s)
        ) asked)
FROM (SELECT to_tsvector(%(configuration)s::regconfig, %(title)s) AS title,
             to_tsvector(%(configuration)s::regconfig, %(body)s) AS text) mine
"""


def likely_duplicates(*, consultation: Consultation, title: str, body: str, reader: Person) -> list[Proposal]:
    """At most MOST_SHOWN shown proposals that may say the same, the likeliest first. Three queries in all."""
    with connection.cursor() as cursor:
        cursor.execute(WORDS, {"configuration": SEARCH, "title": title, "body": body, "telling": TELLING})
        title_words, words, any_word = cursor.fetchone()
        cursor.execute(
            QUERY,
            {
                "consultation": consultation.pk,
                "title": title,
                "title_words": title_words,
                "words": words,
                "any_word": any_word,
                "looked_at": LOOKED_AT,
                "alike": ALIKE,
                "same_text": SAME_TEXT,
                "most": MOST_SHOWN,
            },
        )
        ranked = [row[0] for row in cursor.fetchall()]
    if not ranked:
        return []
    return sorted(cards_of(ranked, reader), key=lambda proposal: ranked.index(proposal.pk))
