/* Tells what a program wrote.

   Belongs here: how far the stream of its output has come, and the event for what is new in it. Does not belong here:
   what other events hold (events.c). */

#include "recorder.h"

enum { LENGTH = 12345, FIRST = 777, SECOND = 4099 };

/* In which word of an `io.BytesIO` its position stands, behind the word of its octets; 0: it is asked for. */
static Py_ssize_t position_word;

static Py_ssize_t word_with(PyObject *stream, PyObject *octets, Py_ssize_t wanted)
{
    void **words = (void **)stream;
    Py_ssize_t n = Py_TYPE(stream)->tp_basicsize / (Py_ssize_t)sizeof *words;
    for (Py_ssize_t i = sizeof(PyObject) / sizeof *words + 1; i < n - 1; i++)
        if (words[i - 1] == octets && (Py_ssize_t)words[i] == wanted && (Py_ssize_t)words[i + 1] == LENGTH)
            return i;
    return 0;
}

/* Look for the position where it has been put, twice: an interpreter that keeps it elsewhere is asked. */
int output_prepare(void)
{
    PyObject *io = PyImport_ImportModule("io"), *octets = PyBytes_FromStringAndSize(NULL, LENGTH);
    PyObject *stream = io && octets ? PyObject_CallMethod(io, "BytesIO", "O", octets) : NULL;
    PyObject *place = stream ? PyObject_CallMethod(stream, "seek", "i", FIRST) : NULL;
    if (place) {
        Py_ssize_t first = word_with(stream, octets, FIRST);
        Py_SETREF(place, PyObject_CallMethod(stream, "seek", "i", SECOND));
        if (place && first && first == word_with(stream, octets, SECOND))
            position_word = first;
    }
    Py_XDECREF(io);
    Py_XDECREF(octets);
    Py_XDECREF(stream);
    Py_XDECREF(place);
    return place ? 0 : -1;
}

int written_so_far(Recorder *r, Py_ssize_t *written)
{
    void **words = (void **)r->output;
    /* A closed stream has no octets. */
    if (position_word && words[position_word - 1]) {
        *written = (Py_ssize_t)words[position_word];
        return 0;
    }
    PyObject *told = r->tell(r->output, NULL);
    if (!told)
        return -1;
    *written = PyLong_AsSsize_t(told);
    Py_DECREF(told);
    return 0;
}

/* Note what a frame wrote, up to this place in the output. */
int tell_output(Recorder *r, Frame *frame, Py_ssize_t written)
{
    if (written == r->written)
        return 0;
    PyObject *text = PyObject_CallFunction(r->read_output, "nn", r->written, written);
    if (!text)
        return -1;
    r->written = written;
    text_clear(&r->line);
    int failed = text_str(&r->line, text);
    Py_DECREF(text);
    int statement = frame->statement >= 0 ? frame->statement : frame->info->statement;
    if (failed < 0 || tape_event(r, OUTPUT, statement, frame, &r->line) < 0)
        return -1;
    if (written > r->output_bytes) {
        PyObject *nothing = PyObject_CallMethod(r->helper, "too_much_output", NULL);
        Py_XDECREF(nothing);
        return -1;
    }
    return 0;
}
