/* Tells what kind of value an object is, by its real type alone.

   Belongs here: the plain atoms, and what the Python recorder's `Shape` says of a type, asked once per type. Does not
   belong here: the parts of objects (parts.c). */

#include "recorder.h"
#include <structmember.h>

static int in_mro(PyTypeObject *type, PyTypeObject *wanted)
{
    PyObject *mro = type->tp_mro;
    for (Py_ssize_t i = 0; mro && i < PyTuple_GET_SIZE(mro); i++)
        if (PyTuple_GET_ITEM(mro, i) == (PyObject *)wanted)
            return 1;
    return 0;
}

/* Of the types that are part of the interpreter: what is said of them is the same in every run. */
static AddressMap lasting;

Kind *kind_of(Recorder *r, PyObject *value)
{
    PyTypeObject *type = Py_TYPE(value);
    AddressMap *kinds = type->tp_flags & Py_TPFLAGS_HEAPTYPE ? &r->kinds : &lasting;
    Kind *kind = address_get(kinds, type);
    if (kind)
        return kind;
    PyObject *answer = PyObject_CallOneArg(r->is_invisible, value);
    if (!answer)
        return NULL;
    int unseen = answer == Py_True;
    Py_DECREF(answer);
    kind = PyMem_Calloc(1, sizeof *kind);
    if (!kind) {
        PyErr_NoMemory();
        return NULL;
    }
    kind->type = (PyTypeObject *)Py_NewRef((PyObject *)type);
    kind->invisible = (unsigned char)unseen;
    kind->ordered = (unsigned char)in_mro(type, r->ordered_dict);
    kind->met = kinds == &lasting;
    if (address_set(kinds, type, kind) < 0) {
        Py_DECREF(type);
        PyMem_Free(kind);
        return NULL;
    }
    return kind;
}

static int base_of(Recorder *r, PyObject *base)
{
    if (base == (PyObject *)&PyList_Type)
        return LIST;
    if (base == (PyObject *)&PyDict_Type)
        return DICT;
    if (base == (PyObject *)&PySet_Type)
        return SET;
    if (base == (PyObject *)&PyFrozenSet_Type)
        return FROZENSET;
    if (base == (PyObject *)&PyTuple_Type)
        return TUPLE;
    if (base == (PyObject *)&PyByteArray_Type)
        return BYTEARRAY;
    if (base == (PyObject *)r->deque)
        return DEQUE;
    if (base == PyExc_BaseException)
        return EXCEPTION;
    return base == Py_None ? NO_BASE : ATOM;
}

static int read_members(Kind *kind, PyObject *slots)
{
    Py_ssize_t n = PyList_GET_SIZE(slots);
    kind->members = PyMem_Calloc((size_t)n + 1, sizeof *kind->members);
    if (!kind->members) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *name = PyTuple_GET_ITEM(PyList_GET_ITEM(slots, i), 0);
        PyObject *descriptor = PyObject_GetAttrString(PyTuple_GET_ITEM(PyList_GET_ITEM(slots, i), 1), "__self__");
        if (!descriptor)
            return -1;
        if (Py_TYPE(descriptor) == &PyMemberDescr_Type) {
            kind->members[kind->n_members].offset = ((PyMemberDescrObject *)descriptor)->d_member->offset;
            kind->members[kind->n_members++].name = Py_NewRef(name);
        }
        Py_DECREF(descriptor);
    }
    return 0;
}

static int read_flag(PyObject *shape, const char *name, unsigned char *flag)
{
    PyObject *found = PyObject_GetAttrString(shape, name);
    if (!found)
        return -1;
    int truth = PyObject_IsTrue(found);
    Py_DECREF(found);
    *flag = (unsigned char)(truth > 0);
    return truth < 0 ? -1 : 0;
}

int kind_shape(Recorder *r, Kind *kind, PyObject *value)
{
    if (kind->shaped)
        return 0;
    PyObject *shape = PyObject_CallOneArg(r->shape_of, value);
    if (!shape)
        return -1;
    PyObject *base = PyObject_GetAttrString(shape, "base"), *slots = PyObject_GetAttrString(shape, "slots");
    PyObject *fields = PyObject_GetAttrString(shape, "fields"), *dict_of = PyObject_GetAttrString(shape, "dict_of");
    kind->name = PyObject_GetAttrString(shape, "name");
    int failed = !base || !slots || !fields || !dict_of || !kind->name ||
                 read_flag(shape, "exact", &kind->exact) < 0 || read_flag(shape, "opaque", &kind->opaque) < 0 ||
                 read_members(kind, slots) < 0;
    if (!failed) {
        kind->base = (unsigned char)base_of(r, base);
        kind->fixed = kind->opaque;
        kind->has_dict = dict_of != Py_None;
        kind->fields = fields == Py_None ? NULL : Py_NewRef(fields);
        if (kind->base == ATOM)
            kind->base_value = Py_XNewRef(PyDict_GetItem(r->base_values, base));
        kind->shaped = 1;
    }
    Py_XDECREF(base);
    Py_XDECREF(slots);
    Py_XDECREF(fields);
    Py_XDECREF(dict_of);
    Py_DECREF(shape);
    return failed ? -1 : 0;
}

int atom(Recorder *r, PyObject *value)
{
    PyTypeObject *type = Py_TYPE(value);
    if (is_plain(type))
        return 1;
    for (PyTypeObject **other = r->other_atoms; *other; other++)
        if (type == *other) {
            PyObject *answer = PyObject_CallOneArg(r->is_atom, value);
            if (!answer)
                return -1;
            Py_DECREF(answer);
            return answer == Py_True;
        }
    return 0;
}

int invisible(Recorder *r, PyObject *value)
{
    PyTypeObject *type = Py_TYPE(value);
    if (is_plain(type) || type == &PyList_Type || type == &PyDict_Type || type == &PyTuple_Type)
        return 0;
    Kind *kind = kind_of(r, value);
    return kind ? kind->invisible : -1;
}

void kinds_free(Recorder *r)
{
    for (size_t i = 0; i < r->kinds.capacity; i++) {
        Kind *kind = r->kinds.values[i];
        if (!kind)
            continue;
        for (Py_ssize_t m = 0; m < kind->n_members; m++)
            Py_DECREF(kind->members[m].name);
        PyMem_Free(kind->members);
        Py_XDECREF(kind->name);
        Py_XDECREF(kind->fields);
        Py_XDECREF(kind->base_value);
        Py_XDECREF(kind->type);
        PyMem_Free(kind);
    }
    address_free(&r->kinds);
}
