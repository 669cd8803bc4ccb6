/* Reads an OrderedDict in its own order, which is kept in nodes beside the dict.

   Belongs here: where the nodes lie, and keys with their values. Does not belong here: other dicts (`parts.c`).

   To iterate over one finds each node by hashing its key, which may run the program's code: so the nodes are followed
   where they lie. The interpreter is tried out first. */

#include "ordered.h"

typedef struct ordered_node {
    PyObject *key;
    Py_hash_t hash;
    struct ordered_node *next, *previous;
} Node;

typedef struct {
    PyDictObject dict;
    Node *first, *last;
    /* How nodes are found by their keys, and whether they still are. */
    void *found_by_key[2], *version[2];
    PyObject *attributes, *weak_references;
} Ordered;

static int is_found;

static const Node *first_of(PyObject *value) { return ((Ordered *)value)->first; }

static int add(AddressMap *items, PyObject *key, Pointers *keys, Pointers *values)
{
    PyObject *item = address_get(items, key);
    if (!item)
        return 0;
    address_remove(items, key);
    return pointers_add(keys, key) < 0 ? -1 : pointers_add(values, item);
}

/* In the midst of a change one of the two may have a key that the other has not: the dict says which count. */
static int read_moved(PyObject *value, AddressMap *items, Pointers *keys, Pointers *values)
{
    PyObject *key, *item;
    Py_ssize_t position = 0;
    keys->length = values->length = 0;
    while (PyDict_Next(value, &position, &key, &item))
        if (address_set(items, key, item) < 0)
            return -1;
    for (const Node *node = first_of(value); node; node = node->next)
        if (add(items, node->key, keys, values) < 0)
            return -1;
    position = 0;
    while (PyDict_Next(value, &position, &key, &item))
        if (add(items, key, keys, values) < 0)
            return -1;
    return 0;
}

static int read_nodes(PyObject *value, Pointers *keys, Pointers *values)
{
    PyObject *key, *item;
    Py_ssize_t position = 0;
    int in_place = 1;
    const Node *node = first_of(value);
    while (in_place && PyDict_Next(value, &position, &key, &item)) {
        in_place = node && node->key == key;
        node = in_place ? node->next : node;
        if (pointers_add(keys, key) < 0 || pointers_add(values, item) < 0)
            return -1;
    }
    if (in_place && !node)
        return 0;
    AddressMap items = {0};
    int failed = read_moved(value, &items, keys, values);
    address_free(&items);
    return failed;
}

int ordered_read(PyObject *value, Pointers *keys, Pointers *values)
{
    return !is_found ? 0 : read_nodes(value, keys, values) < 0 ? -1 : 1;
}

static int order_is(PyObject *value, PyObject *first, PyObject *second)
{
    Pointers keys = {0}, values = {0};
    int same = read_nodes(value, &keys, &values) == 0 && keys.length == 2 && keys.items[0] == first &&
               keys.items[1] == second && values.items[0] == second && values.items[1] == first;
    pointers_free(&keys);
    pointers_free(&values);
    return same;
}

int ordered_prepare(void)
{
    if (PY_VERSION_HEX >= 0x030E0000 || PyODict_Type.tp_basicsize != sizeof(Ordered))
        return 0;
    PyObject *tried = PyODict_New(), *moved = NULL;
    if (tried && PyODict_SetItem(tried, Py_True, Py_None) == 0 && PyODict_SetItem(tried, Py_None, Py_True) == 0) {
        is_found = 1;
        is_found = order_is(tried, Py_True, Py_None);
        moved = PyObject_CallMethod(tried, "move_to_end", "O", Py_True);
        is_found = is_found && moved && order_is(tried, Py_None, Py_True);
    }
    Py_XDECREF(moved);
    Py_XDECREF(tried);
    return PyErr_Occurred() ? -1 : 0;
}
