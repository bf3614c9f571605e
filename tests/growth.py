"""How work grows with what it is done on."""

from math import inf
from time import process_time

SHORTEST = 0.005  # seconds; what takes less is not told apart from nothing


def growth(work, size, tries=4):
    """How many times as long `work` takes on four times the size, in processor time of one run:
    about 4 where it grows with the size, about 16 where it grows with its square. Taken by turns,
    so that whatever else the machine does meets both.
    """
    least = {size: inf, 4 * size: inf}
    for _ in range(tries):
        for each in least:
            before = process_time()
            work(each)
            least[each] = min(least[each], process_time() - before)
    return max(SHORTEST, least[4 * size]) / max(SHORTEST, least[size])
