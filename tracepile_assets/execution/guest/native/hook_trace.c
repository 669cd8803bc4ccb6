/* Is told of events by PyEval_SetTrace (CPython 3.11).

   Belongs here: the trace function. Does not belong here: what an event means (events.c). */

#include "hook.h"

#if PY_VERSION_HEX < 0x030C0000

/* Where a generator that another one yields for returns on having been thrown into, that other one goes on without a
   call being reported. So the first thing that it does is asked for. */
static int goes_on_unseen(const unsigned char *at) { return at[2] == RESUME && (at[3] & 3) > 1; }

static int inside(Recorder *r, CodeInfo *info, PyFrameObject *object, int what, PyObject *argument)
{
    struct _PyInterpreterFrame *inner = object->f_frame;
    object->f_trace_opcodes = 0;
    if (what == PyTrace_CALL)
        return on_call(r, info, inner);
    if (!find_top(r, inner)) {
        int called = info->is_generator && address_get(&r->suspended, inner) ? on_call(r, info, inner) : 0;
        if (called || !find_top(r, inner))
            return called;
    }
    if (what == PyTrace_LINE)
        return on_line(r, object->f_lineno ? object->f_lineno : PyFrame_GetLineNumber(object));
    int last = PyFrame_GetLasti(object);
    const unsigned char *at = standing(info, last);
    if (what == PyTrace_RETURN) {
        int yields = stands_on_yield(at);
        object->f_trace_opcodes = (char)(yields && goes_on_unseen(at));
        return on_return(r, argument ? argument : Py_None, yields, stands_on_return(at));
    }
    if (what == PyTrace_EXCEPTION) {
        PyObject *raised = PyTuple_GET_ITEM(argument, 1);
        return on_exception(r, raised, is_ordinary_end(info, last, raised));
    }
    return 0;
}

static int reported(PyObject *self, PyFrameObject *object, int what, PyObject *argument)
{
    Recorder *r = (Recorder *)self;
    CodeInfo *info = r->depth && r->stack[r->depth - 1]->inner == object->f_frame
                         ? r->stack[r->depth - 1]->info
                         : address_get(&r->code_map, CODE_OF(object->f_frame));
    if (!info) {
        /* Its lines are nobody's business: the interpreter then does not report them. */
        object->f_trace_lines = 0;
        return 0;
    }
    Py_INCREF(self);
    r->inside++;
    int result = inside(r, info, object, what, argument);
    if (result == 1) {
        PyErr_SetString(PyExc_RecursionError, "maximum recursion depth exceeded");
        result = -1;
    } else if (result < 0) {
        fail(r);
    }
    r->inside--;
    Py_DECREF(self);
    return result;
}

int hook_prepare(void) { return 0; }

int hook_install(Recorder *r)
{
    PyEval_SetTrace(reported, (PyObject *)r);
    return 0;
}

int hook_take_in(Recorder *r, PyObject *code)
{
    (void)r;
    (void)code;
    return 0;
}

void hook_remove(Recorder *r)
{
    (void)r;
    PyEval_SetTrace(NULL, NULL);
}

#endif
