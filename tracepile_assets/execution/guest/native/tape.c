/* Writes events and changes where `tape_layout` says.

   Belongs here: records, texts, the commit mark and the limits on their number and size. Does not belong here: when they
   happen. */

#include "recorder.h"
#include <time.h>

enum { EVENT_BYTES = 32, CHANGE_BYTES = 32, FRAME_BYTES = 16, TEXT_END_WORD = 8, N_CHANGES_WORD = 9, N_FRAMES_WORD = 10 };

typedef struct {
    uint8_t kind, has_value;
    uint16_t zero;
    uint32_t statement, depth, frame, value_length, changes_end;
    uint64_t value_offset;
} EventRecord;

typedef struct {
    int32_t cause;
    uint8_t op, has_value;
    uint16_t zero;
    uint32_t place_length, value_length;
    uint64_t place_offset, value_offset;
} ChangeRecord;

typedef struct {
    uint64_t name_offset;
    uint32_t name_length, zero;
} FrameRecord;

_Static_assert(sizeof(EventRecord) == EVENT_BYTES && sizeof(ChangeRecord) == CHANGE_BYTES &&
                   sizeof(FrameRecord) == FRAME_BYTES,
               "records are laid out without gaps");

int tape_open(Recorder *r, PyObject *buffer, PyObject *layout)
{
    unsigned long long events, most_events, changes, changes_capacity, frames, frames_capacity, text, text_bytes, total, header;
    if (!PyArg_ParseTuple(layout, "KKKKKKKKKK", &events, &most_events, &changes, &changes_capacity, &frames,
                          &frames_capacity, &text, &text_bytes, &total, &header))
        return -1;
    if (PyObject_GetBuffer(buffer, &r->tape.view, PyBUF_WRITABLE) < 0)
        return -1;
    if ((unsigned long long)r->tape.view.len < total) {
        PyErr_SetString(PyExc_ValueError, "the buffer is smaller than the layout");
        return -1;
    }
    unsigned char *base = r->tape.view.buf;
    r->tape.header = (uint64_t *)(base + header);
    r->tape.events = base + events;
    r->tape.changes = base + changes;
    r->tape.frames = base + frames;
    r->tape.text = base + text;
    r->tape.most_events = most_events;
    r->tape.changes_capacity = changes_capacity;
    r->tape.frames_capacity = frames_capacity;
    r->tape.text_bytes = text_bytes;
    r->tape.cause = -1;
    return 0;
}

int stop_run(Recorder *r, const char *status, const char *reason)
{
    PyObject *nothing = PyObject_CallFunction(r->stop, "ss", status, reason);
    /* It does not return where programs are not trusted, and raises where they are. */
    if (nothing) {
        Py_DECREF(nothing);
        PyErr_SetString(PyExc_SystemError, "the run went on beyond a limit");
    }
    return -1;
}

static int stop_counted(Recorder *r, const char *status, uint64_t most, const char *what)
{
    PyObject *number = PyLong_FromUnsignedLongLong(most);
    PyObject *grouping = PyUnicode_FromString(",");
    PyObject *digits = number && grouping ? PyObject_Format(number, grouping) : NULL;
    PyObject *reason = digits ? PyUnicode_FromFormat("more than %U %s", digits, what) : NULL;
    Py_XDECREF(number);
    Py_XDECREF(grouping);
    Py_XDECREF(digits);
    if (!reason)
        return -1;
    const char *text = PyUnicode_AsUTF8(reason);
    if (text)
        stop_run(r, status, text);
    Py_DECREF(reason);
    return -1;
}

static int use(Recorder *r, size_t length)
{
    r->tape.text_used += length;
    if (r->tape.text_used > r->tape.text_bytes)
        return stop_counted(r, "event_limit", r->tape.text_bytes, "bytes of text");
    return 0;
}

static int put(Recorder *r, const char *text, size_t length, uint64_t *offset)
{
    if (use(r, length) < 0)
        return -1;
    *offset = r->tape.text_end;
    memcpy(r->tape.text + r->tape.text_end, text, length);
    r->tape.text_end += length;
    return 0;
}

/* `kept_at`, if given and not 0, is 1 + the offset of the place's text, which lies there from before; it is set. */
int tape_change_parts(Recorder *r, const char *place, size_t place_length, uint64_t *kept_at, enum op op,
                      const char *value, size_t length, size_t chars)
{
    Tape *tape = &r->tape;
    if (value) {
        tape->chars += chars;
        if (tape->chars > tape->most_chars) {
            PyObject *text = PyUnicode_DecodeUTF8(value, (Py_ssize_t)length, "surrogatepass");
            PyObject *nothing = text ? PyObject_CallOneArg(r->left_out, text) : NULL;
            Py_XDECREF(text);
            if (!nothing)
                return -1;
            Py_DECREF(nothing);
            value = NULL;
            tape->truncated = 1;
        }
    }
    if (tape->n_changes >= tape->changes_capacity)
        return stop_counted(r, "event_limit", tape->n_changes, "changes");
    ChangeRecord record = {tape->cause, (uint8_t)op, value != NULL, 0, (uint32_t)place_length, 0, 0, 0};
    if (kept_at && *kept_at) {
        record.place_offset = *kept_at - 1;
        if (use(r, place_length) < 0)
            return -1;
    } else {
        if (put(r, place, place_length, &record.place_offset) < 0)
            return -1;
        if (kept_at)
            *kept_at = record.place_offset + 1;
    }
    if (value) {
        record.value_length = (uint32_t)length;
        if (put(r, value, length, &record.value_offset) < 0)
            return -1;
    }
    memcpy(tape->changes + tape->n_changes * CHANGE_BYTES, &record, sizeof record);
    tape->n_changes++;
    return 0;
}

int tape_change(Recorder *r, const char *place, size_t place_length, enum op op, const Text *value)
{
    return tape_change_parts(r, place, place_length, NULL, op, value ? value->data : NULL, value ? value->length : 0,
                             value ? value->chars : 0);
}

int tape_frame(Recorder *r, const CodeInfo *info, uint32_t *number)
{
    Tape *tape = &r->tape;
    if (tape->n_frames >= tape->frames_capacity)
        return stop_counted(r, "event_limit", tape->n_frames, "calls");
    const char *name = PyBytes_AS_STRING(info->function);
    size_t length = (size_t)PyBytes_GET_SIZE(info->function);
    /* It lies there from an earlier frame's on. */
    uint64_t *kept_at = &r->functions_at[info - r->codes];
    FrameRecord record = {*kept_at - 1, (uint32_t)length, 0};
    if ((*kept_at ? use(r, length) : put(r, name, length, &record.name_offset)) < 0)
        return -1;
    *kept_at = record.name_offset + 1;
    *number = (uint32_t)tape->n_frames;
    memcpy(tape->frames + tape->n_frames * FRAME_BYTES, &record, sizeof record);
    tape->n_frames++;
    return 0;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

int32_t tape_event(Recorder *r, enum event_kind kind, int statement, const Frame *frame, const Text *value)
{
    Tape *tape = &r->tape;
    uint64_t index = tape->n_events;
    if (!(index & 255) && now() > tape->deadline)
        return stop_run(r, "timeout", "took longer than the limit on wall-clock time");
    if (index >= tape->most_events)
        return stop_counted(r, "event_limit", tape->most_events, "events");
    EventRecord record = {(uint8_t)kind, value != NULL,           0, (uint32_t)statement, frame->depth, frame->number, 0,
                          (uint32_t)tape->n_changes, 0};
    if (value) {
        record.value_length = (uint32_t)value->length;
        if (put(r, value->data, value->length, &record.value_offset) < 0)
            return -1;
    }
    memcpy(tape->events + index * EVENT_BYTES, &record, sizeof record);
    tape->n_events = index + 1;
    tape->header[TEXT_END_WORD] = tape->text_end;
    tape->header[N_CHANGES_WORD] = tape->n_changes;
    tape->header[N_FRAMES_WORD] = tape->n_frames;
    __atomic_store_n(tape->header, tape->n_events, __ATOMIC_RELEASE);
    return (int32_t)index;
}
