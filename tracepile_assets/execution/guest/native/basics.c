/* Growable memory and a map by address, as basics.h says.

   Belongs here: what knows nothing of Python objects' contents. Does not belong here: what is recorded. */

#include "basics.h"

int text_grow(Text *text, size_t more)
{
    size_t wanted = text->length + more, capacity = text->capacity ? text->capacity : 256;
    while (capacity < wanted)
        capacity *= 2;
    char *data = PyMem_RawRealloc(text->data, capacity);
    if (!data) {
        PyErr_NoMemory();
        return -1;
    }
    text->data = data;
    text->capacity = capacity;
    return 0;
}

int text_str(Text *text, PyObject *str)
{
    if (PyUnicode_IS_COMPACT_ASCII(str))
        return text_ascii(text, (const char *)PyUnicode_1BYTE_DATA(str), (size_t)PyUnicode_GET_LENGTH(str));
    PyObject *octets = PyUnicode_AsEncodedString(str, "utf-8", "surrogatepass");
    if (!octets)
        return -1;
    size_t length = (size_t)PyBytes_GET_SIZE(octets), chars = text->chars;
    int failed = text_ascii(text, PyBytes_AS_STRING(octets), length);
    text->chars = chars + (size_t)PyUnicode_GET_LENGTH(str);
    Py_DECREF(octets);
    return failed;
}

int text_name(Text *text, PyObject *name)
{
    if (PyUnicode_IsIdentifier(name))
        return text_str(text, name);
    PyObject *quoted = PyObject_Repr(name);
    int failed = quoted ? text_str(text, quoted) : -1;
    Py_XDECREF(quoted);
    return failed;
}

static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                            "25262728293031323334353637383940414243444546474849"
                            "50515253545556575859606162636465666768697071727374"
                            "75767778798081828384858687888990919293949596979899";

char *digits_before(char *end, long long number)
{
    unsigned long long left = number < 0 ? 0ULL - (unsigned long long)number : (unsigned long long)number;
    for (; left >= 100; left /= 100)
        memcpy(end -= 2, pairs + 2 * (left % 100), 2);
    if (left >= 10)
        memcpy(end -= 2, pairs + 2 * left, 2);
    else
        *--end = (char)('0' + left);
    if (number < 0)
        *--end = '-';
    return end;
}

void text_free(Text *text)
{
    PyMem_RawFree(text->data);
    memset(text, 0, sizeof *text);
}

int pointers_grow(Pointers *list, Py_ssize_t wanted)
{
    Py_ssize_t capacity = list->capacity ? list->capacity : 4;
    while (capacity < wanted)
        capacity *= 2;
    PyObject **items = PyMem_Realloc(list->items, (size_t)capacity * sizeof *items);
    if (!items) {
        PyErr_NoMemory();
        return -1;
    }
    list->items = items;
    list->capacity = capacity;
    return 0;
}

void pointers_release(Pointers *list)
{
    /* A destructor may come back here: the list is empty before anything is dropped. */
    Pointers held = *list;
    memset(list, 0, sizeof *list);
    for (Py_ssize_t i = 0; i < held.length; i++)
        Py_XDECREF(held.items[i]);
    PyMem_Free(held.items);
}

void pointers_empty(Pointers *list)
{
    while (list->length)
        Py_XDECREF(list->items[--list->length]);
}

void pointers_free(Pointers *list)
{
    PyMem_Free(list->items);
    memset(list, 0, sizeof *list);
}

static int grow(AddressMap *map)
{
    AddressMap bigger = {NULL, NULL, map->used, map->capacity ? map->capacity * 2 : 64};
    bigger.keys = PyMem_RawCalloc(bigger.capacity, sizeof *bigger.keys);
    bigger.values = PyMem_RawCalloc(bigger.capacity, sizeof *bigger.values);
    if (!bigger.keys || !bigger.values) {
        PyMem_RawFree(bigger.keys);
        PyMem_RawFree(bigger.values);
        PyErr_NoMemory();
        return -1;
    }
    for (size_t i = 0; i < map->capacity; i++)
        if (map->keys[i]) {
            size_t slot = address_slot(&bigger, map->keys[i]);
            bigger.keys[slot] = map->keys[i];
            bigger.values[slot] = map->values[i];
        }
    address_free(map);
    *map = bigger;
    return 0;
}

int address_set(AddressMap *map, const void *key, void *value)
{
    if (map->used * 2 >= map->capacity && grow(map) < 0)
        return -1;
    size_t slot = address_slot(map, key);
    if (!map->keys[slot]) {
        map->keys[slot] = key;
        map->used++;
    }
    map->values[slot] = value;
    return 0;
}

void address_remove(AddressMap *map, const void *key)
{
    if (!map->used)
        return;
    size_t hole = address_slot(map, key), mask = map->capacity - 1;
    if (!map->keys[hole])
        return;
    map->keys[hole] = NULL;
    map->values[hole] = NULL;
    map->used--;
    /* What lies behind the hole is put where a search finds it. */
    for (size_t slot = (hole + 1) & mask; map->keys[slot]; slot = (slot + 1) & mask) {
        const void *moved = map->keys[slot];
        void *value = map->values[slot];
        map->keys[slot] = NULL;
        map->values[slot] = NULL;
        size_t target = address_slot(map, moved);
        map->keys[target] = moved;
        map->values[target] = value;
    }
}

void address_clear(AddressMap *map)
{
    if (!map->used)
        return;
    memset(map->keys, 0, map->capacity * sizeof *map->keys);
    memset(map->values, 0, map->capacity * sizeof *map->values);
    map->used = 0;
}

void address_free(AddressMap *map)
{
    PyMem_RawFree((void *)map->keys);
    PyMem_RawFree(map->values);
    memset(map, 0, sizeof *map);
}
