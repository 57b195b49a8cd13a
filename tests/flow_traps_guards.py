"""Tempting wrong guards of Python: a question that hides the bug, a limit that was never set."""
from flow import main
from trap import Trap, plant, test_of

CACHE = ("class Cache(dict):\n    def __init__(self, limit=None):\n        self.limit = limit\n\n"
         "    def allow(self, limit):\n        self.limt = limit\n        return self\n\n"
         "    def put(self, key):\n        while len(self) >= self.limit:\n"
         "            self.popitem()\n        self[key] = 1\n        return self\n")

GUARDS = {
    "bound_that_was_never_set": Trap(files={
        "cache.py": CACHE,
        "test_cache.py": test_of("from cache import Cache",
                                 "self.assertEqual(len(Cache().allow(1).put(1).put(2)), 1)")}),
    "bound_whose_name_says_nothing": Trap(off="no oracle", files={
        "cache.py": CACHE.replace("limt", "limit").replace("limit", "other"),
        "test_cache.py": test_of("from cache import Cache",
                                 "self.assertEqual(len(Cache().put(1)), 1)")}),
    "check_that_is_right": Trap(off="opposite", files={
        "stock.py": "PRICES = {}\n\n\ndef price(name):\n    if name not in PRICES:\n"
                    "        raise ValueError(\"unknown item \" + name)\n    return PRICES[name]\n",
        "test_stock.py": test_of("from stock import price",
                                 "self.assertEqual(price(\"tea\"), 3)")}),
    "check_of_another_thing": Trap(files={
        "pool.py": "class Pool:\n    def __init__(self):\n        self.job = None\n\n"
                   "    def start(self, job):\n        if job is not None:\n"
                   "            raise ValueError(\"a job is required\")\n"
                   "        self.job = object()\n        return self.job\n",
        "test_pool.py": test_of("from pool import Pool",
                                "self.assertEqual(Pool().start(7), 7)")}),
    "element_that_the_caller_lost": Trap(files={
        "rules.py": "def words(command):\n    return command.split(\":\")\n\n\n"
                    "def is_stash(command):\n    return words(command)[1] == \"stash\"\n",
        "test_rules.py": test_of("from rules import is_stash",
                                 "self.assertTrue(is_stash(\"git stash\"))")}),
    "length_of_what_should_be_there": Trap(files={
        "rows.py": "def load(path):\n    rows = [path]\n\n\ndef first(path):\n    rows = load(path)\n"
                   "    if len(rows) > 0:\n        return rows[0]\n    return None\n",
        "test_rows.py": test_of("from rows import first",
                                "self.assertEqual(first(\"a\"), \"a\")")},
        right={"rows.py": "def load(path):\n    rows = [path]\n    return rows\n\n\n"
                          "def first(path):\n    rows = load(path)\n    if len(rows) > 0:\n"
                          "        return rows[0]\n    return None\n"}),
    "sum_that_has_no_beginning": Trap(files={
        "total.py": "def total(values):\n    result = None\n    for value in values:\n"
                    "        result *= value\n    return result\n",
        "test_total.py": test_of("from total import total",
                                 "self.assertEqual(total([2, 3]), 6)")}),
    "text_that_is_bytes_outside_of_the_test": Trap(off="read from outside", files={
        "page.py": "def page(answer):\n    return answer.read().decode(\"utf-8\")\n",
        "test_page.py": test_of("import io; from page import page",
                                "self.assertEqual(page(io.StringIO(\"a\")), \"a\")")}),
    "field_of_a_misspelled_name": Trap(files={
        "marks.py": "class BoldMark:\n    kind = \"bold\"\n\n\nclass PlainMark:\n    kind = \"plain\"\n\n\n"
                    "def is_bold(mark):\n    return mark.knid == \"bold\"\n",
        "test_marks.py": test_of("from marks import PlainMark, is_bold",
                                 "self.assertFalse(is_bold(PlainMark()))")}),
    "early_way_out_that_has_another_value": Trap(files={
        "bar.py": "class Bar:\n    def __init__(self, items, total=None, off=False):\n"
                  "        self.items = items\n        if off:\n            self.off = True\n"
                  "            return\n        if total is None:\n            total = len(items)\n"
                  "        self.total = total\n",
        "test_bar.py": test_of("from bar import Bar",
                               "self.assertIsNone(Bar([1], off=True).total)")}),
}

plant(globals(), GUARDS)

if __name__ == "__main__":
    main(dict(globals()))
