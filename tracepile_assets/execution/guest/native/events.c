/* Turns what the interpreter reports into the events of a recording.

   Belongs here: the stack of the program's frames, and when which event is told. Does not belong here: how the
   interpreter reports (hook.c) and the state at an event (state.c). */

#include "frames.h"

static Frame *top_of(Recorder *r) { return r->depth ? r->stack[r->depth - 1] : NULL; }

static int statement_at(const Frame *frame) { return frame->statement >= 0 ? frame->statement : frame->info->statement; }

static void frame_free(Frame *frame)
{
    for (Py_ssize_t i = 0; i < frame->info->n_variables; i++)
        slot_clear(&frame->slots[i]);
    if (frame->namespace) {
        namespace_clear(frame->namespace);
        PyMem_Free(frame->namespace);
    }
    Py_XDECREF(frame->held);
    Py_XDECREF(frame->again_text);
    Py_XDECREF(frame->generator);
    PyMem_Free(frame);
}

static int push(Recorder *r, Frame *frame)
{
    if (r->depth == r->stack_capacity) {
        Py_ssize_t capacity = r->stack_capacity ? 2 * r->stack_capacity : 64;
        Frame **stack = PyMem_RawRealloc(r->stack, (size_t)capacity * sizeof *stack);
        if (!stack) {
            PyErr_NoMemory();
            return -1;
        }
        r->stack = stack;
        r->stack_capacity = capacity;
    }
    r->stack[r->depth++] = frame;
    return 0;
}

static void unlink_suspended(Recorder *r, Frame *frame)
{
    address_remove(&r->suspended, frame->inner);
    *(frame->previous ? &frame->previous->next : &r->first_suspended) = frame->next;
    *(frame->next ? &frame->next->previous : &r->last_suspended) = frame->previous;
    frame->previous = frame->next = NULL;
}

static int suspend(Recorder *r, Frame *frame)
{
    if (!frame->generator) {
        PyObject *generator = generator_of(frame->inner);
        if (!generator) {
            PyErr_SetString(PyExc_SystemError, "a frame that yields belongs to no generator");
            return -1;
        }
        frame->generator = PyWeakref_NewRef(generator, NULL);
        if (!frame->generator)
            return -1;
    }
    if (address_set(&r->suspended, frame->inner, frame) < 0)
        return -1;
    frame->previous = r->last_suspended;
    *(frame->previous ? &frame->previous->next : &r->first_suspended) = frame;
    r->last_suspended = frame;
    return 0;
}

void frames_clear(Recorder *r)
{
    while (r->depth)
        frame_free(r->stack[--r->depth]);
    while (r->first_suspended) {
        Frame *frame = r->first_suspended;
        unlink_suspended(r, frame);
        frame_free(frame);
    }
    PyMem_RawFree(r->stack);
    r->stack = NULL;
    r->stack_capacity = 0;
    address_free(&r->suspended);
}

int find_top(Recorder *r, struct _PyInterpreterFrame *inner)
{
    Py_ssize_t depth = r->depth;
    if (depth && r->stack[depth - 1]->inner == inner)
        return 1;
    while (depth && r->stack[depth - 1]->inner != inner)
        depth--;
    if (!depth)
        return 0;
    while (r->depth > depth)
        frame_free(r->stack[--r->depth]);
    return 1;
}

static int tell(Recorder *r, enum event_kind kind, Frame *frame, const Text *value)
{
    int32_t number = tape_event(r, kind, statement_at(frame), frame, value);
    if (number < 0)
        return -1;
    if (kind == CALL || kind == RESUMED || kind == LINE)
        frame->current = number;
    return 0;
}

static int tell_exception(Recorder *r, Frame *frame, PyObject *raised)
{
    text_clear(&r->line);
    int written = write_deep(r, &r->line, raised);
    return written < 0 ? -1 : tell(r, RAISE, frame, written ? &r->line : NULL);
}

/* A resumed generator says so only once it does something. */
static int tell_resume(Recorder *r, Frame *frame)
{
    frame->pending = 0;
    Frame *caller = r->depth > 1 ? r->stack[r->depth - 2] : NULL;
    if (caller) {
        if (tell_output(r, caller, frame->written) < 0)
            return -1;
        caller->nested = 1;
    }
    frame->nested = 1;
    if (tell(r, RESUMED, frame, NULL) < 0)
        return -1;
    if (frame->held) {
        if (tell_exception(r, frame, frame->held) < 0)
            return -1;
        Py_CLEAR(frame->held);
    }
    return 0;
}

/* A bare `raise` is reported by no version: it shows in what comes next in the frame. */
static int tell_raised_again(Recorder *r, Frame *frame)
{
    if (!frame->again)
        return 0;
    if (settle(r, 0) < 0)
        return -1;
    text_clear(&r->line);
    if (frame->again_text && text_str(&r->line, frame->again_text) < 0)
        return -1;
    if (tell(r, RAISE, frame, frame->again_text ? &r->line : NULL) < 0)
        return -1;
    frame->again = 0;
    frame->raised = 1;
    return 0;
}

static int note_bare_raise(Recorder *r, Frame *frame)
{
    PyObject *handled = PyErr_GetHandledException();
    text_clear(&r->line);
    int written = write_deep(r, &r->line, handled ? handled : Py_None);
    Py_XDECREF(handled);
    if (written < 0)
        return -1;
    frame->again = 1;
    Py_CLEAR(frame->again_text);
    if (written && !(frame->again_text = PyUnicode_DecodeUTF8(r->line.data, (Py_ssize_t)r->line.length,
                                                              "surrogatepass")))
        return -1;
    return 0;
}

static Frame *new_frame(CodeInfo *info, struct _PyInterpreterFrame *inner)
{
    Frame *frame = PyMem_Calloc(1, sizeof *frame + (size_t)info->n_variables * sizeof frame->slots[0]);
    if (!frame) {
        PyErr_NoMemory();
        return NULL;
    }
    frame->info = info;
    frame->inner = inner;
    frame->statement = -1;
    frame->current = -1;
    if (info->is_class && inner->f_locals && PyDict_Check(inner->f_locals)) {
        frame->namespace = PyMem_Calloc(1, sizeof *frame->namespace);
        if (!frame->namespace) {
            frame_free(frame);
            PyErr_NoMemory();
            return NULL;
        }
        frame->namespace->dict = Py_NewRef(inner->f_locals);
    }
    return frame;
}

/* 1: the call goes too deep, and is to raise. */
int on_call(Recorder *r, CodeInfo *info, struct _PyInterpreterFrame *inner)
{
    Frame *top = top_of(r), *known = info->is_generator ? address_get(&r->suspended, inner) : NULL;
    int last = _PyInterpreterFrame_LASTI(inner) * (int)sizeof(_Py_CODEUNIT);
    if (!r->depth && r->tape.n_frames && (info->is_finalizer || known))
        return 0;
    /* A generator that never began is closed, or thrown into: its frame executes nothing. */
    if (last < info->start)
        return 0;
    if (known && last == info->start) {
        /* It begins, where another one lay that died while it was suspended. */
        unlink_suspended(r, known);
        frame_free(known);
        known = NULL;
    }
    if (top && top->pending && tell_resume(r, top) < 0)
        return -1;
    if (known) {
        unlink_suspended(r, known);
        /* What the generator does from here on is no doing of its caller. */
        if (settle_state(r, 0) < 0 || (known->info->has_cells && variables(r, known, 1, NULL) < 0) ||
            written_so_far(r, &known->written) < 0) {
            frame_free(known);
            return -1;
        }
        known->pending = 1;
        Py_CLEAR(known->held);
        known->raised = 0;
        known->depth = (uint32_t)r->depth;
        return push(r, known);
    }
    if (!r->tape.n_frames) {
        /* A module lies at level 1, and a function that it calls at level 2. */
        r->base = current_depth() - (info->is_module ? 1 : 2);
        if (set_limit(r, r->limit) < 0)
            return -1;
    }
    if (r->depth >= r->watched && current_depth() - r->base > r->limit)
        return 1;
    if (settle(r, 0) < 0)
        return -1;
    Frame *opened = new_frame(info, inner);
    if (!opened)
        return -1;
    opened->depth = (uint32_t)r->depth;
    if (tape_frame(r, info, &opened->number) < 0 ||
        (!info->is_module && variables(r, opened, 0, NULL) < 0) ||
        (opened->number == 0 && global_variables(r) < 0) || tell(r, CALL, opened, NULL) < 0 || push(r, opened) < 0) {
        frame_free(opened);
        return -1;
    }
    if (top)
        top->nested = 1;
    return 0;
}

int on_line(Recorder *r, int line)
{
    Frame *top = top_of(r);
    int number = line - r->first_line;
    if (number == top->statement || number < 0 || number == top->info->own_statement || number >= r->n_statements)
        return 0;
    if ((top->pending && tell_resume(r, top) < 0) || tell_raised_again(r, top) < 0 || settle(r, 1) < 0)
        return -1;
    int32_t told = tape_event(r, LINE, number, top, NULL);
    if (told < 0)
        return -1;
    top->current = told;
    top->statement = number;
    top->raised = top->nested = 0;
    return r->statements[number].bare_raise ? note_bare_raise(r, top) : 0;
}

/* is_end: it is how a loop or a delegation ends; below 0: that could not be told. */
int on_exception(Recorder *r, PyObject *raised, int is_end)
{
    Frame *top = top_of(r);
    if (is_end)
        return is_end < 0 ? -1 : 0;
    if (top->pending) {
        if ((PyObject *)Py_TYPE(raised) == PyExc_GeneratorExit && !top->held) {
            top->held = Py_NewRef(raised);
            top->raised = 1;
            return 0;
        }
        if (tell_resume(r, top) < 0)
            return -1;
    }
    top->again = 0;
    if (settle(r, 0) < 0 || tell_exception(r, top, raised) < 0)
        return -1;
    top->raised = 1;
    return 0;
}

static int tell_value(Recorder *r, Frame *top, enum event_kind kind, PyObject *value)
{
    r->tape.cause = top->current;
    int written = heap_text(r, value, &r->line);
    return written < 0 ? -1 : tell(r, kind, top, written ? &r->line : NULL);
}

/* What a frame yields, of what it gives to its caller: borrowed. An asynchronous generator's is wrapped. */
static PyObject *yielded(PyObject *value)
{
    PyTypeObject *type = Py_TYPE(value);
    if (type->tp_flags & Py_TPFLAGS_HEAPTYPE || strcmp(type->tp_name, "async_generator_wrapped_value") != 0)
        return value;
    return *(PyObject **)((char *)value + sizeof(PyObject));
}

int on_return(Recorder *r, PyObject *value, int stands_on_yield, int stands_on_return)
{
    Frame *top = top_of(r);
    if (top->pending) {
        if (top->held) {
            r->depth--;
            frame_free(top);
            return 0;
        }
        if (tell_resume(r, top) < 0)
            return -1;
    }
    /* Where it yields it is in the middle of a statement. */
    if (tell_raised_again(r, top) < 0 || settle(r, !top->raised && !stands_on_yield) < 0)
        return -1;
    if (!top->raised && stands_on_yield) {
        if (tell_value(r, top, YIELD, yielded(value)) < 0)
            return -1;
        r->depth--;
        if (suspend(r, top) < 0) {
            frame_free(top);
            return -1;
        }
        return 0;
    }
    if (!top->raised && stands_on_return) {
        if (tell_value(r, top, RETURN, top->info->is_class ? Py_None : value) < 0)
            return -1;
    } else if (tell(r, UNWIND, top, NULL) < 0) {
        return -1;
    }
    r->depth--;
    frame_free(top);
    return 0;
}
