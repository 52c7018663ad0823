"""Which comments are "best": the lower end of Wilson's interval, computed by the database and kept in an index."""

from django.db.models import Case, F, FloatField, Value, When
from django.db.models.functions import Cast, Sqrt

# The quantile of the normal distribution that leaves 2.5 % on each side: 95 % certainty.
Z = 1.959963984540054


def wilson_lower_bound(agree: str, disagree: str) -> Case:
    """The share of people who agree that is certain at 95 %, from 0 to 1; 0 where nobody reacted.

    agree, disagree: names of the columns with the counts.

    With n reactions, of which the share p agree, and z = 1.96:

        (p + z²/2n - z·√((p(1 - p) + z²/4n) / n)) / (1 + z²/n)

    So nine of ten come before one of one: a few early voices do not lift a comment above what many agree with.
    Source: Edwin B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal of the
    American Statistical Association 22 (1927), 209-212; for rankings: Evan Miller, "How Not To Sort By Average
    Rating" (2009). Written here with counts for p = a/n, which saves divisions: a = agree, d = disagree,

        (a + z²/2 - z·√(a·d/n + z²/4)) / (n + z²)
    """
    agreed, disagreed = Cast(F(agree), FloatField()), Cast(F(disagree), FloatField())
    count = agreed + disagreed
    spread = Sqrt(agreed * disagreed / count + Value(Z * Z / 4))
    floor = (agreed + Value(Z * Z / 2) - Value(Z) * spread) / (count + Value(Z * Z))
    # Nobody agrees: exactly 0, where rounding could leave a hair more or less.
    return Case(When(**{agree: 0}, then=Value(0.0)), default=floor, output_field=FloatField())
