#ifndef TRACEPILE_ORDERED_H
#define TRACEPILE_ORDERED_H

#include "basics.h"

/* Keys and values of an OrderedDict, borrowed. 1: read; 0: not to be read like this; -1: an error. */
int ordered_read(PyObject *value, Pointers *keys, Pointers *values);
/* Finds out whether that can be done here. */
int ordered_prepare(void);

#endif
