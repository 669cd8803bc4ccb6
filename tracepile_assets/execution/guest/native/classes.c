/* The program's classes that have come into view, and which of them hold data.

   Belongs here: noticing that a class has come to hold data, and reading what it holds. What counts as data is said by
   `classes.py`, which is asked only where a class has changed. Does not belong here: comparing contents (changes.c). */

#include "recorder.h"

static PyObject *dict_of(PyObject *class) { return ((PyTypeObject *)class)->tp_dict; }

/* 1 + its place among the classes in view; 0: it is not in view. */
static Py_ssize_t place_of(Recorder *r, PyObject *class) { return (Py_ssize_t)address_get(&r->class_places, class); }

static Kind *kind_named(PyObject *class, PyObject *name)
{
    Kind *kind = PyMem_Calloc(1, sizeof *kind);
    if (!kind) {
        PyErr_NoMemory();
        return NULL;
    }
    kind->type = (PyTypeObject *)Py_NewRef((PyObject *)Py_TYPE(class));
    kind->name = Py_NewRef(name);
    kind->invisible = kind->shaped = kind->met = kind->holds_data = 1;
    return kind;
}

static int add_class(Recorder *r, PyObject *class, PyObject *name)
{
    if (r->n_classes == r->classes_capacity) {
        Py_ssize_t capacity = r->classes_capacity ? 2 * r->classes_capacity : 16;
        Class *classes = PyMem_Realloc(r->classes, (size_t)capacity * sizeof *classes);
        if (!classes) {
            PyErr_NoMemory();
            return -1;
        }
        r->classes = classes;
        r->classes_capacity = capacity;
    }
    Kind *kind = name == Py_None ? NULL : kind_named(class, name);
    if ((name != Py_None && !kind) || address_set(&r->class_places, class, (void *)(r->n_classes + 1)) < 0)
        return -1;
    r->classes[r->n_classes++] = (Class){Py_NewRef(class), kind, 0, dict_version(dict_of(class))};
    return 0;
}

/* Take in the classes that come into view with one, and list those that hold data, borrowed. */
int class_meet(Recorder *r, PyObject *class, Pointers *found)
{
    PyObject *met = PyObject_CallOneArg(r->meet, class);
    int failed = !met;
    for (Py_ssize_t i = 0; !failed && i < PyList_GET_SIZE(met); i++) {
        PyObject *each, *name;
        failed = !PyArg_ParseTuple(PyList_GET_ITEM(met, i), "O!O", &PyType_Type, &each, &name) ||
                 add_class(r, each, name) < 0 || (name != Py_None && pointers_add(found, each) < 0);
    }
    Py_XDECREF(met);
    return failed ? -1 : 0;
}

/* The kind of a class in view that holds data; NULL: of any other. */
Kind *class_kind(Recorder *r, PyObject *class)
{
    Py_ssize_t place = place_of(r, class);
    return place && !r->classes[place - 1].is_lost ? r->classes[place - 1].kind : NULL;
}

/* Whether a class holds data: 1, 0, -1. Of one that does not, and is bound to a variable, those behind it come into
   view. */
int class_shows(Recorder *r, PyObject *class)
{
    if (place_of(r, class))
        return class_kind(r, class) != NULL;
    if (!(((PyTypeObject *)class)->tp_flags & Py_TPFLAGS_HEAPTYPE))
        return 0;
    PyObject *name = PyObject_CallOneArg(r->class_name, class);
    if (!name)
        return -1;
    int shows = name != Py_None;
    Py_DECREF(name);
    if (shows)
        return 1;
    Pointers found = {NULL, 0, 0};
    Py_ssize_t from = r->n_fresh;
    int failed = class_meet(r, class, &found) < 0 ||
                 (found.length && (heap_admit(r, found.items, found.length) < 0 || heap_describe(r, from) < 0));
    pointers_free(&found);
    return failed ? -1 : 0;
}

static void drop_kind(Kind *kind)
{
    if (!kind)
        return;
    Py_DECREF(kind->name);
    Py_DECREF(kind->type);
    PyMem_Free(kind);
}

static int look(Recorder *r, Class *class)
{
    PyObject *name = PyObject_CallOneArg(r->class_look, class->class);
    if (!name)
        return -1;
    int failed = 0;
    if (name != Py_None && (!class->kind || class->is_lost)) {
        drop_kind(class->kind);
        class->is_lost = 0;
        failed = !(class->kind = kind_named(class->class, name)) || pointers_add(&r->gained, class->class) < 0;
    } else if (name == Py_None && class->kind && !class->is_lost) {
        class->is_lost = 1;
        failed = pointers_add(&r->lost, class->class) < 0;
    }
    Py_DECREF(name);
    return failed ? -1 : 0;
}

/* List the classes that have gained or lost their data, and emit what they hold. */
int classes_take_in(Recorder *r)
{
    r->gained.length = r->lost.length = 0;
    for (Py_ssize_t i = 0; i < r->n_classes; i++) {
        uint64_t version = dict_version(dict_of(r->classes[i].class));
        if (r->classes[i].version == version)
            continue;
        r->classes[i].version = version;
        if (look(r, &r->classes[i]) < 0)
            return -1;
    }
    for (Py_ssize_t i = 0; i < r->gained.length; i++)
        if (heap_take_in(r, r->gained.items[i]) < 0)
            return -1;
    for (Py_ssize_t i = 0; i < r->lost.length; i++)
        if (heap_take_in(r, r->lost.items[i]) < 0)
            return -1;
    return 0;
}

int class_is_among(const Pointers *classes, const PyObject *value)
{
    for (Py_ssize_t i = 0; i < classes->length; i++)
        if (classes->items[i] == value)
            return 1;
    return 0;
}

/* Names and values of what a class holds. The class keeps them. */
int class_read(Recorder *r, PyObject *class, Pointers *names, Pointers *values, uint64_t *version)
{
    PyObject *held_names, *held_values, *held = PyObject_CallOneArg(r->class_held, class);
    int failed = !held || !PyArg_ParseTuple(held, "O!O!", &PyList_Type, &held_names, &PyList_Type, &held_values);
    names->length = values->length = 0;
    *version = dict_version(dict_of(class));
    for (Py_ssize_t i = 0; !failed && i < PyList_GET_SIZE(held_names); i++)
        failed = pointers_add(names, PyList_GET_ITEM(held_names, i)) < 0 ||
                 pointers_add(values, PyList_GET_ITEM(held_values, i)) < 0;
    Py_XDECREF(held);
    return failed ? -1 : 0;
}

int class_is_as_before(PyObject *class, uint64_t version) { return dict_version(dict_of(class)) == version; }

void classes_clear(Recorder *r)
{
    Py_ssize_t n = r->n_classes;
    r->n_classes = 0;
    address_free(&r->class_places);
    for (Py_ssize_t i = 0; i < n; i++) {
        drop_kind(r->classes[i].kind);
        Py_DECREF(r->classes[i].class);
    }
    PyMem_Free(r->classes);
    r->classes = NULL;
    r->classes_capacity = 0;
    r->gained.length = r->lost.length = 0;
}
