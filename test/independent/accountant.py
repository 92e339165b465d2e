"""What a month of releases costs, worked out a second time: its own table, its own formulas, no line of the service.

Reads the service's figures as JSON on standard input, {"cap": [{"title", "boundSquared", "variance"}, ...], ...} with one
list for each cap, and prints what it finds: {"cap": {"rho", "epsilon"}, ...}. Fails when a number is missing or one too
many, when a bound is not what the slots allow, or when a month costs more than .25.
"""
import json
import math
import sys
from fractions import Fraction

SLOTS = {
    'all sites': 1,
    'sites that stand at the cap': 1,
    'sites by platform': 1,
    'sites by platform and phone vendor': 3,
    'sites by phone vendor': 3,
    'sites by phone model': 6,
    'sites by model of other endpoints': 6,
    'sites by telephony card (PCI) model': 3,
    'sites by network card model': 2,
    'sites by CPU': 1,
    'sites by memory size': 1,
    'sites by motherboard': 1,
}
DELTA = 1e-6
LIMIT = Fraction(1, 4)


def caps(cap):
    return [max(1, cap // divisor) for divisor in (1, 2, 4, 8, 16, 16)]


def bound_squared(title, cap):
    """One token fills each slot once; a slot adds 1 to the sites of one cell, and up to its own cap to its phones."""
    if title in SLOTS:
        return SLOTS[title]
    if title == 'phones by model':
        return sum(most * most for most in caps(cap))
    if title in ('phones by vendor', 'all phones'):
        return sum(caps(cap)) ** 2
    raise SystemExit(f'a number that nobody knows of: {title}')


def epsilon(rho, delta):
    """The least epsilon for which the Renyi divergences of rho-zCDP give (epsilon, delta): a plain grid, refined."""
    def at(alpha):
        return alpha * rho + math.log(1 / (alpha * delta)) / (alpha - 1) + math.log1p(-1 / alpha)

    low, high = 1 + 1e-6, 1e6
    for _ in range(60):
        grid = [low * (high / low) ** (i / 200) for i in range(201)]
        best = min(range(201), key=lambda i: at(grid[i]))
        low, high = grid[max(0, best - 1)], grid[min(200, best + 1)]
    return max(0.0, at(low))


def month(measures, cap):
    titles = [measure['title'] for measure in measures]
    expected = sorted([*SLOTS, 'phones by model', 'phones by vendor', 'all phones'])
    if sorted(titles) != expected:
        raise SystemExit(f'not the numbers of a release: {sorted(titles)}')
    rho = Fraction(0)
    for measure in measures:
        bound = bound_squared(measure['title'], cap)
        if bound != measure['boundSquared']:
            raise SystemExit(f"{measure['title']}: {measure['boundSquared']} is not {bound}")
        rho += Fraction(bound, 2 * measure['variance'])
    if rho > LIMIT:
        raise SystemExit(f'a month at cap {cap} costs {float(rho)}')
    return {'rho': float(rho), 'epsilon': epsilon(float(rho), DELTA)}


print(json.dumps({cap: month(measures, int(cap)) for cap, measures in json.load(sys.stdin).items()}))
