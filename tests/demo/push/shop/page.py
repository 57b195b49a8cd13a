"""The page of an article, part by part."""
from shop.ratings import average
from shop.similar import similar


def text(article, _articles):
    return article.text


def rating(article, _articles):
    return "Rated %.1f" % average(article.ratings)


def alike(article, articles):
    return "See also: " + ", ".join(str(other.number) for other in similar(article, articles))


PARTS = [text, rating, alike]


def page(article, articles):
    """A part that fails is left out: most of a page is better than none."""
    lines = ["Article %d" % article.number]
    for part in PARTS:
        try:
            lines.append(part(article, articles))
        except Exception as why:
            print("article %d: no %s: %r" % (article.number, part.__name__, why))
    return "\n".join(lines + ["In stock.", ""])
