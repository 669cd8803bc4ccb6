/* The extension module: one type, one object per run.

   Belongs here: construction from what Python hands over, starting, ending, limits on depth. Does not belong here:
   recording. */

#include "changed.h"
#include "confining.h"
#include "frames.h"
#include "literals.h"
#include "memory.h"
#include "order.h"
#include "ordered.h"
#include "reading.h"
#include "segments.h"
#include "watching.h"

int current_depth(void) { return DEPTH_IN_USE(PyThreadState_Get()); }

enum { OWN_LEVELS = 200 };

int set_limit(Recorder *r, long limit)
{
    long long wanted = limit >= 1 ? (long long)limit + r->base + OWN_LEVELS : limit;
    PyObject *nothing = PyObject_CallFunction(r->set_limit, "L", wanted > INT_MAX ? (long long)INT_MAX : wanted);
    if (!nothing)
        return -1;
    Py_DECREF(nothing);
    r->limit = (int)(limit > INT_MAX ? INT_MAX : limit);
    r->watched = r->limit / 4;
    return 0;
}

void fail(Recorder *r)
{
    if (r->tracing) {
        r->tracing = 0;
        hook_remove(r);
    }
    if (!PyErr_Occurred())
        PyErr_SetString(PyExc_SystemError, "the recorder failed without an error");
    if (PyErr_ExceptionMatches(r->stop_type))
        return;
    PyObject *type, *error, *traceback;
    PyErr_Fetch(&type, &error, &traceback);
    PyErr_NormalizeException(&type, &error, &traceback);
    if (PyErr_GivenExceptionMatches(type, PyExc_MemoryError)) {
        stop_run(r, "memory_limit", "out of memory");
    } else {
        PyObject *said = error ? PyObject_Str(error) : NULL;
        PyObject *reason = PyUnicode_FromFormat("the recorder failed: %s: %V", ((PyTypeObject *)type)->tp_name, said, "");
        const char *text = reason ? PyUnicode_AsUTF8(reason) : NULL;
        PyErr_Clear();
        stop_run(r, "crash", text ? text : "the recorder failed");
        Py_XDECREF(said);
        Py_XDECREF(reason);
    }
    Py_XDECREF(type);
    Py_XDECREF(error);
    Py_XDECREF(traceback);
}

static int take(PyObject *helper, const char *name, PyObject **place)
{
    PyObject *interned = PyUnicode_InternFromString(name);
    *place = interned ? PyObject_GetAttr(helper, interned) : NULL;
    Py_XDECREF(interned);
    return *place ? 0 : -1;
}

static int take_helpers(Recorder *r, PyObject *helper)
{
    PyObject *deque = NULL, *ordered = NULL, *atoms = NULL;
    r->helper = Py_NewRef(helper);
    int failed = take(helper, "shape_of", &r->shape_of) < 0 || take(helper, "is_invisible", &r->is_invisible) < 0 ||
                 take(helper, "is_atom", &r->is_atom) < 0 || take(helper, "atom_text", &r->atom_text) < 0 ||
                 take(helper, "base_values", &r->base_values) < 0 || take(helper, "deep", &r->deep) < 0 ||
                 take(helper, "leave_out", &r->leave_out) < 0 || take(helper, "left_out", &r->left_out) < 0 ||
                 take(helper, "vague", &r->vague) < 0 || take(helper, "named_changes", &r->named_changes) < 0 ||
                 take(helper, "stop", &r->stop) < 0 || take(helper, "stop_type", &r->stop_type) < 0 ||
                 take(helper, "read_output", &r->read_output) < 0 || take(helper, "set_limit", &r->set_limit) < 0 ||
                 take(helper, "meet", &r->meet) < 0 || take(helper, "class_name", &r->class_name) < 0 ||
                 take(helper, "class_look", &r->class_look) < 0 || take(helper, "class_held", &r->class_held) < 0 ||
                 take(helper, "mappings", &r->mappings) < 0 || take(helper, "tell", &r->tell_keeper) < 0 ||
                 take(helper, "deque", &deque) < 0 || take(helper, "ordered_dict", &ordered) < 0 ||
                 take(helper, "other_atoms", &atoms) < 0;
    if (!failed) {
        PyMethodDef *method =
            Py_TYPE(r->tell_keeper) == &PyMethodDescr_Type ? ((PyMethodDescrObject *)r->tell_keeper)->d_method : NULL;
        if (!method || method->ml_flags != METH_NOARGS ||
            !PyObject_TypeCheck(r->output, ((PyMethodDescrObject *)r->tell_keeper)->d_common.d_type) || !PyTuple_Check(atoms) || PyTuple_GET_SIZE(atoms) > 15) {
            PyErr_SetString(PyExc_TypeError, "the helper is not of the kind expected");
            failed = 1;
        } else {
            r->tell = method->ml_meth;
            /* Types of the standard library: they outlive the recorder. */
            for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(atoms); i++)
                r->other_atoms[i] = (PyTypeObject *)PyTuple_GET_ITEM(atoms, i);
            r->deque = (PyTypeObject *)deque;
            r->ordered_dict = (PyTypeObject *)ordered;
        }
    }
    Py_XDECREF(deque);
    Py_XDECREF(ordered);
    Py_XDECREF(atoms);
    return failed ? -1 : 0;
}

static void let_go(Recorder *r)
{
    frames_clear(r);
    namespace_clear(&r->globals);
    heap_clear(r);
    classes_clear(r);
    pointers_release(&r->before_values);
    for (Py_ssize_t i = 0; i < r->copies.length; i++)
        address_remove(&r->code_map, r->copies.items[i]);
    pointers_release(&r->copies);
    PyObject **held[] = {&r->helper,    &r->shape_of,  &r->is_invisible, &r->is_atom,       &r->atom_text,
                         &r->base_values, &r->deep,    &r->leave_out,    &r->left_out,      &r->vague,
                         &r->named_changes, &r->stop,  &r->stop_type,    &r->read_output,   &r->mappings,
                         &r->tell_keeper, &r->output,  &r->meet,         &r->class_name,    &r->class_look,
                         &r->class_held};
    for (size_t i = 0; i < sizeof held / sizeof *held; i++)
        Py_CLEAR(*held[i]);
    if (r->tape.view.obj)
        PyBuffer_Release(&r->tape.view);
}

static void recorder_dealloc(PyObject *self)
{
    Recorder *r = (Recorder *)self;
    let_go(r);
    Py_CLEAR(r->set_limit);
    tables_free(r);
    kinds_free(r);
    address_free(&r->entries);
    text_free(&r->scratch);
    text_free(&r->whole);
    text_free(&r->changes_text);
    text_free(&r->line);
    text_free(&r->place);
    PyMem_RawFree(r->deltas);
    PyMem_Free(r->functions_at);
    Pointers *lists[] = {&r->work,        &r->read_items,      &r->read_values,  &r->read_names, &r->read_attributes,
                         &r->write_names, &r->write_attributes, &r->after_values, &r->touched, &r->rebound,
                         &r->gained,      &r->lost};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        pointers_free(lists[i]);
    PyTypeObject *type = Py_TYPE(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *recorder_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"buffer", "layout", "codes",  "statements", "namespace", "mentioned", "reaches_globals",
                            "reaches_frames", "compares_all", "caps", "output", "helper", "limit", "deadline",
                            "first_line", "previous", NULL};
    PyObject *buffer, *layout, *codes, *statements, *namespace, *mentioned, *caps, *output, *helper, *previous = NULL;
    int reaches_globals, reaches_frames, compares_all, limit, first_line;
    double deadline;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "OO!O!O!O!O!pppO!OOidi|O", names, &buffer, &PyTuple_Type, &layout,
                                     &PyTuple_Type, &codes, &PyTuple_Type, &statements, &PyDict_Type, &namespace,
                                     &PyFrozenSet_Type, &mentioned, &reaches_globals, &reaches_frames, &compares_all,
                                     &PyTuple_Type, &caps, &output, &helper, &limit, &deadline, &first_line,
                                     &previous))
        return NULL;
    Recorder *r = (Recorder *)type->tp_alloc(type, 0);
    if (!r)
        return NULL;
    unsigned long long value_chars, items, chars, total_chars;
    r->output = Py_NewRef(output);
    r->globals.dict = Py_NewRef(namespace);
    r->globals.filter = Py_NewRef(mentioned);
    r->reaches_globals = (unsigned char)reaches_globals;
    r->reaches_frames = (unsigned char)reaches_frames;
    r->compares_all = (unsigned char)compares_all;
    r->limit = limit;
    r->first_line = first_line;
    r->base = OWN_LEVELS;
    r->prune_at = 4096;
    if (!PyArg_ParseTuple(caps, "KKKKn", &value_chars, &items, &chars, &total_chars, &r->output_bytes) ||
        take_helpers(r, helper) < 0 || tape_open(r, buffer, layout) < 0 ||
        (!take_over(r, previous) && tables_read(r, codes, statements) < 0)) {
        Py_DECREF(r);
        return NULL;
    }
    r->value_chars = value_chars;
    r->contents_items = items;
    r->contents_chars = chars;
    r->tape.most_chars = total_chars;
    r->tape.deadline = deadline;
    return (PyObject *)r;
}

static PyObject *recorder_start(PyObject *self, PyObject *nothing)
{
    Recorder *r = (Recorder *)self;
    (void)nothing;
    PyObject *told = r->output ? r->tell(r->output, NULL) : NULL;
    if (!told) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_RuntimeError, "the recorder has ended");
        return NULL;
    }
    r->written = PyLong_AsSsize_t(told);
    Py_DECREF(told);
    if (set_limit(r, r->limit) < 0)
        return NULL;
    r->tracing = 1;
    if (hook_install(r) == 0)
        Py_RETURN_NONE;
    r->tracing = 0;
    return NULL;
}

static PyObject *recorder_end(PyObject *self, PyObject *nothing)
{
    Recorder *r = (Recorder *)self;
    int cut_off = r->depth > 0;
    (void)nothing;
    if (r->tracing) {
        r->tracing = 0;
        hook_remove(r);
    }
    /* Not while a callback still works on it. */
    if (!r->inside)
        let_go(r);
    return PyBool_FromLong(cut_off);
}

static PyObject *recorder_set_limit(PyObject *self, PyObject *limit)
{
    long wanted = PyLong_AsLong(limit);
    if (wanted == -1 && PyErr_Occurred())
        return NULL;
    return set_limit((Recorder *)self, wanted) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *recorder_number_of(PyObject *self, PyObject *value)
{
    Entry *entry = entry_of((Recorder *)self, value);
    return PyLong_FromLongLong(entry ? entry->number : -1);
}

static PyObject *recorder_take_in(PyObject *self, PyObject *args)
{
    Recorder *r = (Recorder *)self;
    PyObject *copy, *own;
    if (!PyArg_ParseTuple(args, "O!O!", &PyCode_Type, &copy, &PyCode_Type, &own))
        return NULL;
    CodeInfo *info = address_get(&r->code_map, own);
    if (info) {
        if (pointers_add(&r->copies, Py_NewRef(copy)) < 0)
            return NULL;
        if (address_set(&r->code_map, copy, info) < 0 || (r->tracing && hook_take_in(r, copy) < 0))
            return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *get_limit(PyObject *self, void *nothing)
{
    (void)nothing;
    return PyLong_FromLong(((Recorder *)self)->limit);
}

static PyObject *get_truncated(PyObject *self, void *nothing)
{
    (void)nothing;
    return PyBool_FromLong(((Recorder *)self)->tape.truncated || ((Recorder *)self)->heap_truncated);
}

static PyMethodDef methods[] = {
    {"start", recorder_start, METH_NOARGS, "Begin to record the current thread."},
    {"end", recorder_end, METH_NOARGS, "Stop recording, let go of the program's objects; true if frames are still open."},
    {"set_limit", recorder_set_limit, METH_O, "Take a new limit on recursion from the program."},
    {"take_in", recorder_take_in, METH_VARARGS, "Record what a copy of a code object executes as if it were that one."},
    {"number_of", recorder_number_of, METH_O, "Number of an object that was seen; -1: it was not."},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef attributes[] = {
    {"limit", get_limit, NULL, "The program's limit on recursion.", NULL},
    {"truncated", get_truncated, NULL, "Whether a value was left out.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "Records one run onto a tape."},
    {Py_tp_new, recorder_new},
    {Py_tp_dealloc, recorder_dealloc},
    {Py_tp_methods, methods},
    {Py_tp_getset, attributes},
    {0, NULL},
};

/* Not a subject of the cyclic collector: the program cannot find it there. */
static PyType_Spec spec = {"tracepile_assets.execution.guest._recorder.Recorder", sizeof(Recorder), 0,
                           Py_TPFLAGS_DEFAULT, slots};

/* `object` would list a class that has no other base. */
static PyObject *recorder_type(PyObject *module, PyObject *base)
{
    (void)module;
    return PyType_FromSpecWithBases(&spec, base);
}

static PyMethodDef functions[] = {
    {"recorder_type", recorder_type, METH_O, "Make the type of recorders, below an empty class of the caller's."},
    {"changed_dictionaries", changed_dictionaries, METH_VARARGS, "Which of several dictionaries were changed."},
    {"same_items", same_items, METH_VARARGS, "Whether containers hold what they held."},
    {"call_bare", call_bare, METH_VARARGS, "Call something with no frame below it."},
    {"placeless", placeless, METH_VARARGS, "What a tape says, wherever its texts lie."},
    {"read_literals", read_literals, METH_VARARGS, "Arguments of a call that are plain literals; None: others."},
    {"read_columns", read_columns, METH_VARARGS, "Lists of what a checked tape holds."},
    {"plain_deep_text", plain_deep_text, METH_VARARGS, "Deep text of a value of builtin types; None: of another one."},
    {"differ_in_order", differ_in_order, METH_NOARGS, "Iterate over small sets otherwise than under the hash seed 0."},
    {"gather_memory", gather_memory, METH_NOARGS, "Have what is allocated lie side by side."},
    {"join_segments", join_segments, METH_NOARGS, "Have the segments of libraries lie in few mappings."},
    {"reserve_memory", reserve_memory, METH_O, "Use up what is free, and keep memory for children."},
    {"turn_memory", turn_memory, METH_NOARGS, "Before a call: have the next blocks come out of order, if turned."},
    {"take_reserved_memory", take_reserved_memory, METH_NOARGS, "In a child: allocate from that."},
    {"limit_process", limit_process, METH_O, "Limit this process for good."},
    {"install_filter", install_filter, METH_O, "Leave this process only the system calls that a filter allows."},
    {"keep_only", keep_only, METH_O, "Close all files but one."},
    {"watch_code", watch_code, METH_VARARGS, "Hear what a program puts to use of code objects that could be its own."},
    {"fork_and_watch", fork_and_watch, METH_O, "Fork, and wait for the end of the child or for something to read."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_recorder", "Records what a program does, in C.", -1, functions, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__recorder(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module && (hook_prepare() < 0 || output_prepare() < 0 || ordered_prepare() < 0 ||
        PyModule_AddStringConstant(module, "VERSION", "c-4") < 0))
        Py_CLEAR(module);
    return module;
}
