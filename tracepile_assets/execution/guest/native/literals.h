#ifndef TRACEPILE_LITERALS_H
#define TRACEPILE_LITERALS_H

#include "basics.h"

/* From the text between a call's parentheses, and the words that are no names: the arguments, as a tuple and a dict;
   None where that takes the compiler. */
PyObject *read_literals(PyObject *module, PyObject *given);

#endif
