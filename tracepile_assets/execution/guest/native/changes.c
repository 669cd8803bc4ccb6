/* Compares an object with what it held before.

   Belongs here: finding out whether anything is different, emitting it, and remembering the new parts. Does not belong
   here: how a difference is written (deltas.c, named.c). */

#include "recorder.h"

enum { BLOCK = 64, FEW = 16 };

static int same(const Pointers *old, PyObject **now, Py_ssize_t n)
{
    return old->length == n && (n == 0 || memcmp(old->items, now, (size_t)n * sizeof *now) == 0);
}

static int octets_same(Entry *entry)
{
    return !entry->octets || (PyBytes_GET_SIZE(entry->octets) == PyByteArray_GET_SIZE(entry->object) &&
                              memcmp(PyBytes_AS_STRING(entry->octets), PyByteArray_AS_STRING(entry->object),
                                     (size_t)PyBytes_GET_SIZE(entry->octets)) == 0);
}

static int eight_alike(PyObject **a, PyObject **b)
{
    uintptr_t differ = 0;
    for (int i = 0; i < 8; i++)
        differ |= (uintptr_t)a[i] ^ (uintptr_t)b[i];
    return !differ;
}

/* As many pointers at the start as are the same in both rows. */
static Py_ssize_t alike_from_start(PyObject **old, PyObject **now, Py_ssize_t n)
{
    Py_ssize_t from = 0;
    while (from + BLOCK <= n && memcmp(old + from, now + from, BLOCK * sizeof *now) == 0)
        from += BLOCK;
    while (from + 8 <= n && eight_alike(old + from, now + from))
        from += 8;
    while (from < n && old[from] == now[from])
        from++;
    return from;
}

/* As many at the end; both rows are given by where they end. */
static Py_ssize_t alike_from_end(PyObject **old, PyObject **now, Py_ssize_t n)
{
    Py_ssize_t tail = 0;
    while (tail + BLOCK <= n && memcmp(old - tail - BLOCK, now - tail - BLOCK, BLOCK * sizeof *now) == 0)
        tail += BLOCK;
    while (tail + 8 <= n && eight_alike(old - tail - 8, now - tail - 8))
        tail += 8;
    while (tail < n && old[-1 - tail] == now[-1 - tail])
        tail++;
    return tail;
}

/* Where two rows of pointers begin and cease to differ. */
static void trim(const Pointers *old, PyObject **now, Py_ssize_t n, Py_ssize_t *start, Py_ssize_t *tail)
{
    Py_ssize_t shorter = old->length < n ? old->length : n, from = alike_from_start(old->items, now, shorter);
    *start = from;
    *tail = from == shorter ? 0 : alike_from_end(old->items + old->length, now + n, shorter - from);
}

static int admit_new(Recorder *r, PyObject **now, Py_ssize_t n, Py_ssize_t start, Py_ssize_t tail)
{
    for (; start < n - tail; start++)
        if (!is_plain(Py_TYPE(now[start])))
            return heap_admit(r, now + start, n - tail - start);
    return 0;
}

/* What is no longer held is dropped only when all is in place: a destructor may come back here. */
typedef struct {
    PyObject **items;
    Py_ssize_t length, capacity;
    PyObject *few[FEW];
} Dropped;

static int drop_more(Dropped *dropped, Py_ssize_t more)
{
    if (dropped->length + more <= dropped->capacity)
        return 0;
    Py_ssize_t capacity = 2 * (dropped->length + more);
    PyObject **items = PyMem_Malloc((size_t)capacity * sizeof *items);
    if (!items) {
        PyErr_NoMemory();
        return -1;
    }
    memcpy(items, dropped->items, (size_t)dropped->length * sizeof *items);
    if (dropped->items != dropped->few)
        PyMem_Free(dropped->items);
    dropped->items = items;
    dropped->capacity = capacity;
    return 0;
}

static int replace(Pointers *list, PyObject **now, Py_ssize_t n, Py_ssize_t start, Py_ssize_t end, Dropped *dropped)
{
    Py_ssize_t length = list->length;
    if (length == n && n - end - start == 0)
        return 0;
    if (pointers_reserve(list, n) < 0 || drop_more(dropped, length - end - start) < 0)
        return -1;
    for (Py_ssize_t i = start; i < length - end; i++)
        dropped->items[dropped->length++] = list->items[i];
    if (length != n)
        memmove(list->items + n - end, list->items + length - end, (size_t)end * sizeof *now);
    for (Py_ssize_t i = start; i < n - end; i++)
        list->items[i] = Py_NewRef(now[i]);
    list->length = n;
    return 0;
}

static int remember(Entry *entry, const Parts *now)
{
    Dropped dropped;
    dropped.items = dropped.few;
    dropped.length = 0;
    dropped.capacity = FEW;
    Py_ssize_t start, tail;
    int failed =
        replace(&entry->items, now->items, now->n_items, now->items_start, now->items_tail, &dropped) < 0 ||
        replace(&entry->values, now->values, now->n_values, now->values_start, now->values_tail, &dropped) < 0;
    if (!failed && (now->n_attributes || entry->names.length)) {
        trim(&entry->names, now->names, now->n_attributes, &start, &tail);
        failed = replace(&entry->names, now->names, now->n_attributes, start, tail, &dropped) < 0;
        trim(&entry->attributes, now->attributes, now->n_attributes, &start, &tail);
        failed = failed || replace(&entry->attributes, now->attributes, now->n_attributes, start, tail, &dropped) < 0;
    }
    if (entry->octets) {
        Py_SETREF(entry->octets, PyBytes_FromStringAndSize(PyByteArray_AS_STRING(entry->object),
                                                           PyByteArray_GET_SIZE(entry->object)));
        failed |= !entry->octets;
    }
    entry->version = now->version;
    entry->attributes_version = now->attributes_version;
    for (Py_ssize_t i = 0; i < dropped.length; i++)
        Py_DECREF(dropped.items[i]);
    if (dropped.items != dropped.few)
        PyMem_Free(dropped.items);
    return failed ? -1 : 0;
}

static int emit_deltas(Recorder *r)
{
    for (Py_ssize_t i = 0; i < r->n_deltas; i++) {
        Delta *delta = &r->deltas[i];
        const char *data = r->changes_text.data;
        if (tape_change_parts(r, data + delta->place, delta->place_length, NULL, (enum op)delta->op,
                              delta->has_value ? data + delta->value : NULL, delta->value_length,
                              delta->value_chars) < 0)
            return -1;
    }
    return 0;
}

static PyObject *deltas_list(Recorder *r)
{
    static const char *const words[] = {"set", "delta", "delete"};
    PyObject *list = PyList_New(0);
    for (Py_ssize_t i = 0; list && i < r->n_deltas; i++) {
        Delta *delta = &r->deltas[i];
        const char *data = r->changes_text.data;
        PyObject *value = delta->has_value ? PyUnicode_DecodeUTF8(data + delta->value,
                                                                  (Py_ssize_t)delta->value_length, "surrogatepass")
                                           : Py_NewRef(Py_None);
        PyObject *place =
            PyUnicode_DecodeUTF8(data + delta->place, (Py_ssize_t)delta->place_length, "surrogatepass");
        PyObject *change = value && place ? Py_BuildValue("(OsO)", place, words[delta->op], value) : NULL;
        Py_XDECREF(value);
        Py_XDECREF(place);
        if (!change || PyList_Append(list, change) < 0)
            Py_CLEAR(list);
        Py_XDECREF(change);
    }
    return list;
}

/* Emit that truncated contents changed; how they did is compared between runs all the same. */
static int touch(Recorder *r, Entry *entry, const Parts *now)
{
    r->is_vague = 1;
    int listed = deltas_of(r, entry, now);
    PyObject *nothing = NULL;
    if (listed == 0) {
        nothing = PyObject_CallOneArg(r->leave_out, entry->object);
    } else if (listed == 1 && r->n_deltas) {
        PyObject *list = deltas_list(r), *text = list ? PyObject_Repr(list) : NULL;
        nothing = text ? PyObject_CallOneArg(r->left_out, text) : NULL;
        Py_XDECREF(list);
        Py_XDECREF(text);
    }
    r->is_vague = 0;
    if (listed == 1 && !r->n_deltas)
        return 0;
    if (!nothing)
        return -1;
    Py_DECREF(nothing);
    return heap_emit_whole(r, entry);
}

static void measure(Entry *entry, Parts *now)
{
    trim(&entry->items, now->items, now->n_items, &now->items_start, &now->items_tail);
    trim(&entry->values, now->values, now->n_values, &now->values_start, &now->values_tail);
}

static int set_same(const Pointers *old, PySetObject *set)
{
    if (set->used != old->length)
        return 0;
    PyObject **next = old->items;
    for (setentry *held = set->table, *end = held + set->mask; held <= end; held++)
        if (held->key && held->hash != -1 && held->key != *next++)
            return 0;
    return 1;
}

/* Whether an object of the usual kinds is at once seen to be as it was. */
static int is_as_before(Entry *entry)
{
    PyObject *object = entry->object;
    if (entry->kind->holds_data)
        return class_is_as_before(object, entry->attributes_version);
    if (!entry->kind->exact)
        return 0;
    switch (entry->kind->base) {
    case DICT:
        return entry->version && entry->version == dict_version(object);
    case SET:
        return set_same(&entry->items, (PySetObject *)object);
    default:
        return 0;
    }
}

/* Emit the difference. What is new is read into the same room: parts that lie there are set aside. */
static int emit_difference(Recorder *r, Entry *entry, Parts *now)
{
    Pointers items = r->read_items, values = r->read_values, names = r->read_names, attributes = r->read_attributes;
    int aside = now->items == items.items || now->n_attributes;
    if (aside) {
        memset(&r->read_items, 0, sizeof items);
        memset(&r->read_values, 0, sizeof items);
        memset(&r->read_names, 0, sizeof items);
        memset(&r->read_attributes, 0, sizeof items);
    }
    Py_ssize_t from = r->n_fresh;
    int failed = admit_new(r, now->items, now->n_items, now->items_start, now->items_tail) < 0 ||
                 admit_new(r, now->values, now->n_values, now->values_start, now->values_tail) < 0 ||
                 admit_new(r, now->attributes, now->n_attributes, 0, 0) < 0;
    int listed = failed ? -1 : deltas_of(r, entry, now);
    if (listed >= 0 && remember(entry, now) < 0)
        listed = -1;
    if (aside) {
        pointers_free(&r->read_items);
        pointers_free(&r->read_values);
        pointers_free(&r->read_names);
        pointers_free(&r->read_attributes);
        r->read_items = items;
        r->read_values = values;
        r->read_names = names;
        r->read_attributes = attributes;
    }
    if (listed < 0 || (listed ? emit_deltas(r) : heap_emit_whole(r, entry)) < 0)
        return -1;
    return heap_describe(r, from);
}

int heap_compare(Recorder *r, Entry *entry)
{
    Parts now;
    Kind *kind = entry->kind;
    if (is_as_before(entry))
        return 0;
    if (!kind->exact && !kind->holds_data && Py_TYPE(entry->object) != kind->type)
        return heap_take_class(r, entry);
    if (parts_read(r, entry->object, kind, &now) < 0)
        return -1;
    measure(entry, &now);
    if (now.items_start == now.n_items && now.n_items == entry->items.length && now.values_start == now.n_values &&
        now.n_values == entry->values.length && same(&entry->names, now.names, now.n_attributes) &&
        same(&entry->attributes, now.attributes, now.n_attributes) && octets_same(entry)) {
        entry->version = now.version;
        entry->attributes_version = now.attributes_version;
        return 0;
    }
    if (entry->truncated) {
        if (touch(r, entry, &now) < 0 || parts_read(r, entry->object, kind, &now) < 0)
            return -1;
        measure(entry, &now);
        return remember(entry, &now);
    }
    if ((size_t)now.n_items > r->contents_items)
        return remember(entry, &now) < 0 ? -1 : heap_emit_whole(r, entry);
    return emit_difference(r, entry, &now);
}
