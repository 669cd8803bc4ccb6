/* Finds, in a running frame, the objects that a statement may have changed.

   Belongs here: following the paths that the syntax tree gives (`effects`) through plain containers and instances. Does
   not belong here: comparing the objects (changes.c). */

#include "recorder.h"

enum { CONSTANT, NAME, ROW, MINUS, ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO };

typedef struct {
    Recorder *r;
    Frame *top;
    int before;
} Moment;

/* Borrowed; NULL without an error: not bound. */
static PyObject *lookup(Moment *moment, PyObject *name)
{
    Recorder *r = moment->r;
    if (moment->before) {
        for (Py_ssize_t i = 0; i < r->before_names.length; i++)
            if (r->before_names.items[i] == name)
                return r->before_values.items[i];
        return NULL;
    }
    PyObject *value = frame_named(moment->top, name);
    return value ? value : PyDict_GetItemWithError(r->globals.dict, name);
}

static int plain_key(Recorder *r, PyObject *key)
{
    if (PyTuple_CheckExact(key)) {
        if (Py_EnterRecursiveCall(" in a key"))
            return -1;
        int plain = 1;
        for (Py_ssize_t i = 0; plain == 1 && i < PyTuple_GET_SIZE(key); i++)
            plain = plain_key(r, PyTuple_GET_ITEM(key, i));
        Py_LeaveRecursiveCall();
        return plain;
    }
    return Py_TYPE(key) == &PySlice_Type ? 0 : atom(r, key);
}

static int small_int(PyObject *number) { return PyLong_CheckExact(number) && _PyLong_NumBits(number) <= 64; }

static PyObject *evaluate(Moment *moment, PyObject *node);

static PyObject *evaluate_row(Moment *moment, PyObject *parts)
{
    PyObject *row = PyTuple_New(PyTuple_GET_SIZE(parts));
    for (Py_ssize_t i = 0; row && i < PyTuple_GET_SIZE(parts); i++) {
        PyObject *part = evaluate(moment, PyTuple_GET_ITEM(parts, i));
        if (!part)
            Py_CLEAR(row);
        else
            PyTuple_SET_ITEM(row, i, part);
    }
    return row;
}

static PyObject *combine(long operation, PyObject *left, PyObject *right)
{
    switch (operation) {
    case MINUS:
        return PyNumber_Negative(left);
    case ADD:
        return PyNumber_Add(left, right);
    case SUBTRACT:
        return PyNumber_Subtract(left, right);
    case MULTIPLY:
        return PyNumber_Multiply(left, right);
    default:
        if (!PyObject_IsTrue(right))
            return NULL;
        return operation == DIVIDE ? PyNumber_FloorDivide(left, right) : PyNumber_Remainder(left, right);
    }
}

/* Value of a simple index over plain values; NULL without an error: it has none. */
static PyObject *evaluate(Moment *moment, PyObject *node)
{
    long operation = PyLong_AsLong(PyTuple_GET_ITEM(node, 0));
    PyObject *operand = PyTuple_GET_ITEM(node, 1);
    if (operation == CONSTANT)
        return Py_NewRef(operand);
    if (operation == NAME) {
        PyObject *value = lookup(moment, operand);
        return value && plain_key(moment->r, value) == 1 ? Py_NewRef(value) : NULL;
    }
    if (Py_EnterRecursiveCall(" in an index"))
        return NULL;
    PyObject *result = NULL;
    if (operation == ROW) {
        result = evaluate_row(moment, operand);
    } else {
        PyObject *left = evaluate(moment, operand), *right = NULL;
        if (left && operation != MINUS)
            right = evaluate(moment, PyTuple_GET_ITEM(node, 2));
        if (left && small_int(left) && (operation == MINUS || (right && small_int(right))))
            result = combine(operation, left, right);
        Py_XDECREF(left);
        Py_XDECREF(right);
    }
    Py_LeaveRecursiveCall();
    return result;
}

/* 1 found in `*item`, borrowed; 0 lost; 2 nothing there; -1 error */
static int item_of(Recorder *r, PyObject *value, PyObject *index, PyObject **item)
{
    PyTypeObject *type = Py_TYPE(value);
    int sequence = type == &PyList_Type || type == &PyTuple_Type || type == r->deque;
    if (sequence) {
        if (!PyLong_CheckExact(index) && !PyBool_Check(index)) {
            int plain = atom(r, index);
            return plain < 0 ? -1 : plain ? 2 : 0;
        }
        Py_ssize_t place = PyLong_AsSsize_t(index), n = Py_SIZE(value);
        if (place == -1 && PyErr_Occurred())
            PyErr_Clear(), place = n;
        if (place < -n || place >= n)
            return 2;
        PyObject *found = PySequence_GetItem(value, place);
        if (!found)
            return -1;
        *item = found;
        Py_DECREF(found);
        return 1;
    }
    int mapping = PySet_Contains(r->mappings, (PyObject *)type);
    if (mapping <= 0)
        return mapping;
    int plain = plain_key(r, index);
    if (plain <= 0)
        return plain;
    *item = PyDict_GetItemWithError(value, index);
    return *item ? 1 : PyErr_Occurred() ? -1 : 2;
}

static int attribute_of(Recorder *r, PyObject *value, PyObject *name, PyObject **found)
{
    Kind *kind = kind_of(r, value);
    uint64_t version;
    if (!kind || kind_shape(r, kind, value) < 0)
        return -1;
    if (kind->opaque || kind->exact)
        return 0;
    if (attributes_read(value, kind, &r->write_names, &r->write_attributes, &version) < 0)
        return -1;
    for (Py_ssize_t i = 0; i < r->write_names.length; i++)
        if (r->write_names.items[i] == name || PyUnicode_Compare(r->write_names.items[i], name) == 0) {
            *found = r->write_attributes.items[i];
            return 1;
        }
    return 0;
}

static int follow(Moment *moment, PyObject *path)
{
    Recorder *r = moment->r;
    PyObject *value = lookup(moment, PyTuple_GET_ITEM(path, 0));
    if (!value)
        return PyErr_Occurred() ? -1 : 1;
    if (is_plain(Py_TYPE(value)))
        return 1;
    int unseen = invisible(r, value);
    if (unseen)
        return unseen < 0 ? -1 : 0;
    if (pointers_add(&r->touched, value) < 0)
        return -1;
    for (Py_ssize_t i = 1; i < PyTuple_GET_SIZE(path); i++) {
        PyObject *step = PyTuple_GET_ITEM(path, i), *next = NULL;
        int found = atom(r, value);
        if (found)
            return found < 0 ? -1 : 1;
        if (PyUnicode_Check(step)) {
            found = attribute_of(r, value, step, &next);
        } else {
            PyObject *index = evaluate(moment, step);
            if (!index)
                return PyErr_Occurred() ? -1 : 0;
            found = item_of(r, value, index, &next);
            Py_DECREF(index);
        }
        if (found == 2)
            return 1;
        if (found != 1)
            return found;
        value = next;
        if (pointers_add(&r->touched, value) < 0)
            return -1;
    }
    return 1;
}

/* List the objects on a statement's paths, as the variables were before it and are after it. */
int touched(Recorder *r, Frame *top, Statement *statement)
{
    r->touched.length = 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(statement->paths); i++)
        for (int before = 1; before >= 0; before--) {
            Moment moment = {r, top, before};
            int found = follow(&moment, PyTuple_GET_ITEM(statement->paths, i));
            if (found != 1)
                return found;
        }
    return 1;
}
