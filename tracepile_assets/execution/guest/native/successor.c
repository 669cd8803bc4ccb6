/* What a recorder has from the one before it.

   Belongs here: tables of the same program, and memory to work in. Does not belong here: reading tables anew. */

#include <string.h>

#include "recorder.h"

static void move(void *to, void *from, size_t size)
{
    memcpy(to, from, size);
    memset(from, 0, size);
}

/* Take over the room that it worked in, which is empty. */
static void take_room(Recorder *r, Recorder *ended)
{
    Text *texts[][2] = {{&r->scratch, &ended->scratch},
                        {&r->whole, &ended->whole},
                        {&r->changes_text, &ended->changes_text},
                        {&r->line, &ended->line},
                        {&r->place, &ended->place}};
    Pointers *lists[][2] = {{&r->work, &ended->work},
                            {&r->read_items, &ended->read_items},
                            {&r->read_values, &ended->read_values},
                            {&r->read_names, &ended->read_names},
                            {&r->read_attributes, &ended->read_attributes},
                            {&r->write_names, &ended->write_names},
                            {&r->write_attributes, &ended->write_attributes},
                            {&r->touched, &ended->touched},
                            {&r->rebound, &ended->rebound}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        move(texts[i][0], texts[i][1], sizeof(Text));
        text_clear(texts[i][0]);
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        move(lists[i][0], lists[i][1], sizeof(Pointers));
        lists[i][0]->length = 0;
    }
    move(&r->deltas, &ended->deltas, sizeof r->deltas);
    move(&r->deltas_capacity, &ended->deltas_capacity, sizeof r->deltas_capacity);
}

int take_over(Recorder *r, PyObject *previous)
{
    if (!previous || Py_TYPE(previous) != Py_TYPE(r))
        return 0;
    Recorder *ended = (Recorder *)previous;
    if (ended->helper || ended->tracing || ended->inside || !ended->codes)
        return 0;
    r->codes = ended->codes;
    r->n_codes = ended->n_codes;
    r->functions_at = ended->functions_at;
    r->code_map = ended->code_map;
    r->statements = ended->statements;
    r->n_statements = ended->n_statements;
    memset(r->functions_at, 0, (size_t)r->n_codes * sizeof *r->functions_at);
    ended->codes = NULL;
    ended->functions_at = NULL;
    ended->statements = NULL;
    ended->n_codes = ended->n_statements = 0;
    memset(&ended->code_map, 0, sizeof ended->code_map);
    take_room(r, ended);
    return 1;
}
