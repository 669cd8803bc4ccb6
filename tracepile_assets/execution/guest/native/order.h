#ifndef TRACEPILE_ORDER_H
#define TRACEPILE_ORDER_H

#include "basics.h"

/* Have small sets iterated over, from now on, in another order than where the hash seed is 0. Returns what is to stand for
   `hash` then; None where hashes are not known well enough. */
PyObject *differ_in_order(PyObject *module, PyObject *unused);

#endif
