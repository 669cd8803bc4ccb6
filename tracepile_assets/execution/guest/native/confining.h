#ifndef TRACEPILE_CONFINING_H
#define TRACEPILE_CONFINING_H

#include <Python.h>

/* Limit this process for good: bytes of three numbers per limit, which it is, soft and hard. Raises `OSError`. */
PyObject *limit_process(PyObject *module, PyObject *limits);
/* Leave this process only the system calls that a filter (classic BPF) allows. Raises `OSError`. */
PyObject *install_filter(PyObject *module, PyObject *code);
/* Close all files but one; file 0 is empty and 1 and 2 cannot be written to. Raises `OSError`. */
PyObject *keep_only(PyObject *module, PyObject *number);
/* Fork, past what Python does around it. In the child None; in the parent, once the child has ended: its status, its
   CPU time in seconds, and whether it was killed because there is something to read from a file. Until then the parent
   writes to none of the pages that it shares with the child. Raises `OSError`. */
PyObject *fork_and_watch(PyObject *module, PyObject *number);

#endif
