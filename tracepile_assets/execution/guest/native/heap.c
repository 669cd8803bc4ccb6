/* Numbers the objects of a run and remembers what they held.

   Belongs here: the table of objects, describing new ones, forgetting dead ones. Does not belong here: comparing
   contents (changes.c, deltas.c). */

#include "recorder.h"

Entry *entry_of(Recorder *r, PyObject *value) { return address_get(&r->entries, value); }

static int keep(Pointers *list, PyObject **items, Py_ssize_t n)
{
    if (pointers_reserve(list, n) < 0)
        return -1;
    for (Py_ssize_t i = 0; i < n; i++)
        list->items[i] = Py_NewRef(items[i]);
    list->length = n;
    return 0;
}

static void entry_free(Entry *entry)
{
    pointers_release(&entry->items);
    pointers_release(&entry->values);
    pointers_release(&entry->names);
    pointers_release(&entry->attributes);
    Py_XDECREF(entry->octets);
    Py_XDECREF(entry->object);
    PyMem_Free(entry);
}

static int grow(Entry ***list, Py_ssize_t length, Py_ssize_t *capacity)
{
    if (length < *capacity)
        return 0;
    Py_ssize_t wanted = *capacity ? 2 * *capacity : 64;
    Entry **bigger = PyMem_RawRealloc(*list, (size_t)wanted * sizeof *bigger);
    if (!bigger) {
        PyErr_NoMemory();
        return -1;
    }
    *list = bigger;
    *capacity = wanted;
    return 0;
}

static int add_backwards(Pointers *work, PyObject **items, Py_ssize_t n)
{
    if (pointers_reserve(work, work->length + n) < 0)
        return -1;
    while (n > 0)
        work->items[work->length++] = items[--n];
    return 0;
}

static Entry *new_entry(Recorder *r, PyObject *value)
{
    Kind *kind = kind_of(r, value), *own = PyType_Check(value) ? class_kind(r, value) : NULL;
    if (!kind || kind_shape(r, kind, value) < 0 || grow(&r->order, r->n_order, &r->order_capacity) < 0 ||
        grow(&r->fresh, r->n_fresh, &r->fresh_capacity) < 0)
        return NULL;
    Entry *entry = PyMem_Calloc(1, sizeof *entry);
    if (!entry) {
        PyErr_NoMemory();
        return NULL;
    }
    entry->object = Py_NewRef(value);
    entry->kind = own ? own : kind;
    entry->number = r->next_number;
    if (address_set(&r->entries, value, entry) < 0) {
        entry_free(entry);
        return NULL;
    }
    r->next_number++;
    r->order[r->n_order++] = r->fresh[r->n_fresh++] = entry;
    return entry;
}

static int first_parts(Recorder *r, Entry *entry)
{
    Parts parts;
    if (parts_read(r, entry->object, entry->kind, &parts) < 0)
        return -1;
    entry->version = parts.version;
    entry->attributes_version = parts.attributes_version;
    if (entry->kind->base == BYTEARRAY) {
        entry->octets =
            PyBytes_FromStringAndSize(PyByteArray_AS_STRING(entry->object), PyByteArray_GET_SIZE(entry->object));
        if (!entry->octets)
            return -1;
    }
    if (keep(&entry->items, parts.items, parts.n_items) < 0 || keep(&entry->values, parts.values, parts.n_values) < 0 ||
        keep(&entry->names, parts.names, parts.n_attributes) < 0 ||
        keep(&entry->attributes, parts.attributes, parts.n_attributes) < 0)
        return -1;
    if ((size_t)parts.n_items > r->contents_items)
        return 0;
    return add_backwards(&r->work, parts.attributes, parts.n_attributes) < 0 ||
                   add_backwards(&r->work, parts.values, parts.n_values) < 0 ||
                   add_backwards(&r->work, parts.items, parts.n_items) < 0
               ? -1
               : 0;
}

/* The classes that come into view with an object are looked at after its parts. */
static int meet_behind(Recorder *r, PyObject *class)
{
    Pointers found = {NULL, 0, 0};
    int failed = class_meet(r, class, &found) < 0 || add_backwards(&r->work, found.items, found.length) < 0;
    pointers_free(&found);
    return failed ? -1 : 0;
}

static int admit_object(Recorder *r, PyObject *value)
{
    if (PyType_Check(value) && meet_behind(r, value) < 0)
        return -1;
    Entry *entry = new_entry(r, value);
    if (!entry)
        return -1;
    if (!entry->kind->met && !PyType_Check(value)) {
        entry->kind->met = 1;
        if (meet_behind(r, (PyObject *)Py_TYPE(value)) < 0)
            return -1;
    }
    return entry->kind->fixed ? 0 : first_parts(r, entry);
}

static int all_plain(PyObject *tuple)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tuple); i++)
        if (!is_plain(Py_TYPE(PyTuple_GET_ITEM(tuple, i))))
            return 0;
    return 1;
}

static int admit_immutable(Recorder *r, AddressMap *passed, PyObject *value)
{
    if (address_get(passed, value))
        return 0;
    if (address_set(passed, value, value) < 0)
        return -1;
    if (PyTuple_CheckExact(value))
        return add_backwards(&r->work, ((PyTupleObject *)value)->ob_item, PyTuple_GET_SIZE(value));
    setentry *table = ((PySetObject *)value)->table;
    for (Py_ssize_t i = ((PySetObject *)value)->mask; i >= 0; i--)
        if (table[i].key && table[i].hash != -1 && pointers_add(&r->work, table[i].key) < 0)
            return -1;
    return 0;
}

/* Number the objects that are new among these values and all that they reach, depth first; they are added to
   r->fresh, to be described. */
int heap_admit(Recorder *r, PyObject **values, Py_ssize_t n)
{
    AddressMap passed = {NULL, NULL, 0, 0};
    int failed = 0;
    r->work.length = 0;
    if (add_backwards(&r->work, values, n) < 0)
        return -1;
    while (!failed && r->work.length) {
        PyObject *value = r->work.items[--r->work.length];
        PyTypeObject *type = Py_TYPE(value);
        if (is_plain(type))
            continue;
        if (type == &PyTuple_Type && all_plain(value))
            continue;
        if (type == &PyTuple_Type || type == &PyFrozenSet_Type) {
            failed = admit_immutable(r, &passed, value);
            continue;
        }
        if (entry_of(r, value))
            continue;
        int inline_text = atom(r, value);
        if (inline_text) {
            failed = inline_text < 0 ? -1 : 0;
            continue;
        }
        failed = admit_object(r, value);
    }
    address_free(&passed);
    return failed;
}

int heap_leave_out(Recorder *r, PyObject *value)
{
    r->heap_truncated = 1;
    PyObject *nothing = PyObject_CallOneArg(r->leave_out, value);
    Py_XDECREF(nothing);
    return nothing ? 0 : -1;
}

int heap_emit_whole(Recorder *r, Entry *entry)
{
    char place[32];
    int written = 0;
    size_t length = (size_t)snprintf(place, sizeof place, "#%lld", entry->number);
    if (!entry->truncated) {
        text_clear(&r->whole);
        if (entry->kind->fixed || (size_t)entry->items.length <= r->contents_items)
            written = write_contents(r, &r->whole, entry->object, entry->kind, r->contents_chars);
        if (written < 0)
            return -1;
        if (!written) {
            entry->truncated = 1;
            if (heap_leave_out(r, entry->object) < 0)
                return -1;
        }
    }
    return tape_change(r, place, length, OP_SET, written ? &r->whole : NULL);
}

/* Emit the contents of the new objects from this one of r->fresh on, which are then no longer new. */
int heap_describe(Recorder *r, Py_ssize_t from)
{
    int failed = 0;
    for (Py_ssize_t i = from; !failed && i < r->n_fresh; i++)
        failed = heap_emit_whole(r, r->fresh[i]);
    r->n_fresh = from;
    return failed;
}

/* Emit what a class holds that has gained or lost its data. */
int heap_take_in(Recorder *r, PyObject *class)
{
    Entry *entry = entry_of(r, class);
    Kind *own = class_kind(r, class);
    Py_ssize_t from = r->n_fresh;
    if (!entry)
        return heap_admit(r, &class, 1) < 0 ? -1 : heap_describe(r, from);
    if (grow(&r->fresh, r->n_fresh, &r->fresh_capacity) < 0 || (!own && !(own = kind_of(r, class))))
        return -1;
    entry->kind = own;
    entry->sure[1] = 0;
    pointers_release(&entry->names);
    pointers_release(&entry->attributes);
    r->fresh[r->n_fresh++] = entry;
    if (!own->fixed &&
        (first_parts(r, entry) < 0 || heap_admit(r, entry->attributes.items, entry->attributes.length) < 0))
        return -1;
    return heap_describe(r, from);
}

/* Emit what an object holds whose class has become another one. */
int heap_take_class(Recorder *r, Entry *entry)
{
    PyObject *class = (PyObject *)Py_TYPE(entry->object);
    Kind *kind = kind_of(r, entry->object);
    Py_ssize_t from = r->n_fresh;
    if (!kind || kind_shape(r, kind, entry->object) < 0 || grow(&r->fresh, r->n_fresh, &r->fresh_capacity) < 0)
        return -1;
    entry->kind = kind;
    entry->sure[0] = entry->sure[1] = 0;
    Pointers *parts[] = {&entry->items, &entry->values, &entry->names, &entry->attributes};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        pointers_release(parts[i]);
    r->fresh[r->n_fresh++] = entry;
    if (first_parts(r, entry) < 0)
        return -1;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (heap_admit(r, parts[i]->items, parts[i]->length) < 0)
            return -1;
    if (!kind->met) {
        Pointers found = {NULL, 0, 0};
        kind->met = 1;
        int failed = class_meet(r, class, &found) < 0 || heap_admit(r, found.items, found.length) < 0;
        pointers_free(&found);
        if (failed)
            return -1;
    }
    return heap_describe(r, from);
}

/* Shallow text of a value, whose objects are numbered and described if they are new. */
int heap_text(Recorder *r, PyObject *value, Text *out)
{
    int written;
    text_clear(out);
    if (is_plain(Py_TYPE(value))) {
        written = write_value(r, out, value, r->value_chars);
    } else {
        Py_ssize_t from = r->n_fresh;
        if (heap_admit(r, &value, 1) < 0)
            return -1;
        written = write_value(r, out, value, r->value_chars);
        if (written < 0 || heap_describe(r, from) < 0)
            return -1;
    }
    if (written == 0 && heap_leave_out(r, value) < 0)
        return -1;
    return written;
}

int heap_scan(Recorder *r)
{
    Py_ssize_t n = r->n_order;
    for (Py_ssize_t i = 0; i < n; i++)
        if (!r->order[i]->kind->fixed && heap_compare(r, r->order[i]) < 0)
            return -1;
    return 0;
}

/* Forget objects that nothing but this table holds. */
void heap_prune(Recorder *r)
{
    Py_ssize_t kept = 0, dead = 0;
    Entry **gone = PyMem_Malloc((size_t)(r->n_order + 1) * sizeof *gone);
    if (!gone)
        return;
    for (Py_ssize_t i = 0; i < r->n_order; i++) {
        if (Py_REFCNT(r->order[i]->object) > 1)
            r->order[kept++] = r->order[i];
        else
            gone[dead++] = r->order[i];
    }
    r->n_order = kept;
    for (Py_ssize_t i = 0; i < dead; i++)
        address_remove(&r->entries, gone[i]->object);
    for (Py_ssize_t i = 0; i < dead; i++)
        entry_free(gone[i]);
    PyMem_Free(gone);
    r->prune_at = 2 * kept > 4096 ? 2 * kept : 4096;
}

void heap_clear(Recorder *r)
{
    Py_ssize_t n = r->n_order;
    r->n_order = r->n_fresh = 0;
    address_clear(&r->entries);
    for (Py_ssize_t i = 0; i < n; i++)
        entry_free(r->order[i]);
    PyMem_RawFree(r->order);
    PyMem_RawFree(r->fresh);
    r->order = r->fresh = NULL;
    r->order_capacity = r->fresh_capacity = 0;
}
