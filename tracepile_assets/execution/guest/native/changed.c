/* Tells changed dictionaries from unchanged ones, many at once.

   Belongs here: comparing the numbers that CPython 3.11 and 3.12 give to every change of a dictionary. Does not belong
   here: what a dictionary is to hold, and interpreters without such numbers (`contents.py`). */

#include "changed.h"

PyObject *same_items(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *lists, *before;
    if (!PyArg_ParseTuple(args, "O!O!", &PyTuple_Type, &lists, &PyTuple_Type, &before))
        return NULL;
    Py_ssize_t count = PyTuple_GET_SIZE(lists);
    int same = count == PyTuple_GET_SIZE(before);
    for (Py_ssize_t i = 0; same && i < count; i++) {
        PyObject *list = PyTuple_GET_ITEM(lists, i), *wanted = PyTuple_GET_ITEM(before, i);
        same = PyList_Check(list) && PyTuple_Check(wanted) && PyList_GET_SIZE(list) == PyTuple_GET_SIZE(wanted);
        for (Py_ssize_t j = 0; same && j < PyTuple_GET_SIZE(wanted); j++)
            same = PyList_GET_ITEM(list, j) == PyTuple_GET_ITEM(wanted, j);
    }
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
            /* No count of references is changed: that would write to its page. */
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
