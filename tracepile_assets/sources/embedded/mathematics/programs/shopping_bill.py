def price_of(quantity, unit_price):
    free = quantity // 4
    return (quantity - free) * unit_price


def shopping_bill(prices, basket, discount_percent):
    lines = {}
    total = 0
    for item, quantity in basket:
        if item not in prices:
            raise KeyError(item)
        amount = price_of(quantity, prices[item])
        lines[item] = lines.get(item, 0) + amount
        total += amount
    if total >= 5000:
        total -= total * discount_percent // 100
    return lines, total
