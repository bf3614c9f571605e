"""How work grows with what it is done on."""

from time import process_time

SHORTEST = 0.005  # seconds; what takes less is not told apart from nothing


def growth(work, size, tries=2):
    """How many times as long `work` takes on four times the size, in processor time of one run:
    about 4 where it grows with the size, about 16 where it grows with its square.
    """

    def least(of):
        seconds = []
        for _ in range(tries):
            before = process_time()
            work(of)
            seconds.append(process_time() - before)
        return max(SHORTEST, min(seconds))

    return least(4 * size) / least(size)
