/* Mappings of libraries. */

#ifndef TRACEPILE_SEGMENTS_H
#define TRACEPILE_SEGMENTS_H

#include <Python.h>

PyObject *join_segments(PyObject *module, PyObject *nothing);

#endif
