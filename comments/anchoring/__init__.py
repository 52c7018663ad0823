"""Where a quote of one version of a text stands in the next. A pure room: text in, states out, no Django.

How it works, in three steps, each in a file:

1. ``texts.py``: articles become tokens (words and signs); positions are Unicode code points of an article's text.
2. ``aligning.py``: which article became which, and which token which: first what is unique in both versions (the idea
   of Bram Cohen's *patience diff*), then the longest common subsequence in the gaps between (rapidfuzz), cleaned of
   chance agreements (the "semantic cleanup" of Neil Fraser, *Diff Strategies*, 2006), then passages that moved.
3. ``placing.py``: what the alignment says about one quote, and whether it may be believed: an equal passage is
   trusted only where its context leaves no other place. What is not certain is said to be so.

The decision rules are ours; ``placing.py`` states them.
"""

from comments.anchoring.aligning import Alignment
from comments.anchoring.certainty import Certainty
from comments.anchoring.placing import Placement, State, place
from comments.anchoring.texts import Article, Range, Version

__all__ = ["Alignment", "Article", "Certainty", "Placement", "Range", "State", "Version", "place"]
