/* Makes lists of the records of one tape.

   Belongs here: columns of a tape that was checked before, as `execution/columns.py` describes them. Does not belong
   here: the checks of what comes back from the jail (`execution/taped.py`), and writing (tape.c).

   The parent calls this on bytes that came from the jail: whatever they are, nothing outside them is read. */

#include "reading.h"

typedef struct {
    uint8_t kind, has_value;
    uint16_t zero;
    uint32_t statement, depth, frame, length, changes_end;
    uint64_t offset;
} Event;

typedef struct {
    int32_t cause;
    uint8_t op, has_value;
    uint16_t zero;
    uint32_t place_length, length;
    uint64_t place_offset, offset;
} Change;

typedef struct {
    uint64_t offset;
    uint32_t length, zero;
} Framed;

_Static_assert(sizeof(Event) == 32 && sizeof(Change) == 32 && sizeof(Framed) == 16, "records are without gaps");

/* Short texts come again and again: the last one of each hash is kept, borrowed from the lists under way. */
enum { SHORT = 24, KEPT = 512, LISTS = 12 };

typedef struct {
    const char *text;
    size_t size;
    struct {
        const char *at;
        size_t length;
        PyObject *made;
    } kept[KEPT];
} Texts;

static PyObject *wrong(const char *what)
{
    PyErr_SetString(PyExc_ValueError, what);
    return NULL;
}

static PyObject *text_of(Texts *texts, uint64_t offset, uint64_t length)
{
    if (offset > texts->size || length > texts->size - offset)
        return wrong("a text lies elsewhere");
    const char *at = texts->text + offset;
    if (length > SHORT)
        return PyUnicode_DecodeUTF8(at, (Py_ssize_t)length, "surrogatepass");
    uint32_t hash = 2166136261u;
    for (uint64_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)at[i]) * 16777619u;
    size_t slot = (hash ^ (hash >> 15)) % KEPT;
    if (texts->kept[slot].made && texts->kept[slot].length == length && memcmp(texts->kept[slot].at, at, length) == 0)
        return Py_NewRef(texts->kept[slot].made);
    PyObject *made = PyUnicode_DecodeUTF8(at, (Py_ssize_t)length, "surrogatepass");
    texts->kept[slot].at = at;
    texts->kept[slot].length = length;
    texts->kept[slot].made = made;
    return made;
}

static int put(PyObject *list, Py_ssize_t index, PyObject *item)
{
    if (!item)
        return -1;
    PyList_SET_ITEM(list, index, item);
    return 0;
}

static PyObject *chosen(PyObject *row, uint64_t index)
{
    if (index >= (uint64_t)PyTuple_GET_SIZE(row))
        return wrong("a number that stands for nothing");
    return Py_NewRef(PyTuple_GET_ITEM(row, (Py_ssize_t)index));
}

static int read_events(PyObject **lists, Texts *texts, const Py_buffer *held, PyObject *lines, PyObject *kinds)
{
    for (Py_ssize_t i = 0; i < held->len / (Py_ssize_t)sizeof(Event); i++) {
        Event event;
        memcpy(&event, (const char *)held->buf + (size_t)i * sizeof event, sizeof event);
        if (put(lists[0], i, chosen(kinds, event.kind)) < 0 ||
            put(lists[1], i, PyLong_FromUnsignedLong(event.statement)) < 0 ||
            put(lists[2], i, chosen(lines, event.statement)) < 0 ||
            put(lists[3], i, PyLong_FromUnsignedLong(event.depth)) < 0 ||
            put(lists[4], i, PyLong_FromUnsignedLong(event.frame)) < 0 ||
            put(lists[5], i, event.has_value ? text_of(texts, event.offset, event.length) : Py_NewRef(Py_None)) < 0)
            return -1;
    }
    return 0;
}

static int read_changes(PyObject **lists, Texts *texts, const Py_buffer *held, const Py_buffer *events, PyObject *ops)
{
    Py_ssize_t owner = 0, n_events = events->len / (Py_ssize_t)sizeof(Event);
    for (Py_ssize_t i = 0; i < held->len / (Py_ssize_t)sizeof(Change); i++) {
        Change change;
        Event event = {0};
        memcpy(&change, (const char *)held->buf + (size_t)i * sizeof change, sizeof change);
        for (; owner < n_events; owner++) {
            memcpy(&event, (const char *)events->buf + (size_t)owner * sizeof event, sizeof event);
            if (event.changes_end > (uint64_t)i)
                break;
        }
        if (owner == n_events) {
            wrong("a change without an event");
            return -1;
        }
        if (put(lists[0], i, PyLong_FromSsize_t(owner)) < 0 || put(lists[1], i, PyLong_FromLong(change.cause)) < 0 ||
            put(lists[2], i, text_of(texts, change.place_offset, change.place_length)) < 0 ||
            put(lists[3], i, chosen(ops, change.op)) < 0 ||
            put(lists[4], i, change.has_value ? text_of(texts, change.offset, change.length) : Py_NewRef(Py_None)) < 0)
            return -1;
    }
    return 0;
}

static int read_frames(PyObject **lists, Texts *texts, const Py_buffer *held)
{
    for (Py_ssize_t i = 0; i < held->len / (Py_ssize_t)sizeof(Framed); i++) {
        Framed frame;
        memcpy(&frame, (const char *)held->buf + (size_t)i * sizeof frame, sizeof frame);
        if (put(lists[0], i, text_of(texts, frame.offset, frame.length)) < 0)
            return -1;
    }
    return 0;
}

PyObject *read_columns(PyObject *module, PyObject *args)
{
    (void)module;
    Py_buffer events, changes, frames, text;
    PyObject *lines, *kinds, *ops;
    if (!PyArg_ParseTuple(args, "y*y*y*y*O!O!O!", &events, &changes, &frames, &text, &PyTuple_Type, &lines,
                          &PyTuple_Type, &kinds, &PyTuple_Type, &ops))
        return NULL;
    Texts texts = {text.buf, (size_t)text.len, {{0}}};
    PyObject *columns = PyTuple_New(LISTS), *lists[LISTS];
    int failed = !columns;
    for (int i = 0; !failed && i < LISTS; i++) {
        Py_ssize_t n = i < 6 ? events.len / (Py_ssize_t)sizeof(Event) : i < 11 ? changes.len / (Py_ssize_t)sizeof(Change)
                                                                        : frames.len / (Py_ssize_t)sizeof(Framed);
        if ((lists[i] = PyList_New(n)) == NULL)
            failed = 1;
        else
            PyTuple_SET_ITEM(columns, i, lists[i]);
    }
    failed = failed || read_events(lists, &texts, &events, lines, kinds) < 0 ||
             read_changes(lists + 6, &texts, &changes, &events, ops) < 0 || read_frames(lists + 11, &texts, &frames) < 0;
    PyBuffer_Release(&events);
    PyBuffer_Release(&changes);
    PyBuffer_Release(&frames);
    PyBuffer_Release(&text);
    if (failed)
        Py_CLEAR(columns);
    return columns;
}

static char *add(char *to, const void *from, size_t length)
{
    memcpy(to, from, length);
    return to + length;
}

/* 0: it lies elsewhere. */
static int inside(const Py_buffer *text, uint64_t offset, uint64_t length)
{
    return offset <= (uint64_t)text->len && length <= (uint64_t)text->len - offset;
}

/* What a tape says, wherever its texts lie: its records without offsets, then the texts in order of their use. */
PyObject *placeless(PyObject *module, PyObject *args)
{
    (void)module;
    Py_buffer held[3], text;
    if (!PyArg_ParseTuple(args, "y*y*y*y*", &held[0], &held[1], &held[2], &text))
        return NULL;
    const Event *events = held[0].buf;
    const Change *changes = held[1].buf;
    const Framed *frames = held[2].buf;
    size_t n[3] = {(size_t)held[0].len / sizeof *events, (size_t)held[1].len / sizeof *changes,
                   (size_t)held[2].len / sizeof *frames};
    size_t sizes[3] = {sizeof *events, sizeof *changes, sizeof *frames}, total = 3 * 24;
    int whole = 1;
    for (size_t i = 0; i < n[0]; i++)
        whole &= inside(&text, events[i].offset, events[i].length), total += events[i].length;
    for (size_t i = 0; i < n[1]; i++) {
        whole &= inside(&text, changes[i].place_offset, changes[i].place_length);
        whole &= inside(&text, changes[i].offset, changes[i].length);
        total += (size_t)changes[i].place_length + changes[i].length;
    }
    for (size_t i = 0; i < n[2]; i++)
        whole &= inside(&text, frames[i].offset, frames[i].length), total += frames[i].length;
    for (int area = 0; area < 3; area++)
        total += n[area] * sizes[area];
    PyObject *made = whole ? PyBytes_FromStringAndSize(NULL, (Py_ssize_t)total) : wrong("a text lies elsewhere");
    if (made) {
        char *start = PyBytes_AS_STRING(made), *to = start;
        const char *octets = text.buf;
        to += sprintf(to, "%zu ", n[0]);
        for (size_t i = 0; i < n[0]; i++) {
            Event event = events[i];
            event.offset = 0;
            to = add(to, &event, sizeof event);
        }
        to += sprintf(to, "%zu ", n[1]);
        for (size_t i = 0; i < n[1]; i++) {
            Change change = changes[i];
            change.offset = change.place_offset = 0;
            to = add(to, &change, sizeof change);
        }
        to += sprintf(to, "%zu ", n[2]);
        for (size_t i = 0; i < n[2]; i++) {
            Framed frame = frames[i];
            frame.offset = 0;
            to = add(to, &frame, sizeof frame);
        }
        for (size_t i = 0; i < n[0]; i++)
            to = add(to, octets + events[i].offset, events[i].length);
        for (size_t i = 0; i < n[1]; i++)
            to = add(to, octets + changes[i].place_offset, changes[i].place_length);
        for (size_t i = 0; i < n[1]; i++)
            to = add(to, octets + changes[i].offset, changes[i].length);
        for (size_t i = 0; i < n[2]; i++)
            to = add(to, octets + frames[i].offset, frames[i].length);
        _PyBytes_Resize(&made, to - start);
    }
    for (int area = 0; area < 3; area++)
        PyBuffer_Release(&held[area]);
    PyBuffer_Release(&text);
    return made;
}
