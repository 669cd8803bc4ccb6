DIGITS = "0123456789abcdef"


def to_number(text, base):
    value = 0
    for digit in text:
        value = value * base + DIGITS.index(digit)
    return value


def to_text(value, base):
    if value < base:
        return DIGITS[value]
    return to_text(value // base, base) + DIGITS[value % base]


def convert_base(text, source, target):
    if text.startswith("-"):
        return "-" + convert_base(text[1:], source, target)
    return to_text(to_number(text, source), target)
