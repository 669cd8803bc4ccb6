#ifndef TRACEPILE_CONFINING_H
#define TRACEPILE_CONFINING_H

#include <Python.h>

/* Limit this process for good: bytes of three numbers per limit, which it is, soft and hard. Raises `OSError`. */
PyObject *limit_process(PyObject *module, PyObject *limits);
/* Leave this process only the system calls that a filter (classic BPF) allows. Raises `OSError`. */
PyObject *install_filter(PyObject *module, PyObject *code);
/* Close all files but one; file 0 is empty and 1 and 2 cannot be written to. Raises `OSError`. */
PyObject *keep_only(PyObject *module, PyObject *number);
/* Wait for the end of a child, whose file is given, or for something to read from another file; say if it was the
   end. Raises `OSError`. */
PyObject *wait_for(PyObject *module, PyObject *args);

#endif
