#ifndef TRACEPILE_WATCHING_H
#define TRACEPILE_WATCHING_H

#include <Python.h>

/* Have a function called with what this program puts to use, until another call: its code, and the function, or None
   and None. Raises `RuntimeError` where the interpreter takes no hook. */
PyObject *watch_code(PyObject *module, PyObject *args);

#endif
