/* Writes how an object's parts differ from what they were.

   Belongs here: sequences, sets, bytearrays, and the choice between deltas and the whole contents. Does not belong here:
   dicts and attributes (named.c), and remembering the parts (changes.c). */

#include "recorder.h"

/* Begin a delta; its place is "#n" and what is added to r->changes_text before `delta_value` or `delta_end`. */
int delta_begin(Recorder *r, Entry *entry, enum op op)
{
    if (r->n_deltas == r->deltas_capacity) {
        Py_ssize_t capacity = r->deltas_capacity ? 2 * r->deltas_capacity : 16;
        Delta *deltas = PyMem_RawRealloc(r->deltas, (size_t)capacity * sizeof *deltas);
        if (!deltas) {
            PyErr_NoMemory();
            return -1;
        }
        r->deltas = deltas;
        r->deltas_capacity = capacity;
    }
    Delta *delta = &r->deltas[r->n_deltas++];
    memset(delta, 0, sizeof *delta);
    delta->op = op;
    delta->place = r->changes_text.length;
    delta->place_chars = r->changes_text.chars;
    return text_char(&r->changes_text, '#') < 0 || text_number(&r->changes_text, entry->number) < 0 ? -1 : 0;
}

static Delta *last(Recorder *r) { return &r->deltas[r->n_deltas - 1]; }

static void place_end(Recorder *r)
{
    Delta *delta = last(r);
    delta->place_length = r->changes_text.length - delta->place;
    delta->place_chars = r->changes_text.chars - delta->place_chars;
    delta->value = r->changes_text.length;
    delta->value_chars = r->changes_text.chars;
}

static void value_end(Recorder *r)
{
    Delta *delta = last(r);
    delta->has_value = 1;
    delta->value_length = r->changes_text.length - delta->value;
    delta->value_chars = r->changes_text.chars - delta->value_chars;
}

int delta_value(Recorder *r, PyObject *value)
{
    place_end(r);
    int written = write_value(r, &r->changes_text, value, r->value_chars);
    value_end(r);
    return written;
}

void delta_end(Recorder *r)
{
    place_end(r);
    last(r)->value_chars = 0;
}

static void take_back(Recorder *r)
{
    Delta *delta = &r->deltas[--r->n_deltas];
    r->changes_text.chars -= delta->place_chars + delta->value_chars;
    r->changes_text.length = delta->place;
}

/* Whether two values have the same text; `fit` tells whether both have one. */
static int same_text(Recorder *r, PyObject *a, PyObject *b, int *fit)
{
    int same = numbers_same_text(r, a, b);
    if (same >= 0) {
        *fit = 1;
        return same;
    }
    text_clear(&r->scratch);
    int first = write_value(r, &r->scratch, a, r->value_chars);
    size_t middle = r->scratch.length;
    int second = first < 0 ? -1 : write_value(r, &r->scratch, b, r->value_chars);
    if (second < 0)
        return -1;
    *fit = first && second;
    return first == second && middle * 2 == r->scratch.length &&
           memcmp(r->scratch.data, r->scratch.data + middle, middle) == 0;
}

static int slots(Recorder *r, Entry *entry, const Parts *now)
{
    for (Py_ssize_t i = now->items_start; i < now->n_items - now->items_tail; i++) {
        PyObject *before = entry->items.items[i], *after = now->items[i];
        if (before == after)
            continue;
        int same = numbers_same_text(r, before, after), written;
        if (same == 1)
            continue;
        text_clear(&r->scratch);
        if (same < 0 && (written = write_value(r, &r->scratch, before, r->value_chars)) != 1)
            return written;
        if (delta_begin(r, entry, OP_DELTA) < 0 || text_char(&r->changes_text, '[') < 0 ||
            text_number(&r->changes_text, i) < 0 || text_char(&r->changes_text, ']') < 0)
            return -1;
        written = delta_value(r, after);
        if (written != 1)
            return written;
        Delta *delta = last(r);
        if (same < 0 && delta->value_length == r->scratch.length &&
            memcmp(r->changes_text.data + delta->value, r->scratch.data, r->scratch.length) == 0)
            take_back(r);
    }
    return 1;
}

static int slice_place(Recorder *r, Entry *entry, Py_ssize_t start, Py_ssize_t stop)
{
    if (delta_begin(r, entry, OP_DELTA) < 0 || text_char(&r->changes_text, '[') < 0 ||
        text_number(&r->changes_text, start) < 0 || text_char(&r->changes_text, ':') < 0 ||
        text_number(&r->changes_text, stop) < 0 || text_ascii(&r->changes_text, "]", 1) < 0)
        return -1;
    place_end(r);
    return text_char(&r->changes_text, '[');
}

static int slice(Recorder *r, Entry *entry, const Parts *now)
{
    PyObject **old = entry->items.items, **new = now->items;
    Py_ssize_t stop_old = entry->items.length, stop_new = now->n_items, start = now->items_start;
    Py_ssize_t shorter = stop_old < stop_new ? stop_old : stop_new;
    int alike, fit;
    for (; start < shorter; start++) {
        alike = old[start] == new[start] ? 1 : same_text(r, old[start], new[start], &fit);
        if (alike < 0)
            return -1;
        if (!alike)
            break;
    }
    while (stop_old > start && stop_new > start) {
        alike = old[stop_old - 1] == new[stop_new - 1] ? 1 : same_text(r, old[stop_old - 1], new[stop_new - 1], &fit);
        if (alike < 0)
            return -1;
        if (!alike)
            break;
        stop_old--;
        stop_new--;
    }
    if (slice_place(r, entry, start, stop_old) < 0)
        return -1;
    for (Py_ssize_t i = start; i < stop_new; i++) {
        if (i > start && text_ascii(&r->changes_text, ", ", 2) < 0)
            return -1;
        int written = write_value(r, &r->changes_text, new[i], r->value_chars);
        if (written != 1)
            return written;
    }
    if (text_char(&r->changes_text, ']') < 0)
        return -1;
    value_end(r);
    return 1;
}

static int octets(Recorder *r, Entry *entry)
{
    const unsigned char *old = (unsigned char *)PyBytes_AS_STRING(entry->octets);
    const unsigned char *new = (unsigned char *)PyByteArray_AS_STRING(entry->object);
    Py_ssize_t n_old = PyBytes_GET_SIZE(entry->octets), n_new = PyByteArray_GET_SIZE(entry->object), start = 0;
    if (n_old > 1 << 16 || n_new > 1 << 16)
        return n_old == n_new && memcmp(old, new, (size_t)n_new) == 0;
    if (n_old == n_new) {
        for (Py_ssize_t i = 0; i < n_new; i++) {
            if (old[i] == new[i])
                continue;
            if (delta_begin(r, entry, OP_DELTA) < 0 || text_char(&r->changes_text, '[') < 0 ||
                text_number(&r->changes_text, i) < 0 || text_char(&r->changes_text, ']') < 0)
                return -1;
            place_end(r);
            if (text_number(&r->changes_text, new[i]) < 0)
                return -1;
            value_end(r);
        }
        return 1;
    }
    while (start < n_old && start < n_new && old[start] == new[start])
        start++;
    while (n_old > start && n_new > start && old[n_old - 1] == new[n_new - 1]) {
        n_old--;
        n_new--;
    }
    if (slice_place(r, entry, start, n_old) < 0)
        return -1;
    for (Py_ssize_t i = start; i < n_new; i++)
        if ((i > start && text_ascii(&r->changes_text, ", ", 2) < 0) || text_number(&r->changes_text, new[i]) < 0)
            return -1;
    if (text_char(&r->changes_text, ']') < 0)
        return -1;
    value_end(r);
    return 1;
}

/* A list of those of `some` that are not among `others`, in the order of a set. NULL: error; None: over a cap. */
static PyObject *only_in(Recorder *r, PyObject **some, Py_ssize_t n, PyObject **others, Py_ssize_t m)
{
    AddressMap known = {NULL, NULL, 0, 0};
    PyObject *list = PyList_New(0);
    for (Py_ssize_t i = 0; list && i < m; i++)
        if (address_set(&known, others[i], others[i]) < 0)
            Py_CLEAR(list);
    for (Py_ssize_t i = 0; list && i < n; i++)
        if (!address_get(&known, some[i]) && PyList_Append(list, some[i]) < 0)
            Py_CLEAR(list);
    address_free(&known);
    if (!list)
        return NULL;
    PyObject *ordered = set_in_order(r, list);
    Py_DECREF(list);
    return ordered;
}

static int has_nan(const char *text, size_t length)
{
    return memmem(text, length, "nan", 3) || memmem(text, length, "NaN", 3);
}

int may_be_twice(const char *text, size_t length)
{
    static const char number[] = "Decimal(";
    const size_t before = sizeof number - 1;
    size_t start = 0;
    if (!has_nan(text, length))
        return 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] != '\'' && text[i] != '"')
            continue;
        size_t end = i + 1;
        while (end < length && text[end] != text[i])
            end += text[end] == '\\' ? 2 : 1;
        /* A string is no NaN; but among decimals one is written as a string. */
        end = end < length ? end : length;
        int is_number = i >= before && memcmp(text + i - before, number, before) == 0;
        if (has_nan(text + start, (is_number ? end : i) - start))
            return 1;
        start = i = end;
    }
    return start < length && has_nan(text + start, length - start);
}

/* Their texts, or NULL with `*fit` 0 if one has none or the texts do not tell them apart. */
static PyObject *texts_of(Recorder *r, PyObject *elements, int *fit)
{
    *fit = 1;
    PyObject *texts = PyList_New(0);
    for (Py_ssize_t i = 0; texts && *fit && i < PyList_GET_SIZE(elements); i++) {
        text_clear(&r->scratch);
        int written = write_value(r, &r->scratch, PyList_GET_ITEM(elements, i), r->value_chars);
        PyObject *text = NULL;
        if (written == 1)
            text = PyUnicode_DecodeUTF8(r->scratch.data, (Py_ssize_t)r->scratch.length, "surrogatepass");
        int found = text ? PySequence_Contains(texts, text) : 0;
        if (written == 0 || found == 1 || (text && may_be_twice(r->scratch.data, r->scratch.length)))
            *fit = 0;
        else if (!text || found < 0 || PyList_Append(texts, text) < 0)
            Py_CLEAR(texts);
        Py_XDECREF(text);
    }
    if (texts && !*fit)
        Py_CLEAR(texts);
    else if (!texts)
        *fit = -1;
    return texts;
}

static int list_elements(Recorder *r, Entry *entry, PyObject *texts, PyObject *others, enum op op)
{
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(texts); i++) {
        PyObject *text = PyList_GET_ITEM(texts, i);
        int there = PySequence_Contains(others, text);
        if (there < 0)
            return -1;
        if (there)
            continue;
        if (delta_begin(r, entry, op) < 0 || text_char(&r->changes_text, '{') < 0 ||
            text_str(&r->changes_text, text) < 0 || text_char(&r->changes_text, '}') < 0)
            return -1;
        if (op == OP_DELETE) {
            delta_end(r);
            continue;
        }
        place_end(r);
        if (text_str(&r->changes_text, text) < 0)
            return -1;
        value_end(r);
    }
    return 0;
}

static int one_element(Recorder *r, Entry *entry, PyObject *element, enum op op)
{
    if (delta_begin(r, entry, op) < 0 || text_char(&r->changes_text, '{') < 0)
        return -1;
    size_t start = r->changes_text.length;
    int written = write_value(r, &r->changes_text, element, r->value_chars);
    if (written != 1)
        return written;
    if (may_be_twice(r->changes_text.data + start, r->changes_text.length - start))
        return 0;
    if (text_char(&r->changes_text, '}') < 0)
        return -1;
    if (op == OP_DELTA)
        return delta_value(r, element);
    delta_end(r);
    return 1;
}

static int elements(Recorder *r, Entry *entry, const Parts *now)
{
    PyObject **old = entry->items.items + now->items_start, **new = now->items + now->items_start;
    Py_ssize_t same = now->items_start + now->items_tail;
    Py_ssize_t n_old = entry->items.length - same, n_new = now->n_items - same;
    if (n_old + n_new == 1)
        return one_element(r, entry, n_old ? *old : *new, n_old ? OP_DELETE : OP_DELTA);
    int listed = -1, fit = 1;
    PyObject *gone = only_in(r, old, n_old, new, n_new), *come = gone ? only_in(r, new, n_new, old, n_old) : NULL;
    PyObject *gone_texts = NULL, *come_texts = NULL;
    if (gone && come) {
        if (gone == Py_None || come == Py_None)
            listed = 0;
        else if (!(gone_texts = texts_of(r, gone, &fit)) || !(come_texts = texts_of(r, come, &fit)))
            listed = fit;
        else if (list_elements(r, entry, gone_texts, come_texts, OP_DELETE) == 0 &&
                 list_elements(r, entry, come_texts, gone_texts, OP_DELTA) == 0)
            listed = 1;
    }
    Py_XDECREF(gone);
    Py_XDECREF(come);
    Py_XDECREF(gone_texts);
    Py_XDECREF(come_texts);
    return listed;
}

/* Whether the parts are the same by their texts. */
static int alike(Recorder *r, Entry *entry, const Parts *now)
{
    if (entry->items.length != now->n_items)
        return 0;
    int all_same = now->items_start == now->n_items;
    for (Py_ssize_t i = 0; !all_same && i < now->n_items; i++) {
        int fit, same = same_text(r, entry->items.items[i], now->items[i], &fit);
        if (same != 1 || !fit)
            return same < 0 ? -1 : 0;
    }
    return 1;
}

/* Whether the deltas are shorter than the whole contents. */
static int worth_it(Recorder *r, Entry *entry, const Parts *now)
{
    size_t length = 0, n_items = entry->kind->base == BYTEARRAY ? 1 : (size_t)now->n_items;
    for (Py_ssize_t i = 0; i < r->n_deltas; i++)
        length += (r->n_deltas == 1 ? 0 : r->deltas[i].place_chars) + r->deltas[i].value_chars;
    /* Contents of n parts take at least 3 n characters: most deltas need no look at the whole. */
    if (length <= 3 * n_items || length <= 3 * (size_t)now->n_attributes)
        return 1;
    size_t least, most;
    if (entry->kind->base == LIST && entry->kind->exact && numbers_bounds(now, &least, &most) && length <= least &&
        most <= r->contents_chars)
        return 1;
    text_clear(&r->whole);
    int written = write_contents(r, &r->whole, entry->object, entry->kind, r->contents_chars);
    if (written != 1)
        return written;
    return !(r->n_deltas && length > r->whole.chars);
}

int deltas_of(Recorder *r, Entry *entry, const Parts *now)
{
    int listed;
    r->n_deltas = 0;
    text_clear(&r->changes_text);
    switch (entry->kind->base) {
    case LIST:
    case DEQUE:
        listed = entry->items.length == now->n_items ? slots(r, entry, now) : slice(r, entry, now);
        break;
    case DICT:
        listed = named_deltas(r, entry, now, 0);
        break;
    case SET:
        listed = elements(r, entry, now);
        break;
    case BYTEARRAY:
        listed = octets(r, entry);
        break;
    default:
        listed = alike(r, entry, now);
    }
    if (listed == 1)
        listed = named_deltas(r, entry, now, 1);
    return listed == 1 ? worth_it(r, entry, now) : listed;
}
