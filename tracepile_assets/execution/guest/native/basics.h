/* Growable memory and a map by address: what every other part stands on.

   Belongs here: containers that know nothing of recordings. Does not belong here: anything about values or events.

   Functions that return int give 0, or -1 with a Python exception set, unless they say otherwise. */

#ifndef TRACEPILE_BASICS_H
#define TRACEPILE_BASICS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

/* A text under construction, in UTF-8. `chars` counts code points, in which all caps are stated. */
typedef struct {
    char *data;
    size_t length, capacity, chars;
} Text;

int text_grow(Text *text, size_t more);
/* Any str; surrogates are passed. */
int text_str(Text *text, PyObject *str);
/* A name: in quotes unless it is an identifier. */
int text_name(Text *text, PyObject *name);
void text_free(Text *text);

enum { DIGITS = 20 }; /* characters that a number takes at most */

/* Writes a number's digits so that they end before `end`; returns where they begin. */
char *digits_before(char *end, long long number);

static inline void text_clear(Text *text) { text->length = text->chars = 0; }

static inline int text_reserve(Text *text, size_t more)
{
    return more <= text->capacity - text->length ? 0 : text_grow(text, more);
}

static inline int text_ascii(Text *text, const char *piece, size_t length)
{
    if (text_reserve(text, length) < 0)
        return -1;
    memcpy(text->data + text->length, piece, length);
    text->length += length;
    text->chars += length;
    return 0;
}

static inline int text_number(Text *text, long long number)
{
    char digits[DIGITS], *start = digits_before(digits + DIGITS, number);
    return text_ascii(text, start, (size_t)(digits + DIGITS - start));
}

static inline int text_char(Text *text, char c)
{
    if (text->length == text->capacity && text_grow(text, 1) < 0)
        return -1;
    text->data[text->length++] = c;
    text->chars++;
    return 0;
}

/* Pointers in order. Whether they are owned is said where a list is used. */
typedef struct {
    PyObject **items;
    Py_ssize_t length, capacity;
} Pointers;

int pointers_grow(Pointers *list, Py_ssize_t capacity);
/* Drops the references that the list owns, and empties it. */
void pointers_release(Pointers *list);
/* The same, keeping the room. */
void pointers_empty(Pointers *list);
void pointers_free(Pointers *list);

static inline int pointers_reserve(Pointers *list, Py_ssize_t capacity)
{
    return capacity <= list->capacity ? 0 : pointers_grow(list, capacity);
}

static inline int pointers_add(Pointers *list, PyObject *item)
{
    if (list->length == list->capacity && pointers_grow(list, list->length + 1) < 0)
        return -1;
    list->items[list->length++] = item;
    return 0;
}

/* From addresses to non-null pointers. */
typedef struct {
    const void **keys;
    void **values;
    size_t used, capacity;
} AddressMap;

/* Where a key is, or would be put. */
static inline size_t address_slot(const AddressMap *map, const void *key)
{
    uint64_t mixed = ((uint64_t)(uintptr_t)key >> 4) * 0x9E3779B97F4A7C15ULL;
    size_t slot = (size_t)(mixed >> 20) & (map->capacity - 1);
    while (map->keys[slot] && map->keys[slot] != key)
        slot = (slot + 1) & (map->capacity - 1);
    return slot;
}

static inline void *address_get(const AddressMap *map, const void *key)
{
    return map->used ? map->values[address_slot(map, key)] : NULL;
}

int address_set(AddressMap *map, const void *key, void *value);
void address_remove(AddressMap *map, const void *key);
void address_clear(AddressMap *map);
void address_free(AddressMap *map);

#endif
