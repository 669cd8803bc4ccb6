def shifted(text, by):
    """A text with every letter moved along the alphabet."""
    result = ""
    for letter in text:
        if letter.isalpha():
            first = ord("A") if letter.isupper() else ord("a")
            result += chr((ord(letter) - first + by) % 26 + first)
        else:
            result += letter
    return result


def word_counts(text):
    """How often each word occurs."""
    counts = {}
    word = ""
    for letter in text + " ":
        if letter != " ":
            word += letter.lower()
        elif word:
            counts[word] = counts.get(word, 0) + 1
            word = ""
    return counts


def reads_both_ways(word):
    """Whether a word is a palindrome."""
    left, right = 0, len(word) - 1
    while left < right:
        if word[left] != word[right]:
            return False
        left += 1
        right -= 1
    return True


def main():
    text = "Anna and Otto saw a kayak pass the level at noon while Hannah read Madam Bovary to a civic crowd " * 2
    hidden = shifted(text, 11)
    counts = word_counts(shifted(hidden, -11))
    return hidden[:24], sorted(counts.items())[:4], [word for word in counts if reads_both_ways(word)]
