import unittest

from shop.articles import Article
from shop.ratings import average, best
from shop.similar import similar


class RatingsTest(unittest.TestCase):
    def test_average(self):
        self.assertEqual(average([4, 5, 3]), 4)

    def test_best(self):
        self.assertEqual(best([4, 5, 3]), 5)

    def test_average_of_a_new_article(self):
        self.assertEqual(average([]), 0)

    def test_similar(self):
        lamp, light, chair = [Article(number, text, [4]) for number, text in
                              enumerate(("a blue lamp", "a red lamp", "an oak chair"))]
        self.assertEqual(similar(lamp, [lamp, chair, light], most=1), [light])
