"""
Prints the table of ci/pairs.c: how often two printable characters stand side by side in the logs that
are named behind the program, as the logarithm in 31 steps, a row for each first character; at its end
the most that stands in it.
"""
import collections
import math
import re
import sys

STAMP = re.compile(rb"(?m)^\d{4}-\d\d-\d\dT[\d:.]+Z ")
STEPS = "0123456789abcdefghijklmnopqrstu"
FIRST, LAST = 0x20, 0x7e

pairs = collections.Counter()
for name in sys.argv[1:]:
    with open(name, "rb") as log:
        text = STAMP.sub(b"", log.read())
    pairs.update(zip(text, text[1:]))
most = math.log2(max(pairs.values()))
for one in range(FIRST, LAST + 1):
    row = ""
    for other in range(FIRST, LAST + 1):
        seen = pairs[one, other]
        row += STEPS[1 + int(math.log2(seen) / most * (len(STEPS) - 2))] if seen else STEPS[0]
    print('\t"%s%s",' % (row, max(row)))
