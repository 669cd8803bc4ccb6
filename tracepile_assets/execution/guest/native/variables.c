/* Notes the variables of frames that are bound otherwise than before.

   Belongs here: reading a frame's storage, binding and unbinding. Does not belong here: variables that live in a dict
   (namespaces.c). */

#include "frames.h"

void slot_clear(Slot *slot)
{
    PyObject *old = slot->old;
    if (slot->kept)
        PyMem_RawFree(slot->text);
    memset(slot, 0, sizeof *slot);
    Py_XDECREF(old);
}

static int place_of(Recorder *r, Slot *slot, long long frame, PyObject *name)
{
    if (slot->place)
        return 0;
    text_clear(&r->place);
    if (frame < 0) {
        if (text_ascii(&r->place, "g.", 2) < 0)
            return -1;
    } else if (text_char(&r->place, 'f') < 0 || text_number(&r->place, frame) < 0 || text_char(&r->place, '.') < 0) {
        return -1;
    }
    if (text_name(&r->place, name) < 0)
        return -1;
    slot->place_length = (uint32_t)r->place.length;
    return 0;
}

static int emit(Recorder *r, Slot *slot, long long frame, PyObject *name, enum op op, const Text *value)
{
    if (place_of(r, slot, frame, name) < 0)
        return -1;
    return tape_change_parts(r, r->place.data, slot->place_length, &slot->place, op, value ? value->data : NULL,
                             value ? value->length : 0, value ? value->chars : 0);
}

static void forget_shown(Slot *slot)
{
    if (slot->kept)
        PyMem_RawFree(slot->text);
    slot->text = NULL;
    slot->length = 0;
    slot->kept = slot->shown = 0;
}

static int show(Recorder *r, Slot *slot, long long frame, PyObject *name, const Text *value)
{
    if (emit(r, slot, frame, name, OP_SET, value) < 0)
        return -1;
    forget_shown(slot);
    slot->shown = value ? SHOWN : SHOWN_TRUNCATED;
    if (!value)
        return 0;
    slot->length = (uint32_t)value->length;
    if (r->tape.chars <= r->tape.most_chars) {
        slot->text = (char *)r->tape.text + r->tape.text_end - value->length;
        return 0;
    }
    slot->text = PyMem_RawMalloc(value->length + 1);
    if (!slot->text) {
        PyErr_NoMemory();
        return -1;
    }
    memcpy(slot->text, value->data, value->length);
    slot->kept = 1;
    return 0;
}

static int bind(Recorder *r, Slot *slot, long long frame, PyObject *name, PyObject *value)
{
    Py_ssize_t from = r->n_fresh;
    if (!is_plain(Py_TYPE(value)) && heap_admit(r, &value, 1) < 0)
        return -1;
    text_clear(&r->line);
    int written = write_value(r, &r->line, value, r->value_chars);
    if (written < 0 || (written == 0 && heap_leave_out(r, value) < 0))
        return -1;
    int same = written && slot->shown == SHOWN && slot->length == r->line.length &&
               memcmp(slot->text, r->line.data, r->line.length) == 0;
    if (!same && show(r, slot, frame, name, written ? &r->line : NULL) < 0)
        return -1;
    return r->n_fresh > from ? heap_describe(r, from) : 0;
}

/* The same for a number, which takes no looking at. */
static int bind_number(Recorder *r, Slot *slot, long long frame, PyObject *name, long long number)
{
    char digits[DIGITS], *start = digits_before(digits + DIGITS, number);
    size_t length = (size_t)(digits + DIGITS - start);
    if (slot->shown == SHOWN && slot->length == length && memcmp(slot->text, start, length) == 0)
        return 0;
    Text value = {start, length, length, length};
    return show(r, slot, frame, name, &value);
}

/* Note that a variable is bound to another value (NULL: to none) than it was. */
int slot_bind(Recorder *r, Slot *slot, long long frame, PyObject *name, PyObject *value)
{
    if (value && is_short(value)) {
        PyObject *before = slot->old;
        slot->old = Py_NewRef(value);
        int result = bind_number(r, slot, frame, name, short_number(value));
        Py_XDECREF(before);
        return result;
    }
    int unseen = value ? invisible(r, value) : 1, failed = 0;
    if (unseen == 1 && value && PyType_Check(value)) {
        int shows = class_shows(r, value);
        unseen = shows < 0 ? -1 : !shows;
    }
    if (unseen < 0)
        return -1;
    PyObject *old = slot->old;
    slot->old = Py_XNewRef(value);
    if (!unseen) {
        failed = bind(r, slot, frame, name, value);
    } else if (slot->shown) {
        forget_shown(slot);
        failed = emit(r, slot, frame, name, OP_DELETE, NULL);
    }
    Py_XDECREF(old);
    return failed;
}

/* Note a variable that is bound, as before, to a class that has gained or lost its data. */
int slot_review(Recorder *r, Slot *slot, long long frame, PyObject *name)
{
    if (!slot->old || !class_is_among(slot->shown ? &r->lost : &r->gained, slot->old))
        return 0;
    if (!slot->shown)
        return bind(r, slot, frame, name, slot->old);
    forget_shown(slot);
    return emit(r, slot, frame, name, OP_DELETE, NULL);
}

PyObject *frame_local(Frame *frame, int where)
{
    PyObject *value = frame->inner->localsplus[where];
    if (!value)
        return NULL;
    if (frame->info->kinds[where] & (CO_FAST_CELL | CO_FAST_FREE) && PyCell_Check(value))
        return PyCell_GET(value);
    return value;
}

static PyObject *passing_of(Frame *owner, int inside)
{
    PyObject *rows = owner->info->passing;
    for (Py_ssize_t i = 0; inside && i < PyTuple_GET_SIZE(rows); i++) {
        PyObject *row = PyTuple_GET_ITEM(rows, i);
        if (PyLong_AsLong(PyTuple_GET_ITEM(row, 0)) == owner->statement)
            return PyTuple_GET_ITEM(row, 1);
    }
    return NULL;
}

int variables(Recorder *r, Frame *owner, int inside, Pointers *changed)
{
    CodeInfo *info = owner->info;
    PyObject *passing = passing_of(owner, inside);
    if (owner->namespace)
        return namespace_compare(r, owner->namespace, owner->number, passing, changed);
    if (info->is_class)
        return 0;
    PyObject **storage = owner->inner->localsplus;
    const int *where = info->where;
    const Py_ssize_t n = info->n_variables;
    Slot *slots = owner->slots;
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *value = storage[where[i]];
        if (info->has_cells && value && info->is_cell[i] && PyCell_Check(value))
            value = PyCell_GET(value);
        if (value == slots[i].old)
            continue;
        if (passing) {
            int passes = PySet_Contains(passing, info->names[i]);
            if (passes < 0)
                return -1;
            if (passes)
                continue;
        }
        if ((changed && pointers_add(changed, info->names[i]) < 0) ||
            slot_bind(r, &slots[i], owner->number, info->names[i], value) < 0)
            return -1;
    }
    return 0;
}

int global_variables(Recorder *r) { return namespace_compare(r, &r->globals, -1, NULL, NULL); }
