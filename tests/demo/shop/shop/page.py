"""The page of an article, part by part."""


def text(article, _articles):
    return article.text


PARTS = [text]


def page(article, articles):
    """A part that fails is left out: most of a page is better than none."""
    lines = ["Article %d" % article.number]
    for part in PARTS:
        try:
            lines.append(part(article, articles))
        except Exception as why:
            print("article %d: no %s: %r" % (article.number, part.__name__, why))
    return "\n".join(lines + ["In stock.", ""])
