/* Takes in what the syntax tree says of a program.

   Belongs here: the tables of code objects and statements, made in Python once per program. Does not belong here: how
   they are used. */

#include "frames.h"

static int place_variables(CodeInfo *info)
{
    PyCodeObject *code = info->code;
    info->storage = code->co_localsplusnames;
    info->kinds = PyBytes_AS_STRING(code->co_localspluskinds);
    info->n_storage = code->co_nlocalsplus;
    Py_ssize_t wanted = PyTuple_GET_SIZE(info->variables);
    info->names = PyMem_Calloc((size_t)wanted + 1, sizeof *info->names);
    info->where = PyMem_Calloc((size_t)wanted + 1, sizeof *info->where);
    info->is_cell = PyMem_Calloc((size_t)wanted + 1, 1);
    if (!info->names || !info->where || !info->is_cell) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; i < wanted && !info->is_class; i++)
        for (int place = 0; place < info->n_storage; place++) {
            PyObject *name = PyTuple_GET_ITEM(info->storage, place);
            if (info->kinds[place] & FAST_HIDDEN || PyUnicode_Compare(name, PyTuple_GET_ITEM(info->variables, i)) != 0)
                continue;
            Py_ssize_t n = info->n_variables++;
            info->names[n] = name;
            info->where[n] = place;
            info->is_cell[n] = (info->kinds[place] & (CO_FAST_CELL | CO_FAST_FREE)) != 0;
            info->has_cells |= info->is_cell[n];
            break;
        }
    return 0;
}

static int read_code(Recorder *r, CodeInfo *info, PyObject *row)
{
    int is_module, is_class, writes_globals;
    PyObject *code, *function, *octets, *variables, *passing, *loop_ends, *wait_ends;
    if (!PyArg_ParseTuple(row, "O!UO!iiipppO!O!O!O!", &PyCode_Type, &code, &function, &PyBytes_Type, &octets,
                          &info->start, &info->statement, &info->own_statement, &is_module, &is_class, &writes_globals, &PyTuple_Type,
                          &variables, &PyTuple_Type, &passing, &PyFrozenSet_Type, &loop_ends, &PyFrozenSet_Type,
                          &wait_ends))
        return -1;
    info->code = (PyCodeObject *)Py_NewRef(code);
    info->function = PyUnicode_AsEncodedString(function, "utf-8", "surrogatepass");
    info->octets = Py_NewRef(octets);
    info->variables = Py_NewRef(variables);
    info->passing = Py_NewRef(passing);
    info->loop_ends = Py_NewRef(loop_ends);
    info->wait_ends = Py_NewRef(wait_ends);
    info->is_module = (unsigned char)is_module;
    info->is_class = (unsigned char)is_class;
    info->writes_globals = (unsigned char)writes_globals;
    info->is_generator = (info->code->co_flags & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR)) != 0;
    info->is_finalizer = PyUnicode_CompareWithASCIIString(info->code->co_name, "__del__") == 0;
    return !info->function || place_variables(info) < 0 ? -1 : address_set(&r->code_map, code, info);
}

static int read_statement(Statement *statement, PyObject *row)
{
    int reach, risky, bare_raise;
    PyObject *paths, *names;
    if (!PyArg_ParseTuple(row, "ippO!O!", &reach, &risky, &bare_raise, &PyTuple_Type, &paths, &PyTuple_Type, &names))
        return -1;
    statement->reach = (unsigned char)reach;
    statement->risky = (unsigned char)risky;
    statement->bare_raise = (unsigned char)bare_raise;
    return paths_read(statement, names, paths);
}

int tables_read(Recorder *r, PyObject *codes, PyObject *statements)
{
    r->codes = PyMem_Calloc((size_t)PyTuple_GET_SIZE(codes) + 1, sizeof *r->codes);
    r->statements = PyMem_Calloc((size_t)PyTuple_GET_SIZE(statements) + 1, sizeof *r->statements);
    r->functions_at = PyMem_Calloc((size_t)PyTuple_GET_SIZE(codes) + 1, sizeof *r->functions_at);
    if (!r->functions_at || !r->codes || !r->statements) {
        PyErr_NoMemory();
        return -1;
    }
    for (; r->n_codes < PyTuple_GET_SIZE(codes); r->n_codes++)
        if (read_code(r, &r->codes[r->n_codes], PyTuple_GET_ITEM(codes, r->n_codes)) < 0)
            return -1;
    for (; r->n_statements < PyTuple_GET_SIZE(statements); r->n_statements++)
        if (read_statement(&r->statements[r->n_statements], PyTuple_GET_ITEM(statements, r->n_statements)) < 0)
            return -1;
    return 0;
}

void tables_free(Recorder *r)
{
    for (Py_ssize_t i = 0; i < r->n_codes; i++) {
        CodeInfo *info = &r->codes[i];
        PyMem_Free(info->names);
        PyMem_Free(info->where);
        PyMem_Free(info->is_cell);
        Py_XDECREF(info->code);
        Py_XDECREF(info->function);
        Py_XDECREF(info->octets);
        Py_XDECREF(info->variables);
        Py_XDECREF(info->passing);
        Py_XDECREF(info->loop_ends);
        Py_XDECREF(info->wait_ends);
    }
    for (Py_ssize_t i = 0; i < r->n_statements; i++)
        paths_free(&r->statements[i]);
    PyMem_Free(r->codes);
    PyMem_Free(r->statements);
    r->codes = NULL;
    r->statements = NULL;
    r->n_codes = r->n_statements = 0;
    address_free(&r->code_map);
}
