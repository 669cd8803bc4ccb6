def terms_of(numerator, denominator):
    terms = []
    while denominator != 0:
        whole, rest = divmod(numerator, denominator)
        terms.append(whole)
        numerator, denominator = denominator, rest
    return terms


def continued_fraction(numerator, denominator):
    convergents = []
    top, previous_top = 1, 0
    bottom, previous_bottom = 0, 1
    for term in terms_of(numerator, denominator):
        top, previous_top = term * top + previous_top, top
        bottom, previous_bottom = term * bottom + previous_bottom, bottom
        convergents.append((top, bottom))
    return convergents
