/* Is told of events by sys.monitoring (CPython 3.12 and later).

   Belongs here: the callbacks. Does not belong here: what an event means (events.c). Events of the program's own code
   objects are asked for by code object, so that libraries run at full speed; those that can only be asked for
   everywhere are passed over in other code. */

#include "hook.h"

#if PY_VERSION_HEX >= 0x030C0000

enum { TOOL = 4, N_CALLBACKS = 8 };

static PyObject *done(Recorder *r, int result)
{
    if (result == 0)
        Py_RETURN_NONE;
    if (result == 1)
        PyErr_SetString(PyExc_RecursionError, "maximum recursion depth exceeded");
    else
        fail(r);
    return NULL;
}

static int is_elsewhere(Recorder *r, PyThreadState *thread) { return !r->tracing || thread != r->thread; }

static CodeInfo *info_of(Recorder *r, PyObject *code) { return address_get(&r->code_map, code); }

static PyObject *entered(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    Recorder *r = (Recorder *)self;
    PyThreadState *thread = PyThreadState_Get();
    CodeInfo *info = n > 0 && !is_elsewhere(r, thread) ? info_of(r, args[0]) : NULL;
    if (!info)
        Py_RETURN_NONE;
    r->inside++;
    PyObject *result = done(r, on_call(r, info, CURRENT_FRAME(thread)));
    r->inside--;
    return result;
}

static PyObject *lined(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    Recorder *r = (Recorder *)self;
    PyThreadState *thread = PyThreadState_Get();
    if (n < 2 || is_elsewhere(r, thread) || !find_top(r, CURRENT_FRAME(thread)))
        Py_RETURN_NONE;
    r->inside++;
    PyObject *result = done(r, on_line(r, (int)PyLong_AsLong(args[1])));
    r->inside--;
    return result;
}

static PyObject *left(Recorder *r, PyObject *const *args, Py_ssize_t n, int returned, int yielded)
{
    PyThreadState *thread = PyThreadState_Get();
    if (n < 3 || is_elsewhere(r, thread) || !info_of(r, args[0]) || !find_top(r, CURRENT_FRAME(thread)))
        Py_RETURN_NONE;
    r->inside++;
    PyObject *result = done(r, on_return(r, returned || yielded ? args[2] : Py_None, yielded, returned));
    r->inside--;
    return result;
}

static PyObject *returned(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    return left((Recorder *)self, args, n, 1, 0);
}

static PyObject *yielded(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    return left((Recorder *)self, args, n, 0, 1);
}

static PyObject *unwound(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    return left((Recorder *)self, args, n, 0, 0);
}

static PyObject *raised(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    Recorder *r = (Recorder *)self;
    PyThreadState *thread = PyThreadState_Get();
    CodeInfo *info = n > 2 && !is_elsewhere(r, thread) ? info_of(r, args[0]) : NULL;
    struct _PyInterpreterFrame *inner = CURRENT_FRAME(thread);
    if (!info || !find_top(r, inner))
        Py_RETURN_NONE;
    int last = _PyInterpreterFrame_LASTI(inner) * (int)sizeof(_Py_CODEUNIT);
    r->inside++;
    PyObject *result = done(r, on_exception(r, args[2], is_ordinary_end(info, last, args[2])));
    r->inside--;
    return result;
}

static struct {
    const char *event;
    int local;
    PyMethodDef method;
} callbacks[N_CALLBACKS] = {
    {"PY_START", 1, {"entered", (PyCFunction)(void (*)(void))entered, METH_FASTCALL, NULL}},
    {"PY_RESUME", 1, {"entered", (PyCFunction)(void (*)(void))entered, METH_FASTCALL, NULL}},
    {"LINE", 1, {"lined", (PyCFunction)(void (*)(void))lined, METH_FASTCALL, NULL}},
    {"PY_RETURN", 1, {"returned", (PyCFunction)(void (*)(void))returned, METH_FASTCALL, NULL}},
    {"PY_YIELD", 1, {"yielded", (PyCFunction)(void (*)(void))yielded, METH_FASTCALL, NULL}},
    {"PY_THROW", 0, {"entered", (PyCFunction)(void (*)(void))entered, METH_FASTCALL, NULL}},
    {"RAISE", 0, {"raised", (PyCFunction)(void (*)(void))raised, METH_FASTCALL, NULL}},
    {"PY_UNWIND", 0, {"unwound", (PyCFunction)(void (*)(void))unwound, METH_FASTCALL, NULL}},
};

/* Taken as the module is loaded: a program may put others in their place. */
static PyObject *use_tool, *free_tool, *set_callback, *set_everywhere, *set_locally;
static long numbers[N_CALLBACKS];

int hook_prepare(void)
{
    PyObject *monitoring = PySys_GetObject("monitoring"), *events;
    if (!monitoring || !(events = PyObject_GetAttrString(monitoring, "events")))
        return -1;
    for (int i = 0; i < N_CALLBACKS; i++) {
        PyObject *number = PyObject_GetAttrString(events, callbacks[i].event);
        numbers[i] = number ? PyLong_AsLong(number) : -1;
        Py_XDECREF(number);
    }
    Py_DECREF(events);
    use_tool = PyObject_GetAttrString(monitoring, "use_tool_id");
    free_tool = PyObject_GetAttrString(monitoring, "free_tool_id");
    set_callback = PyObject_GetAttrString(monitoring, "register_callback");
    set_everywhere = PyObject_GetAttrString(monitoring, "set_events");
    set_locally = PyObject_GetAttrString(monitoring, "set_local_events");
    return PyErr_Occurred() ? -1 : 0;
}

static int told(PyObject *nothing)
{
    Py_XDECREF(nothing);
    return nothing ? 0 : -1;
}

static int ask_for(Recorder *r, long local, long everywhere)
{
    for (Py_ssize_t i = 0; i < r->n_codes; i++)
        if (told(PyObject_CallFunction(set_locally, "iOl", TOOL, r->codes[i].code, local)) < 0)
            return -1;
    for (Py_ssize_t i = 0; i < r->copies.length; i++)
        if (told(PyObject_CallFunction(set_locally, "iOl", TOOL, r->copies.items[i], local)) < 0)
            return -1;
    return told(PyObject_CallFunction(set_everywhere, "il", TOOL, everywhere));
}

int hook_install(Recorder *r)
{
    long local = 0, everywhere = 0;
    r->thread = PyThreadState_Get();
    if (told(PyObject_CallFunction(use_tool, "is", TOOL, "recorder")) < 0)
        return -1;
    for (int i = 0; i < N_CALLBACKS; i++) {
        PyObject *callback = PyCFunction_New(&callbacks[i].method, (PyObject *)r);
        *(callbacks[i].local ? &local : &everywhere) |= numbers[i];
        if (!callback || told(PyObject_CallFunction(set_callback, "ilN", TOOL, numbers[i], callback)) < 0)
            return -1;
    }
    return ask_for(r, local, everywhere);
}

int hook_take_in(Recorder *r, PyObject *code)
{
    long local = 0;
    (void)r;
    for (int i = 0; i < N_CALLBACKS; i++)
        local |= callbacks[i].local ? numbers[i] : 0;
    return told(PyObject_CallFunction(set_locally, "iOl", TOOL, code, local));
}

void hook_remove(Recorder *r)
{
    PyObject *type, *error, *traceback;
    PyErr_Fetch(&type, &error, &traceback);
    int failed = ask_for(r, 0, 0);
    for (int i = 0; i < N_CALLBACKS && !failed; i++)
        failed = told(PyObject_CallFunction(set_callback, "ilO", TOOL, numbers[i], Py_None));
    if (!failed)
        failed = told(PyObject_CallFunction(free_tool, "i", TOOL));
    PyErr_Clear();
    PyErr_Restore(type, error, traceback);
}

#endif
