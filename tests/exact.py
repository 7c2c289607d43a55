"""
The whole distribution of a random procedure, in fractions.

`outcomes` runs a procedure once for every course that chance can take and
tells with which probability it takes it.  A test that sums these up proves a
chance for the case at hand; no frequency is estimated.
"""

from fractions import Fraction
from itertools import permutations

import numpy as np


class _Course:
    """A source that answers by a script, and by the first answer beyond it."""

    def __init__(self, script, *, ordered_up_to):
        self.script = script
        self.ordered_up_to = ordered_up_to
        self.taken = []  # [answer, weights]

    def _choose(self, weights):
        at = len(self.taken)
        answer = self.script[at] if at < len(self.script) else 0
        while not weights[answer]:
            answer += 1
        self.taken.append((answer, weights))
        return answer

    def below(self, n):
        return self._choose([Fraction(1, n)] * n) if n > 1 else 0

    def chance(self, k, n):
        return self._choose([Fraction(k, n), 1 - Fraction(k, n)]) == 0

    def below_each(self, bounds):
        return np.array([self.below(int(n)) for n in bounds], dtype=np.int64)

    def permutation(self, n):
        if n > self.ordered_up_to:
            return np.arange(n)
        orders = list(permutations(range(n)))
        return np.array(orders[self.below(len(orders))], dtype=np.intp)


def outcomes(procedure, *, ordered_up_to=0):
    """
    Yield the probability and the result of every course of *procedure*.

    Args:
        procedure: Takes a source of chance, returns anything.
        ordered_up_to: Of how many things every order is tried; more are left
            in the order of their numbers, which is enough where the claim
            holds for each order.
    """
    script = []
    while True:
        course = _Course(script, ordered_up_to=ordered_up_to)
        result = procedure(course)
        probability = Fraction(1)
        for answer, weights in course.taken:
            probability *= weights[answer]
        yield probability, result
        # The next course differs in the last choice that has an answer left.
        taken = course.taken
        while taken:
            answer, weights = taken.pop()
            later = [a for a in range(answer + 1, len(weights)) if weights[a]]
            if later:
                script = [*(a for a, _ in taken), later[0]]
                break
        else:
            return
