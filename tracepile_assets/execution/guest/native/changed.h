#ifndef TRACEPILE_CHANGED_H
#define TRACEPILE_CHANGED_H

#include "basics.h"

/* Indexes, in a tuple of dictionaries, of those whose number differs from the one in an array of uint64. */
PyObject *changed_dictionaries(PyObject *module, PyObject *args);
/* Whether each of a tuple of lists, dictionaries (key, value, key, ...) and sets holds the very objects of the tuple at
   its place in another one. */
PyObject *same_items(PyObject *module, PyObject *args);

#endif
