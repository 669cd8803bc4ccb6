/* Hears what code objects are put to use.

   Belongs here: leaving out what cannot be of interest, which is nearly all. Does not belong here: what the rest means
   (`patching.py`). */

#include "watching.h"

#include "basics.h"

static PyObject *watched, *listener;
static int listens;

/* The code object that an event of the interpreter is about, or NULL. `patches`: it replaces that of a function. */
static PyObject *put_to_use(const char *event, PyObject *given, int *patches)
{
    Py_ssize_t place = 0;
    *patches = 0;
    if (strcmp(event, "object.__setattr__") == 0) {
        if (PyTuple_GET_SIZE(given) != 3 || !PyUnicode_Check(PyTuple_GET_ITEM(given, 1)) ||
            PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(given, 1), "__code__") != 0)
            return NULL;
        place = 2;
        *patches = 1;
    } else if (strcmp(event, "exec") != 0 && strcmp(event, "function.__new__") != 0) {
        return NULL;
    }
    PyObject *code = place < PyTuple_GET_SIZE(given) ? PyTuple_GET_ITEM(given, place) : NULL;
    return code && PyCode_Check(code) ? code : NULL;
}

static int hear(const char *event, PyObject *given, void *nothing)
{
    (void)nothing;
    /* The hook is called for every interpreter, and as the last one ends. */
    if (!listener || !given || !PyTuple_Check(given))
        return 0;
    int patches;
    PyObject *code = put_to_use(event, given, &patches);
    if (!code || code == watched)
        return 0;
    PyObject *file = ((PyCodeObject *)code)->co_filename, *own = ((PyCodeObject *)watched)->co_filename;
    if (!patches && file != own && PyUnicode_Compare(file, own) != 0)
        return 0;
    PyThreadState *thread = PyThreadState_Get();
    PyObject *called = Py_NewRef(listener);
    PyThreadState_EnterTracing(thread);
    PyObject *said = PyObject_CallFunction(called, "sO", event, given);
    PyThreadState_LeaveTracing(thread);
    Py_DECREF(called);
    Py_XDECREF(said);
    return said ? 0 : -1;
}

PyObject *watch_code(PyObject *module, PyObject *args)
{
    PyObject *code, *function;
    (void)module;
    if (!PyArg_ParseTuple(args, "OO", &code, &function))
        return NULL;
    if (code != Py_None && !PyCode_Check(code)) {
        PyErr_SetString(PyExc_TypeError, "what is watched is a code object, or None");
        return NULL;
    }
    if (!listens && PySys_AddAuditHook(hear, NULL) < 0) {
        PyErr_SetString(PyExc_RuntimeError, "the interpreter takes no hook");
        return NULL;
    }
    /* There is no way to have it removed. */
    listens = 1;
    PyObject *before[] = {watched, listener};
    watched = code == Py_None ? NULL : Py_NewRef(code);
    listener = code == Py_None ? NULL : Py_NewRef(function);
    Py_XDECREF(before[0]);
    Py_XDECREF(before[1]);
    Py_RETURN_NONE;
}
