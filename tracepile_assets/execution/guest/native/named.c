/* Writes how a dict, or an object's attributes, differ from what they were.

   Belongs here: what keeps its order, grows at its end or only shrinks. Does not belong here: all else, which is left to
   the Python recorder. */

#include "recorder.h"

enum { DEEPEST = 4, UNKNOWN = 1 << 28 };

/* Whether a key's text tells it apart from every other key. */
static int tells_apart(PyObject *key, int depth)
{
    PyTypeObject *type = Py_TYPE(key);
    if (type == &PyTuple_Type) {
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(key); i++)
            if (depth == DEEPEST || !tells_apart(PyTuple_GET_ITEM(key, i), depth + 1))
                return 0;
        return 1;
    }
    return type == &PyLong_Type || type == &PyUnicode_Type || type == &PyBool_Type || key == Py_None ||
           type == &PyBytes_Type || (type == &PyFloat_Type && PyFloat_AS_DOUBLE(key) == PyFloat_AS_DOUBLE(key));
}

/* Characters that a value's text takes at most. */
static size_t most_chars(PyObject *value, int depth)
{
    PyTypeObject *type = Py_TYPE(value);
    if (type == &PyLong_Type)
        return _PyLong_NumBits(value) < 2000 ? 700 : UNKNOWN;
    if (type == &PyUnicode_Type)
        return (size_t)PyUnicode_GET_LENGTH(value) * 10 + 2;
    if (type == &PyTuple_Type && depth < DEEPEST) {
        size_t most = 3;
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(value); i++)
            most += 2 + most_chars(PyTuple_GET_ITEM(value, i), depth + 1);
        return most;
    }
    if (type == &PyBool_Type || value == Py_None || type == &PyFloat_Type || type == &PyList_Type ||
        type == &PyDict_Type || type == &PySet_Type)
        return 30;
    return UNKNOWN;
}

/* Whether a value has a text at all. Most are seen at once to have one. */
static int has_text(Recorder *r, PyObject *value)
{
    if (most_chars(value, 0) <= r->value_chars)
        return 1;
    text_clear(&r->scratch);
    return write_value(r, &r->scratch, value, r->value_chars);
}

/* Whether the parts of before have texts, and their keys are told apart by theirs. */
static int be_sure(Recorder *r, Entry *entry, int attributes)
{
    Pointers *keys = attributes ? &entry->names : &entry->items;
    Pointers *values = attributes ? &entry->attributes : &entry->values;
    for (Py_ssize_t i = 0; i < values->length; i++) {
        int has = has_text(r, values->items[i]);
        if (has != 1)
            return has < 0 ? -1 : 0;
        if (!attributes && (!tells_apart(keys->items[i], 0) || (has = has_text(r, keys->items[i])) != 1))
            return has < 0 ? -1 : 0;
    }
    return entry->sure[attributes] = 1;
}

static int begin(Recorder *r, Entry *entry, enum op op, PyObject *key, int attributes)
{
    if (delta_begin(r, entry, op) < 0)
        return -1;
    if (attributes)
        return text_char(&r->changes_text, '.') < 0 || text_name(&r->changes_text, key) < 0 ? -1 : 1;
    if (text_char(&r->changes_text, '[') < 0)
        return -1;
    int written = write_value(r, &r->changes_text, key, r->value_chars);
    if (written != 1)
        return written;
    return text_char(&r->changes_text, ']') < 0 ? -1 : 1;
}

static int set_one(Recorder *r, Entry *entry, PyObject *key, PyObject *value, int attributes)
{
    int written = begin(r, entry, OP_DELTA, key, attributes);
    return written == 1 ? delta_value(r, value) : written;
}

/* A value under an old key: nothing is listed if its text is the same. */
static int compare_one(Recorder *r, Entry *entry, PyObject *key, PyObject *before, PyObject *after, int attributes)
{
    if (before == after)
        return 1;
    text_clear(&r->scratch);
    int written = write_value(r, &r->scratch, before, r->value_chars);
    if (written != 1)
        return written;
    Py_ssize_t n = r->n_deltas;
    size_t length = r->changes_text.length, chars = r->changes_text.chars;
    size_t before_length = r->scratch.length;
    char *kept = NULL;
    if (!attributes && !tells_apart(key, 0)) {
        /* Writing such a key may use the same room. */
        kept = PyMem_Malloc(before_length + 1);
        if (!kept) {
            PyErr_NoMemory();
            return -1;
        }
        memcpy(kept, r->scratch.data, before_length);
    }
    written = set_one(r, entry, key, after, attributes);
    if (written == 1) {
        Delta *delta = &r->deltas[n];
        if (delta->value_length == before_length &&
            memcmp(r->changes_text.data + delta->value, kept ? kept : r->scratch.data, before_length) == 0) {
            r->n_deltas = n;
            r->changes_text.length = length;
            r->changes_text.chars = chars;
        } else if (!attributes && !tells_apart(key, 0)) {
            const char *place = r->changes_text.data + delta->place, *end = place + delta->place_length - 1;
            const char *text = (const char *)memchr(place, '[', delta->place_length) + 1;
            if (may_be_twice(text, (size_t)(end - text)))
                written = 0;
        }
    }
    PyMem_Free(kept);
    return written;
}

static int places_differ(Recorder *r)
{
    for (Py_ssize_t i = 0; i < r->n_deltas; i++)
        for (Py_ssize_t j = 0; j < i; j++)
            if (r->deltas[i].place_length == r->deltas[j].place_length &&
                memcmp(r->changes_text.data + r->deltas[i].place, r->changes_text.data + r->deltas[j].place,
                       r->deltas[i].place_length) == 0)
                return 0;
    return 1;
}

static PyObject *texts(Recorder *r, PyObject **values, Py_ssize_t n, int raw)
{
    PyObject *list = PyList_New(n);
    for (Py_ssize_t i = 0; list && i < n; i++) {
        PyObject *text = NULL;
        if (raw) {
            text = Py_NewRef(values[i]);
        } else {
            text_clear(&r->scratch);
            int written = write_value(r, &r->scratch, values[i], r->value_chars);
            if (written == 0)
                text = Py_NewRef(Py_None);
            else if (written == 1)
                text = PyUnicode_DecodeUTF8(r->scratch.data, (Py_ssize_t)r->scratch.length, "surrogatepass");
        }
        if (!text)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, i, text);
    }
    return list;
}

static int take_one(Recorder *r, PyObject *change, Entry *entry)
{
    /* (suffix of the place, value or None) */
    PyObject *suffix = PyTuple_GET_ITEM(change, 0), *value = PyTuple_GET_ITEM(change, 1);
    if (delta_begin(r, entry, value == Py_None ? OP_DELETE : OP_DELTA) < 0 || text_str(&r->changes_text, suffix) < 0)
        return -1;
    delta_end(r);
    if (value == Py_None)
        return 0;
    Delta *delta = &r->deltas[r->n_deltas - 1];
    size_t chars = r->changes_text.chars;
    delta->has_value = 1;
    if (text_str(&r->changes_text, value) < 0)
        return -1;
    delta->value_length = r->changes_text.length - delta->value;
    delta->value_chars = r->changes_text.chars - chars;
    return 0;
}

static int left_to_python(Recorder *r, Entry *entry, const Parts *now, int attributes)
{
    Pointers *keys = attributes ? &entry->names : &entry->items;
    Pointers *values = attributes ? &entry->attributes : &entry->values;
    Py_ssize_t n = attributes ? now->n_attributes : now->n_items;
    int listed = -1;
    PyObject *a = texts(r, keys->items, keys->length, attributes);
    PyObject *b = a ? texts(r, values->items, values->length, 0) : NULL;
    PyObject *c = b ? texts(r, attributes ? now->names : now->items, n, attributes) : NULL;
    PyObject *d = c ? texts(r, attributes ? now->attributes : now->values, n, 0) : NULL;
    PyObject *changes =
        d ? PyObject_CallFunction(r->named_changes, "OOOOO", a, b, c, d, attributes ? Py_True : Py_False) : NULL;
    if (changes == Py_None) {
        listed = 0;
    } else if (changes) {
        listed = 1;
        for (Py_ssize_t i = 0; listed == 1 && i < PyList_GET_SIZE(changes); i++)
            if (take_one(r, PyList_GET_ITEM(changes, i), entry) < 0)
                listed = -1;
    }
    Py_XDECREF(a);
    Py_XDECREF(b);
    Py_XDECREF(c);
    Py_XDECREF(d);
    Py_XDECREF(changes);
    return listed;
}

static int all_tell_apart(PyObject **keys, Py_ssize_t n)
{
    for (Py_ssize_t i = 0; i < n; i++)
        if (!tells_apart(keys[i], 0))
            return 0;
    return 1;
}

/* Keys from `start` to `tail` keys before the end went or came; the others stayed, their values perhaps not. */
static int list_named(Recorder *r, Entry *entry, const Parts *now, int attributes, Py_ssize_t start, Py_ssize_t tail)
{
    PyObject **old_keys = attributes ? entry->names.items : entry->items.items;
    PyObject **keys = attributes ? now->names : now->items, **values = attributes ? now->attributes : now->values;
    PyObject **old = attributes ? entry->attributes.items : entry->values.items;
    Py_ssize_t n_old = attributes ? entry->names.length : entry->items.length;
    Py_ssize_t n = attributes ? now->n_attributes : now->n_items;
    int written = 1;
    for (Py_ssize_t i = start; written == 1 && i < n_old - tail; i++) {
        written = begin(r, entry, OP_DELETE, old_keys[i], attributes);
        delta_end(r);
    }
    for (Py_ssize_t i = attributes ? 0 : now->values_start; written == 1 && i < start; i++)
        written = compare_one(r, entry, keys[i], old[i], values[i], attributes);
    for (Py_ssize_t i = start; written == 1 && i < n - tail; i++)
        written = set_one(r, entry, keys[i], values[i], attributes);
    for (Py_ssize_t i = n - tail; written == 1 && i < n; i++)
        written = compare_one(r, entry, keys[i], old[i + n_old - n], values[i], attributes);
    return written;
}

int named_deltas(Recorder *r, Entry *entry, const Parts *now, int attributes)
{
    Pointers *before = attributes ? &entry->names : &entry->items;
    PyObject **keys = attributes ? now->names : now->items;
    Py_ssize_t n_old = before->length, n = attributes ? now->n_attributes : now->n_items;
    Py_ssize_t start = attributes ? 0 : now->items_start, tail = attributes ? 0 : now->items_tail;
    Py_ssize_t shorter = n_old < n ? n_old : n;
    if (attributes) {
        if (n_old == n && (n == 0 || (memcmp(before->items, keys, (size_t)n * sizeof *keys) == 0 &&
                                      memcmp(entry->attributes.items, now->attributes, (size_t)n * sizeof *keys) == 0)))
            return 1;
        while (start < shorter && before->items[start] == keys[start])
            start++;
        while (tail < shorter - start && before->items[n_old - 1 - tail] == keys[n - 1 - tail])
            tail++;
    }
    int same_keys = start == n && start == n_old;
    if (same_keys && !attributes) {
        Py_ssize_t listed = r->n_deltas;
        int written = list_named(r, entry, now, 0, start, 0);
        if (written != 1)
            entry->sure[0] = 0;
        return written == 1 && r->n_deltas - listed > 1 && !entry->sure[0] && !all_tell_apart(keys, n)
                   ? places_differ(r)
                   : written;
    }
    int sure = entry->sure[attributes] ? 1 : be_sure(r, entry, attributes);
    int only_less = n - tail - start == 0, only_more = n_old == start && tail == 0;
    if (sure < 0)
        return -1;
    if (!sure || !(only_less || only_more) || (attributes && entry->kind->has_dict && entry->kind->n_members) ||
        (!attributes && !all_tell_apart(keys + start, n - tail - start))) {
        entry->sure[attributes] = 0;
        return left_to_python(r, entry, now, attributes);
    }
    int written = list_named(r, entry, now, attributes, start, tail);
    if (written != 1)
        entry->sure[attributes] = 0;
    return written;
}
