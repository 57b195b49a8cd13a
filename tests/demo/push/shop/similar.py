"""Which articles are like this one."""
from difflib import SequenceMatcher

from shop.ratings import average


def rated_alike(article, articles):
    rating = average(article.ratings)
    return [other for other in articles
            if other is not article and abs(average(other.ratings) - rating) < 0.05]


def similar(article, articles, most=3):
    """Of those that are rated alike the ones whose text is nearest."""
    return sorted(rated_alike(article, articles), reverse=True,
                  key=lambda other: SequenceMatcher(None, article.text, other.text).ratio())[:most]
