def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


def merge(first, second):
    residue, modulus = first
    other_residue, other_modulus = second
    common = gcd(modulus, other_modulus)
    if (other_residue - residue) % common != 0:
        return None
    while residue % other_modulus != other_residue % other_modulus:
        residue += modulus
    return residue, modulus * other_modulus // common


def chinese_remainder(residues, moduli):
    solution = (0, 1)
    for residue, modulus in zip(residues, moduli):
        solution = merge(solution, (residue % modulus, modulus))
        if solution is None:
            return None
    return solution
