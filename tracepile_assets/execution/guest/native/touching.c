/* Finds, in a running frame, the objects that a statement may have changed.

   Belongs here: following the paths that the syntax tree gives (`effects`) through plain containers and instances. Does
   not belong here: comparing the objects (changes.c). */

#include "frames.h"

typedef struct {
    Recorder *r;
    PyObject **values; /* of the names in the paths, borrowed; NULL: not bound */
} Moment;

static void look_up(Statement *statement, const CodeInfo *info)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(statement->names); i++) {
        PyObject *name = PyTuple_GET_ITEM(statement->names, i);
        statement->variables[i] = statement->storage[i] = -1;
        for (int at = 0; at < info->n_variables; at++)
            if (info->names[at] == name)
                statement->variables[i] = at;
        for (int at = info->n_storage - 1; at >= 0 && !info->is_module; at--)
            if (PyTuple_GET_ITEM(info->storage, at) == name && !(info->kinds[at] & FAST_HIDDEN))
                statement->storage[i] = at;
    }
    statement->looked_up_in = info;
}

/* Keep what the variables on a statement's paths are bound to before it is taken in what it did. */
int paths_before(Recorder *r, Frame *top, Statement *statement)
{
    Py_ssize_t n = PyTuple_GET_SIZE(statement->names);
    if (statement->looked_up_in != top->info)
        look_up(statement, top->info);
    pointers_empty(&r->before_values);
    if (pointers_reserve(&r->before_values, n) < 0)
        return -1;
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *name = PyTuple_GET_ITEM(statement->names, i), *old = NULL;
        if (top->namespace)
            old = namespace_old(top->namespace, name);
        else if (statement->variables[i] >= 0)
            old = top->slots[statement->variables[i]].old;
        if (!old)
            old = namespace_old(&r->globals, name);
        r->before_values.items[r->before_values.length++] = Py_XNewRef(old);
    }
    return 0;
}

/* What they are bound to now. */
static int values_now(Recorder *r, Frame *top, Statement *statement)
{
    Py_ssize_t n = PyTuple_GET_SIZE(statement->names);
    r->after_values.length = 0;
    if (pointers_reserve(&r->after_values, n) < 0)
        return -1;
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *name = PyTuple_GET_ITEM(statement->names, i), *value = NULL;
        if (top->namespace)
            value = PyDict_GetItem(top->namespace->dict, name);
        else if (statement->storage[i] >= 0)
            value = frame_local(top, statement->storage[i]);
        if (!value && !(value = PyDict_GetItemWithError(r->globals.dict, name)) && PyErr_Occurred())
            return -1;
        r->after_values.items[r->after_values.length++] = value;
    }
    return 0;
}

static int plain_key(Recorder *r, PyObject *key)
{
    if (PyTuple_CheckExact(key)) {
        if (Py_EnterRecursiveCall(" in a key"))
            return -1;
        int plain = 1;
        for (Py_ssize_t i = 0; plain == 1 && i < PyTuple_GET_SIZE(key); i++)
            plain = plain_key(r, PyTuple_GET_ITEM(key, i));
        Py_LeaveRecursiveCall();
        return plain;
    }
    return Py_TYPE(key) == &PySlice_Type ? 0 : atom(r, key);
}

static int small_int(PyObject *number) { return PyLong_CheckExact(number) && _PyLong_NumBits(number) <= 64; }

static PyObject *evaluate(Moment *moment, const Index *index);

static PyObject *evaluate_row(Moment *moment, const Index *index)
{
    PyObject *row = PyTuple_New(index->n_operands);
    for (Py_ssize_t i = 0; row && i < index->n_operands; i++) {
        PyObject *part = evaluate(moment, &index->operands[i]);
        if (!part)
            Py_CLEAR(row);
        else
            PyTuple_SET_ITEM(row, i, part);
    }
    return row;
}

static PyObject *combine(enum operation operation, PyObject *left, PyObject *right)
{
    switch (operation) {
    case MINUS:
        return PyNumber_Negative(left);
    case ADD:
        return PyNumber_Add(left, right);
    case SUBTRACT:
        return PyNumber_Subtract(left, right);
    case MULTIPLY:
        return PyNumber_Multiply(left, right);
    default:
        if (!PyObject_IsTrue(right))
            return NULL;
        return operation == DIVIDE ? PyNumber_FloorDivide(left, right) : PyNumber_Remainder(left, right);
    }
}

/* Value of a simple index over plain values; NULL without an error: it has none. */
static PyObject *evaluate(Moment *moment, const Index *index)
{
    if (index->operation == CONSTANT)
        return Py_NewRef(index->constant);
    if (index->operation == NAME) {
        PyObject *value = moment->values[index->name];
        return value && plain_key(moment->r, value) == 1 ? Py_NewRef(value) : NULL;
    }
    if (Py_EnterRecursiveCall(" in an index"))
        return NULL;
    PyObject *result = NULL;
    if (index->operation == ROW) {
        result = evaluate_row(moment, index);
    } else {
        PyObject *left = evaluate(moment, &index->operands[0]), *right = NULL;
        if (left && index->operation != MINUS)
            right = evaluate(moment, &index->operands[1]);
        if (left && small_int(left) && (index->operation == MINUS || (right && small_int(right))))
            result = combine(index->operation, left, right);
        Py_XDECREF(left);
        Py_XDECREF(right);
    }
    Py_LeaveRecursiveCall();
    return result;
}

/* A position that takes no objects to find: -1 if it is none, or another way may give one. */
static Py_ssize_t position(Moment *moment, const Index *index)
{
    PyObject *value = index->operation == NAME ? moment->values[index->name] : index->constant;
    Py_ssize_t left, right;
    switch (index->operation) {
    case CONSTANT:
    case NAME:
        return value && is_short(value) ? (Py_ssize_t)short_number(value) : -1;
    case ADD:
    case SUBTRACT:
        left = position(moment, &index->operands[0]);
        right = position(moment, &index->operands[1]);
        if (left < 0 || right < 0)
            return -1;
        return index->operation == ADD ? left + right : left - right;
    default:
        return -1;
    }
}

/* 1 found in `*item`, borrowed; 0 lost; 2 nothing there; -1 error */
static int item_of(Recorder *r, PyObject *value, PyObject *index, PyObject **item)
{
    PyTypeObject *type = Py_TYPE(value);
    int sequence = type == &PyList_Type || type == &PyTuple_Type || type == r->deque;
    if (sequence) {
        if (!PyLong_CheckExact(index) && !PyBool_Check(index)) {
            int plain = atom(r, index);
            return plain < 0 ? -1 : plain ? 2 : 0;
        }
        Py_ssize_t place = PyLong_AsSsize_t(index), n = Py_SIZE(value);
        if (place == -1 && PyErr_Occurred())
            PyErr_Clear(), place = n;
        if (place < -n || place >= n)
            return 2;
        PyObject *found = PySequence_GetItem(value, place);
        if (!found)
            return -1;
        *item = found;
        Py_DECREF(found);
        return 1;
    }
    int mapping = PySet_Contains(r->mappings, (PyObject *)type);
    if (mapping <= 0)
        return mapping;
    int plain = plain_key(r, index);
    if (plain <= 0)
        return plain;
    *item = PyDict_GetItemWithError(value, index);
    return *item ? 1 : PyErr_Occurred() ? -1 : 2;
}

static int attribute_of(Recorder *r, PyObject *value, PyObject *name, PyObject **found)
{
    Kind *kind = kind_of(r, value);
    uint64_t version;
    if (!kind || kind_shape(r, kind, value) < 0)
        return -1;
    if (kind->opaque || kind->exact)
        return 0;
    if (attributes_read(value, kind, &r->write_names, &r->write_attributes, &version) < 0)
        return -1;
    for (Py_ssize_t i = 0; i < r->write_names.length; i++)
        if (r->write_names.items[i] == name || PyUnicode_Compare(r->write_names.items[i], name) == 0) {
            *found = r->write_attributes.items[i];
            return 1;
        }
    return 0;
}

/* As `item_of`, by an index that is yet to be evaluated. */
static int indexed(Moment *moment, PyObject *value, const Index *index, PyObject **item)
{
    if (PyList_CheckExact(value) || PyTuple_CheckExact(value)) {
        Py_ssize_t at = position(moment, index);
        if (at >= 0 && at < Py_SIZE(value)) {
            *item = PyList_CheckExact(value) ? PyList_GET_ITEM(value, at) : PyTuple_GET_ITEM(value, at);
            return 1;
        }
    }
    PyObject *key = evaluate(moment, index);
    if (!key)
        return PyErr_Occurred() ? -1 : 0;
    int found = item_of(moment->r, value, key, item);
    Py_DECREF(key);
    return found;
}

static int follow(Moment *moment, const Path *path)
{
    Recorder *r = moment->r;
    PyObject *value = moment->values[path->name];
    if (!value || is_plain(Py_TYPE(value)))
        return 1;
    int unseen = invisible(r, value);
    if (unseen)
        return unseen < 0 ? -1 : 0;
    if (pointers_add(&r->touched, value) < 0)
        return -1;
    for (Py_ssize_t i = 0; i < path->n_steps; i++) {
        const Step *step = &path->steps[i];
        PyObject *next = NULL;
        int found = atom(r, value);
        if (found)
            return found < 0 ? -1 : 1;
        found = step->index ? indexed(moment, value, step->index, &next)
                            : attribute_of(r, value, step->attribute, &next);
        if (found == 2)
            return 1;
        if (found != 1)
            return found;
        value = next;
        if (PyType_Check(value))
            return 0;
        if (pointers_add(&r->touched, value) < 0)
            return -1;
    }
    return 1;
}

/* List the objects on a statement's paths, as the variables were before it and are after it. */
int touched(Recorder *r, Frame *top, Statement *statement)
{
    if (values_now(r, top, statement) < 0)
        return -1;
    Moment before = {r, r->before_values.items}, now = {r, r->after_values.items};
    size_t bytes = (size_t)r->after_values.length * sizeof *now.values;
    int rebound = memcmp(before.values, now.values, bytes) != 0;
    r->touched.length = 0;
    for (Py_ssize_t i = 0; i < statement->n_paths; i++) {
        int found = rebound ? follow(&before, &statement->paths[i]) : 1;
        if (found == 1)
            found = follow(&now, &statement->paths[i]);
        if (found != 1)
            return found;
    }
    return 1;
}
