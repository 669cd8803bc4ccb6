/* Reads the arguments of a call that are made of plain literals.

   Belongs here: numbers, strings without escapes, True, False, None, lists, tuples and dicts of these, and names before
   `=`. Does not belong here: any other expression, which is left to the compiler.

   What is read is what the compiler would have made, down to which objects are the same: equal constants of one type
   are one object. */

#include "literals.h"

enum { DEEPEST = 40, DIGITS_READ = 18 };

typedef struct {
    const char *at, *end;
    PyObject *known; /* constants by their keys */
    int depth;
} Reader;

/* NULL with an error: it failed. NULL without: it is left to the compiler. */
static PyObject *read_value(Reader *reader, int *constant);

static void skip(Reader *reader)
{
    while (reader->at < reader->end && *reader->at == ' ')
        reader->at++;
}

static int next_is(Reader *reader, char c)
{
    skip(reader);
    if (reader->at == reader->end || *reader->at != c)
        return 0;
    reader->at++;
    return 1;
}

static int is_digit(char c) { return c >= '0' && c <= '9'; }

static int is_in_name(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* The object that stands for all equal constants. Steals the one given. */
static PyObject *constant(Reader *reader, PyObject *value)
{
    if (!value)
        return NULL;
    PyObject *key = _PyCode_ConstantKey(value), *found = NULL;
    if (key && !(found = PyDict_GetItemWithError(reader->known, key)) && !PyErr_Occurred() &&
        PyDict_SetItem(reader->known, key, value) == 0)
        found = value;
    Py_XINCREF(found);
    Py_XDECREF(key);
    Py_DECREF(value);
    return found;
}

static PyObject *read_number(Reader *reader)
{
    const char *start = reader->at;
    if (*reader->at == '-')
        reader->at++;
    const char *digits = reader->at;
    while (reader->at < reader->end && is_digit(*reader->at))
        reader->at++;
    Py_ssize_t n = reader->at - digits;
    if (n == 0 || n > DIGITS_READ || (*digits == '0' && n > 1))
        return NULL;
    int is_float = 0;
    if (reader->at < reader->end && *reader->at == '.') {
        is_float = 1;
        reader->at++;
        while (reader->at < reader->end && is_digit(*reader->at))
            reader->at++;
    }
    if (reader->at < reader->end && (*reader->at == 'e' || *reader->at == 'E')) {
        is_float = 1;
        reader->at++;
        if (reader->at < reader->end && (*reader->at == '+' || *reader->at == '-'))
            reader->at++;
        if (reader->at == reader->end || !is_digit(*reader->at))
            return NULL;
        while (reader->at < reader->end && is_digit(*reader->at))
            reader->at++;
    }
    if (!is_float) {
        long long number = 0;
        for (const char *digit = digits; digit < reader->at; digit++)
            number = 10 * number + (*digit - '0');
        number = *start == '-' ? -number : number;
        PyObject *value = PyLong_FromLongLong(number);
        return number >= -5 && number <= 256 ? value : constant(reader, value);
    }
    char *stopped;
    double number = PyOS_string_to_double(start, &stopped, NULL);
    if (number == -1.0 && PyErr_Occurred()) {
        PyErr_Clear();
        return NULL;
    }
    return stopped == reader->at ? constant(reader, PyFloat_FromDouble(number)) : NULL;
}

static PyObject *read_string(Reader *reader)
{
    char quote = *reader->at++;
    const char *start = reader->at;
    int name = 1;
    for (; reader->at < reader->end && *reader->at != quote; reader->at++) {
        if (*reader->at == '\\' || (unsigned char)*reader->at < ' ')
            return NULL;
        name &= is_in_name(*reader->at);
    }
    if (reader->at == reader->end)
        return NULL;
    PyObject *value = PyUnicode_DecodeUTF8(start, reader->at - start, NULL);
    reader->at++;
    if (!value) {
        if (PyErr_ExceptionMatches(PyExc_UnicodeDecodeError))
            PyErr_Clear();
        return NULL;
    }
    if (name)
        PyUnicode_InternInPlace(&value);
    /* Three quotes, or another string to be joined. */
    if (reader->at < reader->end && (*reader->at == '\'' || *reader->at == '"')) {
        Py_DECREF(value);
        return NULL;
    }
    return constant(reader, value);
}

static PyObject *read_word(Reader *reader)
{
    static const struct {
        const char *word;
        size_t length;
    } words[] = {{"None", 4}, {"True", 4}, {"False", 5}};
    for (int i = 0; i < 3; i++) {
        size_t length = words[i].length;
        if ((size_t)(reader->end - reader->at) < length || memcmp(reader->at, words[i].word, length) != 0)
            continue;
        reader->at += length;
        if (reader->at < reader->end && is_in_name(*reader->at))
            return NULL;
        return Py_NewRef(i == 0 ? Py_None : i == 1 ? Py_True : Py_False);
    }
    return NULL;
}

/* Values up to a closing bracket. `commas`: how many there were. */
static PyObject *read_items(Reader *reader, char close, Py_ssize_t *commas, int *constant)
{
    PyObject *items = PyList_New(0);
    *commas = 0;
    *constant = 1;
    while (items && !next_is(reader, close)) {
        if (PyList_GET_SIZE(items) != *commas)
            Py_CLEAR(items);
        int is_constant;
        PyObject *item = items ? read_value(reader, &is_constant) : NULL;
        if (!item || PyList_Append(items, item) < 0)
            Py_CLEAR(items);
        Py_XDECREF(item);
        if (items) {
            *constant &= is_constant;
            *commas += next_is(reader, ',');
        }
    }
    return items;
}

static PyObject *read_tuple(Reader *reader, int *is_constant)
{
    Py_ssize_t commas;
    PyObject *items = read_items(reader, ')', &commas, is_constant);
    if (!items)
        return NULL;
    /* Parentheses around a value change nothing, and are rare. */
    PyObject *made = PyList_GET_SIZE(items) == 1 && !commas ? NULL : PyList_AsTuple(items);
    Py_DECREF(items);
    return made && *is_constant ? constant(reader, made) : made;
}

static PyObject *read_dict(Reader *reader)
{
    PyObject *made = PyDict_New();
    Py_ssize_t n = 0, commas = 0;
    while (made && !next_is(reader, '}')) {
        int is_constant;
        PyObject *key = n == commas ? read_value(reader, &is_constant) : NULL, *value = NULL;
        if (key && is_constant && next_is(reader, ':'))
            value = read_value(reader, &is_constant);
        if (!value || PyDict_SetItem(made, key, value) < 0)
            Py_CLEAR(made);
        Py_XDECREF(key);
        Py_XDECREF(value);
        n++;
        commas += next_is(reader, ',');
    }
    return made;
}

static PyObject *read_value(Reader *reader, int *constant)
{
    skip(reader);
    *constant = 1;
    if (reader->at == reader->end || reader->depth >= DEEPEST)
        return NULL;
    char c = *reader->at;
    if (c == '-' || is_digit(c))
        return read_number(reader);
    if (c == '\'' || c == '"')
        return read_string(reader);
    if (c != '[' && c != '(' && c != '{')
        return read_word(reader);
    reader->at++;
    reader->depth++;
    PyObject *made;
    if (c == '(') {
        made = read_tuple(reader, constant);
    } else if (c == '[') {
        Py_ssize_t commas;
        made = read_items(reader, ']', &commas, constant);
        *constant = 0;
    } else {
        made = read_dict(reader);
        *constant = 0;
    }
    reader->depth--;
    return made;
}

/* The name before `=`: 1 found, 0 there is none, -1 it is left to the compiler. */
static int read_name(Reader *reader, PyObject *reserved, PyObject **name)
{
    skip(reader);
    const char *start = reader->at, *at = start;
    while (at < reader->end && is_in_name(*at))
        at++;
    const char *end = at;
    while (at < reader->end && *at == ' ')
        at++;
    if (end == start || is_digit(*start) || at == reader->end || *at != '=')
        return 0;
    reader->at = at + 1;
    if (end - start > 2 && start[0] == '_' && start[1] == '_')
        return -1;
    *name = PyUnicode_FromStringAndSize(start, end - start);
    if (!*name)
        return -1;
    PyUnicode_InternInPlace(name);
    int is_reserved = PySequence_Contains(reserved, *name);
    if (is_reserved)
        Py_CLEAR(*name);
    return is_reserved ? -1 : 1;
}

/* 1 read, 0 left to the compiler or failed. */
static int read_all(Reader *reader, PyObject *args, PyObject *named, PyObject *reserved)
{
    int separated = 1, is_constant;
    for (skip(reader); reader->at < reader->end; skip(reader)) {
        PyObject *name = NULL, *value = NULL;
        int found = separated ? read_name(reader, reserved, &name) : -1;
        int fits = found == 1 ? !PyDict_Contains(named, name) : found == 0 && PyDict_GET_SIZE(named) == 0;
        if (fits)
            value = read_value(reader, &is_constant);
        fits = value && (name ? PyDict_SetItem(named, name, value) : PyList_Append(args, value)) == 0;
        Py_XDECREF(name);
        Py_XDECREF(value);
        if (!fits)
            return 0;
        separated = next_is(reader, ',');
    }
    return 1;
}

PyObject *read_literals(PyObject *module, PyObject *given)
{
    (void)module;
    PyObject *text, *reserved;
    Py_ssize_t size;
    if (!PyArg_ParseTuple(given, "UO", &text, &reserved))
        return NULL;
    const char *octets = PyUnicode_AsUTF8AndSize(text, &size);
    if (!octets) {
        PyErr_Clear();
        Py_RETURN_NONE;
    }
    Reader reader = {octets, octets + size, PyDict_New(), 0};
    PyObject *args = PyList_New(0), *named = PyDict_New(), *found = NULL;
    if (reader.known && args && named && read_all(&reader, args, named, reserved)) {
        PyObject *row = PyList_AsTuple(args);
        found = row ? PyTuple_Pack(2, row, named) : NULL;
        Py_XDECREF(row);
    } else if (!PyErr_Occurred()) {
        found = Py_NewRef(Py_None);
    }
    Py_XDECREF(reader.known);
    Py_XDECREF(args);
    Py_XDECREF(named);
    return found;
}
