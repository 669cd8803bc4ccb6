from math import comb, gcd


def draw_colors(urn, draws, color, at_least):
    wanted = urn.get(color, 0)
    others = sum(urn.values()) - wanted
    favourable = 0
    for hits in range(at_least, draws + 1):
        misses = draws - hits
        if hits <= wanted and misses <= others:
            favourable += comb(wanted, hits) * comb(others, misses)
    possible = comb(wanted + others, draws)
    common = gcd(favourable, possible)
    return favourable // common, possible // common
