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

int text_reserve(Text *text, size_t more);
int text_ascii(Text *text, const char *piece, size_t length);
/* Any str; surrogates are passed. */
int text_str(Text *text, PyObject *str);
int text_number(Text *text, long long number);
void text_free(Text *text);

static inline void text_clear(Text *text) { text->length = text->chars = 0; }

static inline int text_char(Text *text, char c)
{
    if (text->length == text->capacity && text_reserve(text, 1) < 0)
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

int pointers_reserve(Pointers *list, Py_ssize_t capacity);
/* Drops the references that the list owns, and empties it. */
void pointers_release(Pointers *list);
/* The same, keeping the room. */
void pointers_empty(Pointers *list);
void pointers_free(Pointers *list);

static inline int pointers_add(Pointers *list, PyObject *item)
{
    if (list->length == list->capacity && pointers_reserve(list, list->length + 1) < 0)
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

void *address_get(const AddressMap *map, const void *key);
int address_set(AddressMap *map, const void *key, void *value);
void address_remove(AddressMap *map, const void *key);
void address_clear(AddressMap *map);
void address_free(AddressMap *map);

#endif
