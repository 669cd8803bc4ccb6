/* Notes the variables that live in a dict: those of the module and of class bodies.

   Belongs here: reading such a dict in its own order, as cheaply as it changed. Does not belong here: binding (variables.c). */

#include "recorder.h"

static int hidden(PyObject *name)
{
    Py_ssize_t n = PyUnicode_GET_LENGTH(name);
    if (n == 0)
        return 0;
    if (PyUnicode_READ_CHAR(name, 0) == '.')
        return 1;
    return n >= 2 && PyUnicode_READ_CHAR(name, 0) == '_' && PyUnicode_READ_CHAR(name, 1) == '_' &&
           PyUnicode_READ_CHAR(name, n - 1) == '_' && PyUnicode_READ_CHAR(name, n - 2) == '_';
}

static Py_ssize_t number_of(Namespace *space, PyObject *name)
{
    PyObject *number = space->index ? PyDict_GetItemWithError(space->index, name) : NULL;
    return number ? PyLong_AsSsize_t(number) : -1;
}

/* Number of a name among the variables; -1: it is none; -2: error. */
static Py_ssize_t admit(Namespace *space, PyObject *name)
{
    if (!PyUnicode_CheckExact(name) || hidden(name))
        return -1;
    if (space->filter) {
        int counts = PySet_Contains(space->filter, name);
        if (counts <= 0)
            return counts < 0 ? -2 : -1;
    }
    if (!space->index && !(space->index = PyDict_New()))
        return -2;
    Py_ssize_t number = number_of(space, name);
    if (number >= 0)
        return number;
    if (space->n_named == space->capacity) {
        Py_ssize_t capacity = space->capacity ? 2 * space->capacity : 16;
        Named *named = PyMem_Realloc(space->named, (size_t)capacity * sizeof *named);
        if (!named) {
            PyErr_NoMemory();
            return -2;
        }
        space->named = named;
        space->capacity = capacity;
    }
    PyObject *boxed = PyLong_FromSsize_t(space->n_named);
    if (!boxed || PyDict_SetItem(space->index, name, boxed) < 0) {
        Py_XDECREF(boxed);
        return -2;
    }
    Py_DECREF(boxed);
    memset(&space->named[space->n_named], 0, sizeof *space->named);
    space->named[space->n_named].name = Py_NewRef(name);
    return space->n_named++;
}

static int recall(Namespace *space, Py_ssize_t position, PyObject *key, Py_ssize_t number)
{
    if (position >= space->n_numbers) {
        Py_ssize_t wanted = 2 * position + 32;
        Py_ssize_t *numbers = PyMem_Realloc(space->numbers, (size_t)wanted * sizeof *numbers);
        if (!numbers) {
            PyErr_NoMemory();
            return -1;
        }
        space->numbers = numbers;
        space->n_numbers = wanted;
    }
    if (position < space->keys.length)
        Py_SETREF(space->keys.items[position], Py_NewRef(key));
    else if (pointers_add(&space->keys, Py_NewRef(key)) < 0)
        return -1;
    space->numbers[position] = number;
    return 0;
}

static int note(Recorder *r, Namespace *space, Named *named, long long frame, PyObject *value, PyObject *passing,
                Pointers *changed)
{
    if (value == named->slot.old)
        return 0;
    if (passing) {
        int passes = PySet_Contains(passing, named->name);
        if (passes)
            return passes < 0 ? -1 : 0;
    }
    if (changed && pointers_add(changed, named->name) < 0)
        return -1;
    int was_shown = named->slot.shown;
    if (slot_bind(r, &named->slot, frame, named->name, value) < 0)
        return -1;
    if (named->slot.shown && !was_shown)
        named->shown_at = ++space->n_shown;
    return 0;
}

static int note_missing(Recorder *r, Namespace *space, long long frame, PyObject *passing, Pointers *changed)
{
    /* In the order in which they were first shown. */
    for (uint64_t after = 0;;) {
        Named *next = NULL;
        for (Py_ssize_t i = 0; i < space->n_named; i++) {
            Named *named = &space->named[i];
            if (named->slot.shown && named->seen_at != space->round && named->shown_at > after &&
                (!next || named->shown_at < next->shown_at))
                next = named;
        }
        if (!next)
            return 0;
        after = next->shown_at;
        if (note(r, space, next, frame, NULL, passing, changed) < 0)
            return -1;
    }
}

int namespace_compare(Recorder *r, Namespace *space, long long frame, PyObject *passing, Pointers *changed)
{
    uint64_t version = dict_version(space->dict);
    if (version && version == space->version)
        return 0;
    PyObject *key, *value;
    Py_ssize_t position = 0, n = 0;
    space->round++;
    while (PyDict_Next(space->dict, &position, &key, &value)) {
        Py_ssize_t number;
        if (n < space->keys.length && space->keys.items[n] == key) {
            number = space->numbers[n];
        } else {
            number = admit(space, key);
            if (number == -2 || recall(space, n, key, number) < 0)
                return -1;
        }
        n++;
        if (number < 0)
            continue;
        space->named[number].seen_at = space->round;
        if (note(r, space, &space->named[number], frame, value, passing, changed) < 0)
            return -1;
    }
    if (note_missing(r, space, frame, passing, changed) < 0)
        return -1;
    /* What was passed over is looked at again. */
    space->version = passing ? 0 : version;
    return 0;
}

int namespace_review(Recorder *r, Namespace *space, long long frame)
{
    PyObject *key, *value;
    Py_ssize_t position = 0;
    while (PyDict_Next(space->dict, &position, &key, &value)) {
        Py_ssize_t number = PyUnicode_CheckExact(key) ? number_of(space, key) : -1;
        Named *named = number < 0 ? NULL : &space->named[number];
        if (!named)
            continue;
        int was_shown = named->slot.shown;
        if (slot_review(r, &named->slot, frame, named->name) < 0)
            return -1;
        if (named->slot.shown && !was_shown)
            named->shown_at = ++space->n_shown;
    }
    return PyErr_Occurred() ? -1 : 0;
}

PyObject *namespace_old(Namespace *space, PyObject *name)
{
    Py_ssize_t number = number_of(space, name);
    return number < 0 ? NULL : space->named[number].slot.old;
}

void namespace_clear(Namespace *space)
{
    for (Py_ssize_t i = 0; i < space->n_named; i++) {
        slot_clear(&space->named[i].slot);
        Py_DECREF(space->named[i].name);
    }
    PyMem_Free(space->named);
    PyMem_Free(space->numbers);
    pointers_release(&space->keys);
    Py_CLEAR(space->index);
    Py_CLEAR(space->filter);
    Py_CLEAR(space->dict);
    memset(space, 0, sizeof *space);
}
