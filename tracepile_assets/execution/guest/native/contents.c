/* Writes the contents of one object, its parts shallow.

   Belongs here: the form of each container and instance, and the order of a set's elements. Does not belong here: the
   text of a part (writing.c) and what the parts are (parts.c). */

#include "recorder.h"

typedef struct {
    Recorder *r;
    Text *out;
    size_t start, limit;
} Page;

static int within(Page *page) { return page->out->chars - page->start <= page->limit; }

static int put(Page *page, const char *piece)
{
    return text_ascii(page->out, piece, strlen(piece)) < 0 ? -1 : within(page);
}

static int put_str(Page *page, PyObject *piece) { return text_str(page->out, piece) < 0 ? -1 : within(page); }

static int put_part(Page *page, PyObject *value)
{
    return write_part(page->r, page->out, value, page->start, page->limit);
}

static int put_sequence(Page *page, const char *open, PyObject **items, Py_ssize_t n, const char *close)
{
    int written = put(page, open);
    for (Py_ssize_t i = 0; written == 1 && i < n; i++) {
        if (i)
            written = put(page, ", ");
        if (written == 1)
            written = put_part(page, items[i]);
    }
    return written == 1 ? put(page, close) : written;
}

static int put_mapping(Page *page, Parts *parts)
{
    int written = put(page, "{");
    for (Py_ssize_t i = 0; written == 1 && i < parts->n_items; i++) {
        if (i)
            written = put(page, ", ");
        if (written == 1)
            written = put_part(page, parts->items[i]);
        if (written == 1)
            written = put(page, ": ");
        if (written == 1)
            written = put_part(page, parts->values[i]);
    }
    return written == 1 ? put(page, "}") : written;
}

static int is_small_sort(PyObject *value, PyTypeObject *type)
{
    return Py_TYPE(value) == type && (type == &PyLong_Type || type == &PyUnicode_Type);
}

/* The elements in sorted order where they sort; None if an element is over a cap. `set` is a set, or a list of some. */
PyObject *set_in_order(Recorder *r, PyObject *set)
{
    PyObject *elements = PyList_CheckExact(set) ? Py_NewRef(set) : PyList_New(0);
    if (!elements)
        return NULL;
    if (elements != set) {
        setentry *table = ((PySetObject *)set)->table;
        for (Py_ssize_t i = 0; i <= ((PySetObject *)set)->mask; i++)
            if (table[i].key && table[i].hash != -1 && PyList_Append(elements, table[i].key) < 0)
                goto failed;
    }
    Py_ssize_t n = PyList_GET_SIZE(elements);
    if (n < 2 && n > 0 && is_plain(Py_TYPE(PyList_GET_ITEM(elements, 0))))
        return elements;
    Py_ssize_t alike = 0;
    while (alike < n && is_small_sort(PyList_GET_ITEM(elements, alike), Py_TYPE(PyList_GET_ITEM(elements, 0))))
        alike++;
    if (alike == n) {
        if (PyList_Sort(elements) < 0)
            goto failed;
        return elements;
    }
    PyObject *ordered = PyObject_CallMethod(r->helper, "ordered", "O", elements);
    Py_DECREF(elements);
    return ordered;
failed:
    Py_DECREF(elements);
    return NULL;
}

static int put_set(Page *page, PyObject *value, int frozen)
{
    if (PySet_GET_SIZE(value) == 0)
        return put(page, frozen ? "frozenset()" : "set()");
    PyObject *elements = set_in_order(page->r, value);
    if (!elements)
        return -1;
    int written = 0;
    if (elements != Py_None)
        written = put_sequence(page, frozen ? "frozenset({" : "{", ((PyListObject *)elements)->ob_item,
                               PyList_GET_SIZE(elements), frozen ? "})" : "}");
    Py_DECREF(elements);
    return written;
}

static int put_octets(Page *page, PyObject *value)
{
    /* Not written out only to be found too long. */
    if (PyByteArray_GET_SIZE(value) > 1 << 16)
        return 0;
    PyObject *octets = PyBytes_FromStringAndSize(PyByteArray_AS_STRING(value), PyByteArray_GET_SIZE(value));
    PyObject *repr = octets ? PyObject_Repr(octets) : NULL;
    Py_XDECREF(octets);
    if (!repr)
        return -1;
    int written = put(page, "bytearray(");
    if (written == 1)
        written = put_str(page, repr);
    Py_DECREF(repr);
    return written == 1 ? put(page, ")") : written;
}

static int put_deque(Page *page, Parts *parts, PyObject *value)
{
    int written = put_sequence(page, "deque([", parts->items, parts->n_items, "]");
    if (written != 1)
        return written;
    /* A class of the program's may have an attribute of that name. */
    PyObject *own = PyObject_GetAttrString((PyObject *)page->r->deque, "maxlen");
    PyObject *bound = own ? Py_TYPE(own)->tp_descr_get(own, value, (PyObject *)Py_TYPE(value)) : NULL;
    Py_XDECREF(own);
    if (!bound)
        return -1;
    if (bound != Py_None) {
        PyObject *digits = PyObject_Str(bound);
        written = digits ? put(page, ", maxlen=") : -1;
        if (written == 1)
            written = put_str(page, digits);
        Py_XDECREF(digits);
    }
    Py_DECREF(bound);
    return written == 1 ? put(page, ")") : written;
}

/* `*any`: whether anything was to be written. */
static int put_base(Page *page, PyObject *value, Kind *kind, Parts *parts, int *any)
{
    *any = 1;
    switch (kind->base) {
    case LIST:
        return put_sequence(page, "[", parts->items, parts->n_items, "]");
    case TUPLE:
        return put_sequence(page, "(", parts->items, parts->n_items, parts->n_items == 1 ? ",)" : ")");
    case DICT:
        return put_mapping(page, parts);
    case SET:
    case FROZENSET:
        return put_set(page, value, kind->base == FROZENSET);
    case DEQUE:
        return put_deque(page, parts, value);
    case BYTEARRAY:
        return put_octets(page, value);
    case EXCEPTION:
        *any = parts->n_items > 0;
        return put_sequence(page, "", parts->items, parts->n_items, "");
    case ATOM:
        if (kind->base_value) {
            PyObject *plain = PyObject_CallOneArg(kind->base_value, value);
            if (!plain)
                return -1;
            int written = put_part(page, plain);
            Py_DECREF(plain);
            return written;
        }
        /* fall through */
    default:
        *any = 0;
        return 1;
    }
}

static int put_named(Page *page, PyObject *name, PyObject *value, int first)
{
    int written = first ? 1 : put(page, ", ");
    if (written == 1)
        written = text_name(page->out, name) < 0 ? -1 : within(page);
    if (written == 1)
        written = put(page, "=");
    return written == 1 ? put_part(page, value) : written;
}

static int put_instance(Page *page, PyObject *value, Kind *kind, Parts *parts)
{
    int any = 0, written = put_str(page, kind->name);
    if (written == 1)
        written = put(page, "(");
    if (written == 1 && kind->fields && PyTuple_GET_SIZE(kind->fields) == PyTuple_GET_SIZE(value)) {
        for (Py_ssize_t i = 0; written == 1 && i < PyTuple_GET_SIZE(value); i++)
            written = put_named(page, PyTuple_GET_ITEM(kind->fields, i), PyTuple_GET_ITEM(value, i), i == 0);
        return written == 1 ? put(page, ")") : written;
    }
    if (written == 1)
        written = put_base(page, value, kind, parts, &any);
    for (Py_ssize_t i = 0; written == 1 && i < parts->n_attributes; i++)
        written = put_named(page, parts->names[i], parts->attributes[i], !any && i == 0);
    return written == 1 ? put(page, ")") : written;
}

int write_contents(Recorder *r, Text *out, PyObject *value, Kind *kind, size_t limit)
{
    Page page = {r, out, out->chars, limit};
    Parts parts;
    int any;
    if (kind->opaque) {
        int written = put(&page, "opaque(");
        if (written == 1)
            written = put_str(&page, kind->name);
        return written == 1 ? put(&page, ")") : written;
    }
    /* What is being compared meanwhile was read before, and is kept. */
    Pointers items = r->read_items, values = r->read_values, names = r->read_names, attributes = r->read_attributes;
    memset(&r->read_items, 0, sizeof items);
    memset(&r->read_values, 0, sizeof items);
    memset(&r->read_names, 0, sizeof items);
    memset(&r->read_attributes, 0, sizeof items);
    int written = parts_read(r, value, kind, &parts);
    if (written == 0)
        written = kind->exact ? put_base(&page, value, kind, &parts, &any) : put_instance(&page, value, kind, &parts);
    pointers_free(&r->read_items);
    pointers_free(&r->read_values);
    pointers_free(&r->read_names);
    pointers_free(&r->read_attributes);
    r->read_items = items;
    r->read_values = values;
    r->read_names = names;
    r->read_attributes = attributes;
    return written;
}
