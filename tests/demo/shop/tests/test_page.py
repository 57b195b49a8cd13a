import unittest

from shop.articles import Article
from shop.page import page


class PageTest(unittest.TestCase):
    def test_text(self):
        article = Article(7, "a blue lamp", [4, 5])
        self.assertEqual(page(article, [article]).split("\n")[:2], ["Article 7", "a blue lamp"])
