/* What the two ways of being told of events share.

   Belongs here: where a frame stands. Does not belong here: being told (hook_trace.c, hook_monitoring.c). */

#ifndef TRACEPILE_HOOK_H
#define TRACEPILE_HOOK_H

#include "frames.h"
#include "opcode.h"

/* The instruction that a frame stands on, as it was compiled. */
static inline const unsigned char *standing(const CodeInfo *info, int last)
{
    static const unsigned char nowhere[2] = {0, 0};
    return last < 0 || last + 1 >= PyBytes_GET_SIZE(info->octets)
               ? nowhere
               : (const unsigned char *)PyBytes_AS_STRING(info->octets) + last;
}

/* A frame that yields stands on the yield, or, from 3.13 on, on the resumption behind it. */
static inline int stands_on_yield(const unsigned char *at)
{
    return at[0] == YIELD_VALUE || (at[0] == RESUME && (at[1] & 3));
}

static inline int stands_on_return(const unsigned char *at)
{
#ifdef RETURN_CONST
    if (at[0] == RETURN_CONST)
        return 1;
#endif
    return at[0] == RETURN_VALUE;
}

static inline int is_among(PyObject *places, int last)
{
    if (!PySet_GET_SIZE(places))
        return 0;
    PyObject *place = PyLong_FromLong(last);
    int found = place ? PySet_Contains(places, place) : -1;
    Py_XDECREF(place);
    return found;
}

/* Whether an exception is how a loop or a delegation ends here; -1: out of memory. */
static inline int is_ordinary_end(const CodeInfo *info, int last, PyObject *raised)
{
    if (!PyType_IsSubtype(Py_TYPE(raised), (PyTypeObject *)PyExc_StopIteration))
        return PyType_IsSubtype(Py_TYPE(raised), (PyTypeObject *)PyExc_StopAsyncIteration) ? is_among(info->loop_ends, last) : 0;
    const unsigned char *at = standing(info, last);
#ifdef END_SEND
    if (at[0] == END_SEND)
        return 1;
#endif
    return at[0] == FOR_ITER || at[0] == SEND || is_among(info->wait_ends, last);
}

#endif
