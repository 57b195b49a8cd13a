"""The articles: those that were rated, and those that came in this week."""
import random
from dataclasses import dataclass, field

RATED = 300
NEW = 3000
WORDS = ("blue red green light heavy warm small large round square cotton wool oak steel glass paper "
         "lamp chair table shirt bowl clock shelf rug cup box quiet bright plain soft strong").split()


@dataclass
class Article:
    number: int
    text: str
    ratings: list = field(default_factory=list)


def catalogue():
    """All articles, the newest last."""
    pick = random.Random(1)
    articles = [Article(number, " ".join(pick.choices(WORDS, k=60))) for number in range(RATED + NEW)]
    for article in articles[:RATED]:
        article.ratings = pick.choices((1, 2, 3, 4, 5), k=20)
    return articles
