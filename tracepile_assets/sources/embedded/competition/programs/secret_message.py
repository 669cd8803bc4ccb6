alphabet = "abcdefghijklmnopqrstuvwxyz"
key = input().strip()
message = input()

decoded = ""
used = 0
for char in message:
    if char.lower() not in alphabet:
        decoded += char
        continue
    shift = alphabet.index(key[used % len(key)])
    used += 1
    letter = alphabet[(alphabet.index(char.lower()) - shift) % 26]
    if char.isupper():
        letter = letter.upper()
    decoded += letter
print(decoded)
