/* Looks at the state between two events.

   Belongs here: what is looked at when, and to which event a change is put down. Does not belong here: the events
   themselves (events.c). */

#include "frames.h"

static int in_order(const void *a, const void *b)
{
    long long first = (*(Entry *const *)a)->number, second = (*(Entry *const *)b)->number;
    return (first > second) - (first < second);
}

/* Whether what is done to an object may change others: if it is no container and of no class of the program's. */
static int leads_on(Recorder *r, PyObject *value, const Entry *entry)
{
    if (entry)
        return entry->kind->fixed;
    if (PyList_CheckExact(value) || PyDict_CheckExact(value) || PyTuple_CheckExact(value))
        return 0;
    int plain = atom(r, value);
    if (plain)
        return plain < 0 ? -1 : 0;
    Kind *kind = kind_of(r, value);
    return !kind || kind_shape(r, kind, value) < 0 ? -1 : kind->opaque;
}

/* 1 compared, 0 lost, -1 error */
static int compare_touched(Recorder *r)
{
    Entry *known[32], **list = known;
    Py_ssize_t n = 0;
    int failed = 0, lost = 0;
    if (r->touched.length > 32 && !(list = PyMem_Malloc((size_t)r->touched.length * sizeof *list))) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; !lost && i < r->touched.length; i++) {
        Entry *entry = entry_of(r, r->touched.items[i]);
        lost = leads_on(r, r->touched.items[i], entry);
        if (entry)
            list[n++] = entry;
    }
    if (lost)
        n = 0;
    if (n == 2 && list[0]->number > list[1]->number) {
        Entry *later = list[0];
        list[0] = list[1];
        list[1] = later;
    } else if (n > 2) {
        qsort(list, (size_t)n, sizeof *list, in_order);
    }
    for (Py_ssize_t i = 0; !failed && i < n; i++)
        if (i == 0 || list[i] != list[i - 1])
            failed = heap_compare(r, list[i]);
    if (list != known)
        PyMem_Free(list);
    return failed || lost < 0 ? -1 : !lost;
}

static int review_in(Recorder *r, Frame *frame)
{
    if (frame->namespace)
        return namespace_review(r, frame->namespace, frame->number);
    for (Py_ssize_t i = 0; i < frame->info->n_variables; i++)
        if (slot_review(r, &frame->slots[i], frame->number, frame->info->names[i]) < 0)
            return -1;
    return 0;
}

/* Note the variables that are bound to classes that have gained or lost their data. */
static int review(Recorder *r)
{
    for (Py_ssize_t i = 0; i < r->depth; i++)
        if (review_in(r, r->stack[i]) < 0)
            return -1;
    for (Frame *frame = r->first_suspended; frame; frame = frame->next)
        if (is_suspended(frame->generator) && review_in(r, frame) < 0)
            return -1;
    return namespace_review(r, &r->globals, -1);
}

/* Note how any object changed, and which classes have gained or lost their data. */
static int scan(Recorder *r)
{
    if (classes_take_in(r) < 0 || heap_scan(r) < 0)
        return -1;
    return r->gained.length || r->lost.length ? review(r) : 0;
}

/* Note how objects changed: those that the statement can change, or all. */
static int contents(Recorder *r, Frame *top)
{
    if (r->n_order > r->prune_at)
        heap_prune(r);
    if (r->compares_all)
        return scan(r);
    if (top->statement < 0)
        return 0;
    Statement *statement = &r->statements[top->statement];
    if (statement->reach == NOTHING)
        return 0;
    if (statement->reach == ANYTHING || (top->nested && statement->risky))
        return scan(r);
    int found = touched(r, top, statement);
    if (found == 1)
        found = compare_touched(r);
    return found ? (found < 0 ? -1 : 0) : scan(r);
}

static int shares_a_name(const CodeInfo *info, Pointers *changed)
{
    for (Py_ssize_t i = 0; i < info->n_variables; i++)
        if (info->is_cell[i])
            for (Py_ssize_t j = 0; j < changed->length; j++)
                if (info->names[i] == changed->items[j])
                    return 1;
    return 0;
}

/* Note, in other frames, the variables that the executing one shares with them. */
int others_cells(Recorder *r, Frame *top, Pointers *changed)
{
    const CodeInfo *asked = NULL;
    int shares = 0;
    for (Py_ssize_t i = 0; i < r->depth - 1; i++) {
        Frame *other = r->stack[i];
        if (other->info != asked) {
            asked = other->info;
            shares = asked->has_cells && shares_a_name(asked, changed);
        }
        if (shares && other != top && variables(r, other, 1, NULL) < 0)
            return -1;
    }
    for (Frame *other = r->first_suspended; other; other = other->next)
        if (other->info->has_cells && shares_a_name(other->info, changed) &&
            is_suspended(other->generator) && variables(r, other, 1, NULL) < 0)
            return -1;
    return 0;
}

static int others_variables(Recorder *r, Frame *top)
{
    for (Py_ssize_t i = 0; i < r->depth - 1; i++)
        if (r->stack[i] != top && !r->stack[i]->info->is_module && variables(r, r->stack[i], 1, NULL) < 0)
            return -1;
    for (Frame *other = r->first_suspended; other; other = other->next)
        if (is_suspended(other->generator) && variables(r, other, 1, NULL) < 0)
            return -1;
    return 0;
}

/* Note what the executing frame changed since the last event. `at_rest`: between two of its statements. */
int settle_state(Recorder *r, int at_rest)
{
    if (!r->depth)
        return 0;
    Frame *top = r->stack[r->depth - 1];
    Statement *statement = top->statement >= 0 ? &r->statements[top->statement] : NULL;
    r->tape.cause = top->current;
    if (statement && statement->reach == PATHS && paths_before(r, top, statement) < 0)
        return -1;
    if (top->info->is_module) {
        if ((r->reaches_frames && others_variables(r, top) < 0) || global_variables(r) < 0)
            return -1;
    } else {
        r->rebound.length = 0;
        if (variables(r, top, !at_rest, top->info->has_cells ? &r->rebound : NULL) < 0 ||
            (r->rebound.length && others_cells(r, top, &r->rebound) < 0) ||
            (r->reaches_frames && others_variables(r, top) < 0) ||
            ((top->info->writes_globals || r->reaches_globals) && global_variables(r) < 0))
            return -1;
    }
    return contents(r, top);
}

/* The same, and what it wrote. */
int settle(Recorder *r, int at_rest)
{
    Py_ssize_t written;
    if (!r->depth)
        return 0;
    if (settle_state(r, at_rest) < 0 || written_so_far(r, &written) < 0)
        return -1;
    return written == r->written ? 0 : tell_output(r, r->stack[r->depth - 1], written);
}
