#ifndef TRACEPILE_READING_H
#define TRACEPILE_READING_H

#include "basics.h"

/* Columns of a tape, from its events, changes, frames and text (bytes), the lines of the statements, and the names of
   kinds and operations (tuples): a tuple of six lists per event, five per change and one per frame. */
PyObject *read_columns(PyObject *module, PyObject *args);

/* What a tape says, wherever its texts lie, as bytes. Of its events, changes, frames and text: all bytes. */
PyObject *placeless(PyObject *module, PyObject *args);

#endif
