import sys


def evaluate(tokens):
    stack = []
    for token in tokens:
        if token.lstrip("-").isdigit():
            stack.append(int(token))
            continue
        if len(stack) < 2:
            return "ERROR missing operand"
        right = stack.pop()
        left = stack.pop()
        if token == "+":
            stack.append(left + right)
        elif token == "-":
            stack.append(left - right)
        elif token == "*":
            stack.append(left * right)
        elif right == 0:
            return "ERROR division by zero"
        else:
            stack.append(left // right)
    if len(stack) != 1:
        return "ERROR left over"
    return stack[0]


for line in sys.stdin:
    if line.strip() == "end":
        break
    print(evaluate(line.split()))
