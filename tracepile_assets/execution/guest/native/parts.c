/* Reads the parts of an object past anything that its class defines.

   Belongs here: items, keys, values and attributes, borrowed. Does not belong here: their text, and what they were
   before. */

#include "recorder.h"

#include "ordered.h"

/* Equal numbers above 0: nothing changed. */
uint64_t dict_version(PyObject *dict)
{
#if PY_VERSION_HEX >= 0x030D0000
    /* What is stored into the values that lie in an instance gives its dict no new number. */
    if (((PyDictObject *)dict)->ma_values)
        return 0;
    /* The low bits count watchers and mutations. */
    _Py_COMP_DIAG_PUSH
    _Py_COMP_DIAG_IGNORE_DEPR_DECLS
    return ((PyDictObject *)dict)->ma_version_tag >> 12;
    _Py_COMP_DIAG_POP
#elif PY_VERSION_HEX >= 0x030C0000
    _Py_COMP_DIAG_PUSH
    _Py_COMP_DIAG_IGNORE_DEPR_DECLS
    return ((PyDictObject *)dict)->ma_version_tag >> 8;
    _Py_COMP_DIAG_POP
#else
    return ((PyDictObject *)dict)->ma_version_tag;
#endif
}

/* Elements of an iterator that its container keeps alive. */
static int read_iterator(PyObject *value, PyTypeObject *type, Pointers *out)
{
    PyObject *iterator = type->tp_iter(value);
    if (!iterator)
        return -1;
    iternextfunc next = Py_TYPE(iterator)->tp_iternext;
    PyObject *item;
    int failed = 0;
    while (!failed && (item = next(iterator))) {
        failed = pointers_add(out, item);
        Py_DECREF(item);
    }
    Py_DECREF(iterator);
    if (PyErr_Occurred() && !failed) {
        if (!PyErr_ExceptionMatches(PyExc_StopIteration))
            return -1;
        PyErr_Clear();
    }
    return failed;
}

static int read_set(PyObject *value, Pointers *out)
{
    PySetObject *set = (PySetObject *)value;
    if (pointers_reserve(out, set->used) < 0)
        return -1;
    for (Py_ssize_t i = 0; i <= set->mask; i++) {
        setentry *held = &set->table[i];
        /* A removed element leaves a dummy of hash -1, which no element has. */
        if (held->key && held->hash != -1 && pointers_add(out, held->key) < 0)
            return -1;
    }
    return 0;
}

static int read_dict(PyObject *value, Pointers *keys, Pointers *values)
{
    PyObject *key, *item;
    Py_ssize_t position = 0, n = PyDict_GET_SIZE(value);
    if (pointers_reserve(keys, n) < 0 || pointers_reserve(values, n) < 0)
        return -1;
    while (PyDict_Next(value, &position, &key, &item))
        if (pointers_add(keys, key) < 0 || pointers_add(values, item) < 0)
            return -1;
    return 0;
}

static int read_ordered_dict(Recorder *r, PyObject *value, Pointers *keys, Pointers *values)
{
    int read = ordered_read(value, keys, values);
    if (read)
        return read < 0 ? -1 : 0;
    keys->length = values->length = 0;
    if (read_iterator(value, r->ordered_dict, keys) < 0)
        return -1;
    for (Py_ssize_t i = 0; i < keys->length; i++) {
        int plain = atom(r, keys->items[i]);
        if (plain < 0)
            return -1;
        /* A value is found by hashing its key, which must not run the program's code. */
        PyObject *item = plain ? PyDict_GetItemWithError(value, keys->items[i]) : NULL;
        if (!item) {
            if (PyErr_Occurred())
                return -1;
            keys->length = values->length = 0;
            return read_dict(value, keys, values);
        }
        if (pointers_add(values, item) < 0)
            return -1;
    }
    return 0;
}

static int hidden_attribute(PyObject *name)
{
    Py_ssize_t n = PyUnicode_GET_LENGTH(name);
    if (PyUnicode_READ_CHAR(name, 0) != '_')
        return 0;
    /* What an enumeration writes into its members, for itself. */
    if ((n == 12 && PyUnicode_CompareWithASCIIString(name, "_sort_order_") == 0) ||
        (n == 10 && PyUnicode_CompareWithASCIIString(name, "_inverted_") == 0))
        return 1;
    return n >= 2 && PyUnicode_READ_CHAR(name, 1) == '_' && PyUnicode_READ_CHAR(name, n - 1) == '_' &&
           PyUnicode_READ_CHAR(name, n - 2) == '_';
}

static int is_slot(const Kind *kind, PyObject *name)
{
    for (Py_ssize_t m = 0; m < kind->n_members; m++)
        if (kind->members[m].name == name || PyUnicode_Compare(kind->members[m].name, name) == 0)
            return 1;
    return 0;
}

/* Its own `__dict__` in order, then slots, which hide entries of their name. */
int attributes_read(PyObject *value, Kind *kind, Pointers *names, Pointers *values, uint64_t *version)
{
    names->length = values->length = 0;
    *version = 0;
    if (kind->has_dict) {
        PyObject *held = PyObject_GenericGetDict(value, NULL);
        if (!held)
            return -1;
        /* The object keeps it. */
        Py_DECREF(held);
        if (PyDict_CheckExact(held)) {
            PyObject *name, *item;
            Py_ssize_t position = 0;
            while (PyDict_Next(held, &position, &name, &item)) {
                if (!PyUnicode_CheckExact(name) || (PyUnicode_GET_LENGTH(name) > 0 && hidden_attribute(name)) ||
                    is_slot(kind, name))
                    continue;
                if (pointers_add(names, name) < 0 || pointers_add(values, item) < 0)
                    return -1;
            }
            if (!kind->n_members)
                *version = dict_version(held);
        }
    }
    for (Py_ssize_t m = 0; m < kind->n_members; m++) {
        PyObject *item = *(PyObject **)((char *)value + kind->members[m].offset);
        if (item && (pointers_add(names, kind->members[m].name) < 0 || pointers_add(values, item) < 0))
            return -1;
    }
    return 0;
}

/* The pointers are good until the next call. */
int parts_read(Recorder *r, PyObject *value, Kind *kind, Parts *parts)
{
    memset(parts, 0, sizeof *parts);
    Pointers *items = &r->read_items, *values = &r->read_values;
    items->length = values->length = 0;
    int failed = 0;
    switch (kind->base) {
    case LIST:
        parts->items = ((PyListObject *)value)->ob_item;
        parts->n_items = PyList_GET_SIZE(value);
        break;
    case TUPLE:
        parts->items = ((PyTupleObject *)value)->ob_item;
        parts->n_items = PyTuple_GET_SIZE(value);
        break;
    case EXCEPTION: {
        PyObject *args = ((PyBaseExceptionObject *)value)->args;
        if (args && PyTuple_Check(args)) {
            parts->items = ((PyTupleObject *)args)->ob_item;
            parts->n_items = PyTuple_GET_SIZE(args);
        }
        break;
    }
    case DICT:
        if (kind->ordered) {
            failed = read_ordered_dict(r, value, items, values);
        } else {
            failed = read_dict(value, items, values);
            parts->version = dict_version(value);
        }
        break;
    case SET:
    case FROZENSET:
        failed = read_set(value, items);
        break;
    case DEQUE:
        failed = read_iterator(value, r->deque, items);
        break;
    default:
        break;
    }
    if (failed)
        return -1;
    if (kind->base == DICT || kind->base == SET || kind->base == FROZENSET || kind->base == DEQUE) {
        parts->items = items->items;
        parts->n_items = items->length;
        parts->values = values->items;
        parts->n_values = values->length;
    }
    if (!kind->exact) {
        if ((kind->holds_data
                 ? class_read(r, value, &r->read_names, &r->read_attributes, &parts->attributes_version)
                 : attributes_read(value, kind, &r->read_names, &r->read_attributes, &parts->attributes_version)) < 0)
            return -1;
        parts->names = r->read_names.items;
        parts->attributes = r->read_attributes.items;
        parts->n_attributes = r->read_attributes.length;
    }
    return 0;
}
