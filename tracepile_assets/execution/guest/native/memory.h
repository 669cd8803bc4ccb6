#ifndef TRACEPILE_MEMORY_H
#define TRACEPILE_MEMORY_H

#include <Python.h>

/* Have what is allocated from now on lie side by side, in pieces of the size of a large page. */
PyObject *gather_memory(PyObject *module, PyObject *nothing);
/* Use up what is free, and keep memory for children. */
PyObject *reserve_memory(PyObject *module, PyObject *is_turned);
/* In a child: allocate from that memory from now on. */
PyObject *take_reserved_memory(PyObject *module, PyObject *nothing);
/* Before a call: have the next blocks come in an order of their own, where the process is turned. */
PyObject *turn_memory(PyObject *module, PyObject *nothing);

#endif
