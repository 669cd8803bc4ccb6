/* Tells changed containers from unchanged ones, many at once.

   Belongs here: comparing what containers hold with what they held, and the numbers that CPython 3.11 and 3.12 give to
   every change of a dictionary. Does not belong here: what a container is to hold, and interpreters without such
   numbers (`contents.py`, `reached.py`).

   No count of references is changed: that would write to pages that a forked child shares. */

#include "changed.h"

typedef struct {
    PyObject *const *all;
    Py_ssize_t count, next;
} Wanted;

static int next_is(Wanted *wanted, PyObject *item)
{
    return wanted->next < wanted->count && item == wanted->all[wanted->next++];
}

/* The same of a set, which need not be listed in the order of its table. */
static int is_among(Wanted *wanted, PyObject *item)
{
    Py_ssize_t at = 0;
    while (at < wanted->count && wanted->all[(wanted->next + at) % wanted->count] != item)
        at++;
    wanted->next++;
    return at < wanted->count;
}

static int holds(PyObject *held, PyObject *before)
{
    Wanted wanted = {((PyTupleObject *)before)->ob_item, PyTuple_GET_SIZE(before), 0};
    int same = 1;
    if (PyList_Check(held)) {
        for (Py_ssize_t i = 0; same && i < PyList_GET_SIZE(held); i++)
            same = next_is(&wanted, PyList_GET_ITEM(held, i));
    } else if (PyDict_Check(held)) {
        PyObject *key, *value;
        for (Py_ssize_t at = 0; same && PyDict_Next(held, &at, &key, &value);)
            same = next_is(&wanted, key) && next_is(&wanted, value);
    } else if (PyAnySet_Check(held)) {
        setentry *table = ((PySetObject *)held)->table;
        for (Py_ssize_t i = 0; same && i <= ((PySetObject *)held)->mask; i++)
            same = !table[i].key || table[i].hash == -1 || is_among(&wanted, table[i].key);
    } else {
        return 0;
    }
    return same && wanted.next == wanted.count;
}

PyObject *same_items(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *all, *before;
    if (!PyArg_ParseTuple(args, "O!O!", &PyTuple_Type, &all, &PyTuple_Type, &before))
        return NULL;
    Py_ssize_t count = PyTuple_GET_SIZE(all);
    int same = count == PyTuple_GET_SIZE(before);
    for (Py_ssize_t i = 0; same && i < count; i++)
        same = PyTuple_Check(PyTuple_GET_ITEM(before, i)) &&
               holds(PyTuple_GET_ITEM(all, i), PyTuple_GET_ITEM(before, i));
    return PyBool_FromLong(same);
}

#if PY_VERSION_HEX >= 0x030B0000 && PY_VERSION_HEX < 0x030D0000

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

PyObject *changed_dictionaries(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *dictionaries;
    Py_buffer numbers;
    if (!PyArg_ParseTuple(args, "O!y*", &PyTuple_Type, &dictionaries, &numbers))
        return NULL;
    Py_ssize_t count = PyTuple_GET_SIZE(dictionaries);
    PyObject *found = NULL;
    if (numbers.len != count * (Py_ssize_t)sizeof(uint64_t)) {
        PyErr_SetString(PyExc_ValueError, "not as many numbers as dictionaries");
    } else {
        const uint64_t *known = numbers.buf;
        found = PyList_New(0);
        for (Py_ssize_t i = 0; found && i < count; i++) {
            PyObject *held = PyTuple_GET_ITEM(dictionaries, i);
            if (PyDict_Check(held) && ((PyDictObject *)held)->ma_version_tag == known[i])
                continue;
            PyObject *number = PyLong_FromSsize_t(i);
            if (!number || PyList_Append(found, number) < 0)
                Py_CLEAR(found);
            Py_XDECREF(number);
        }
    }
    PyBuffer_Release(&numbers);
    return found;
}

#else

PyObject *changed_dictionaries(PyObject *module, PyObject *args)
{
    (void)module;
    (void)args;
    PyErr_SetString(PyExc_NotImplementedError, "this CPython does not number the changes of a dictionary");
    return NULL;
}

#endif
