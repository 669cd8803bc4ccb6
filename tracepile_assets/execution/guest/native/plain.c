/* Writes the deep text of values that are builtin through and through: lists, tuples, dicts and atoms.

   Belongs here: those alone. Does not belong here: any other value (`serialise.py`), and shallow text (writing.c).
   Values of any depth are written from a stack of our own. */

#include "recorder.h"

/* As many lists and dicts inside each other are written. Deeper ones, and those that contain themselves, are left to the
   writer in Python. Tuples contain themselves by way of these only, and count for nothing. */
enum { MOST_MUTABLE = 60, USUAL_DEPTH = 16 };

typedef struct {
    PyObject *value;
    Py_ssize_t next;
    PyObject *held; /* of a dict: the value that its key, written last, is of */
} Level;

typedef struct {
    Level *levels;
    Py_ssize_t depth, capacity;
    int mutable;
    Level usual[USUAL_DEPTH];
} Open;

static int open_builtin(Text *out, Open *open, PyObject *value)
{
    PyTypeObject *type = Py_TYPE(value);
    if (type != &PyTuple_Type && ++open->mutable > MOST_MUTABLE)
        return 0;
    if (open->depth == open->capacity) {
        Py_ssize_t capacity = 2 * open->capacity;
        Level *more = open->levels == open->usual ? NULL : open->levels;
        Level *levels = PyMem_Realloc(more, (size_t)capacity * sizeof *levels);
        if (!levels) {
            PyErr_NoMemory();
            return -1;
        }
        if (!more)
            memcpy(levels, open->usual, sizeof open->usual);
        open->levels = levels;
        open->capacity = capacity;
    }
    open->levels[open->depth++] = (Level){value, 0, NULL};
    return text_char(out, type == &PyList_Type ? '[' : type == &PyTuple_Type ? '(' : '{') < 0 ? -1 : 1;
}

/* 1: written or opened; 0: not a value of this kind, or over the limit; -1: an error. No code of the program runs. */
static int write_builtin(Text *out, Open *open, PyObject *value, size_t limit)
{
    if (out->chars > limit)
        return 0;
    PyTypeObject *type = Py_TYPE(value);
    if (type == &PyList_Type || type == &PyTuple_Type || type == &PyDict_Type)
        return open_builtin(out, open, value);
    if (type == &PyLong_Type || type == &PyUnicode_Type || type == &PyBool_Type || type == &PyFloat_Type ||
        value == Py_None)
        return write_plain(out, value, limit);
    return 0;
}

static int close_builtin(Text *out, Open *open)
{
    PyObject *value = open->levels[--open->depth].value;
    if (PyTuple_Check(value))
        return PyTuple_GET_SIZE(value) == 1 ? text_ascii(out, ",)", 2) : text_char(out, ')');
    open->mutable--;
    return text_char(out, PyList_Check(value) ? ']' : '}');
}

/* Write what comes next in the innermost container that is open. */
static int go_on(Text *out, Open *open, size_t limit)
{
    Level *level = &open->levels[open->depth - 1];
    PyObject *part = level->held;
    if (part) {
        level->held = NULL;
        return text_ascii(out, ": ", 2) < 0 ? -1 : write_builtin(out, open, part, limit);
    }
    const int is_first = level->next == 0;
    if (PyDict_Check(level->value)) {
        if (!PyDict_Next(level->value, &level->next, &part, &level->held))
            return close_builtin(out, open) < 0 ? -1 : 1;
    } else {
        PyObject *held = level->value;
        const int is_list = PyList_Check(held);
        if (level->next == (is_list ? PyList_GET_SIZE(held) : PyTuple_GET_SIZE(held)))
            return close_builtin(out, open) < 0 ? -1 : 1;
        part = is_list ? PyList_GET_ITEM(held, level->next) : PyTuple_GET_ITEM(held, level->next);
        level->next++;
    }
    if (!is_first && text_ascii(out, ", ", 2) < 0)
        return -1;
    return write_builtin(out, open, part, limit);
}

PyObject *plain_deep_text(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *value, *text = NULL;
    Py_ssize_t limit;
    if (!PyArg_ParseTuple(args, "On", &value, &limit))
        return NULL;
    Text out = {0};
    Open open = {.capacity = USUAL_DEPTH};
    open.levels = open.usual;
    int written = limit < 0 ? 0 : write_builtin(&out, &open, value, (size_t)limit);
    while (written > 0 && open.depth)
        written = go_on(&out, &open, (size_t)limit);
    if (written > 0 && out.chars <= (size_t)limit)
        text = PyUnicode_DecodeUTF8(out.data, (Py_ssize_t)out.length, "surrogatepass");
    else if (written >= 0)
        text = Py_NewRef(Py_None);
    if (open.levels != open.usual)
        PyMem_Free(open.levels);
    text_free(&out);
    return text;
}
