/* What the parts of the recorder share: its state, and what each part offers the others.

   Belongs here: types and declarations. The meaning of a recording is that of the Python recorder (`tracer`, `heap`,
   `serialise`, `touching`), which this one reproduces byte for byte; what is rare is left to its functions.

   No part runs code of the program. Functions that return int give 0, or -1 with a Python exception set, unless they
   say otherwise. */

#ifndef TRACEPILE_RECORDER_H
#define TRACEPILE_RECORDER_H

#include "basics.h"

/* -- kinds.c: what kind of value an object is, by its real type */

enum base { NO_BASE, LIST, DICT, SET, FROZENSET, TUPLE, BYTEARRAY, DEQUE, ATOM, EXCEPTION };

typedef struct {
    PyObject *name;
    Py_ssize_t offset;
} Member;

typedef struct {
    PyTypeObject *type;
    unsigned char base, exact, opaque, fixed, has_dict, invisible, ordered, shaped;
    unsigned char met;        /* the classes behind it have come into view */
    unsigned char holds_data; /* it is of one class, itself an object of the run */
    PyObject *name;
    PyObject *fields; /* of a namedtuple: tuple of str; else NULL */
    PyObject *base_value; /* reads the plain value inside a subclass of an atom */
    Member *members;
    Py_ssize_t n_members;
} Kind;

/* The parts of an object, borrowed from it: items (or keys), values of a dict, names and values of attributes. */
typedef struct {
    PyObject **items, **values, **names, **attributes;
    Py_ssize_t n_items, n_values, n_attributes;
    /* As many items (and values) at the start, and then at the end, are those of before. */
    Py_ssize_t items_start, items_tail, values_start, values_tail;
    uint64_t version, attributes_version; /* equal numbers above 0: nothing changed */
} Parts;

/* -- heap.c: the objects of the run */

typedef struct {
    PyObject *object;
    Kind *kind;
    long long number;
    unsigned char truncated;
    Pointers items, values, names, attributes; /* owned */
    PyObject *octets; /* what a bytearray held */
    unsigned char sure[2]; /* items and values, attributes: each has a text, and keys are told apart by theirs */
    uint64_t version, attributes_version;
} Entry;

/* -- classes.c: the program's classes that have come into view */

typedef struct {
    PyObject *class;
    Kind *kind; /* of its own; NULL: it has held no data */
    unsigned char is_lost; /* it holds none any more */
    uint64_t version;
} Class;

/* -- variables.c: a variable as it was last shown */

enum shown { NOT_SHOWN, SHOWN_TRUNCATED, SHOWN };

typedef struct {
    PyObject *old; /* owned; NULL: unbound */
    char *text;    /* what was shown: on the tape, or owned if `kept` */
    uint64_t place; /* offset of the place's text on the tape, if place_length > 0 */
    uint32_t length, place_length;
    unsigned char shown, kept;
} Slot;

typedef struct {
    PyObject *name;
    Slot slot;
    uint64_t shown_at; /* order in which they were first shown */
    uint64_t seen_at;  /* round in which the dict last had it */
} Named;

/* Variables that live in a dict: of the module, or of a class body. */
typedef struct {
    PyObject *dict;
    PyObject *filter; /* set of the names that count; NULL: all */
    PyObject *index;  /* name -> number in `named` */
    Named *named;
    Py_ssize_t n_named, capacity;
    Pointers keys; /* owned: the dict's keys when last read, in order */
    Py_ssize_t *numbers; /* of `named` for each of them, or -1 */
    Py_ssize_t n_numbers;
    uint64_t version, round, n_shown;
} Namespace;

/* -- frames */

typedef struct {
    PyCodeObject *code;
    PyObject *function; /* its name in UTF-8: bytes */
    PyObject *octets; /* its instructions, as compiled */
    int start; /* where a frame stands as it is called */
    int statement, own_statement;
    unsigned char is_module, is_class, is_generator, writes_globals, is_finalizer, has_cells;
    Py_ssize_t n_variables;
    PyObject **names; /* borrowed from `variables` */
    int *where;       /* in the frame's storage */
    unsigned char *is_cell;
    PyObject *variables;
    PyObject *passing; /* rows of a statement's number and the set of its comprehensions' variables */
    PyObject *loop_ends, *wait_ends; /* offsets at which a StopAsyncIteration ends a loop, a StopIteration a wait */
    PyObject *storage; /* names of the frame's storage, and their kinds */
    const char *kinds;
    int n_storage;
} CodeInfo;

typedef struct Frame {
    struct Frame *previous, *next; /* among the suspended, in order */
    CodeInfo *info;
    struct _PyInterpreterFrame *inner;
    PyObject *generator; /* a weak reference, once it has been suspended */
    uint32_t number, depth;
    int statement;
    int32_t current;
    unsigned char pending, raised, nested, again;
    Py_ssize_t written;   /* by the program, when a pending frame was resumed */
    PyObject *held;       /* GeneratorExit that a pending frame got */
    PyObject *again_text; /* str, or None: too long */
    Namespace *namespace; /* of a class body */
    Slot slots[];
} Frame;

/* What a statement may change in place. */
enum reach { NOTHING, ANYTHING, PATHS };
enum operation { CONSTANT, NAME, ROW, MINUS, ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO };

/* An index: of two operands, of as many as the row is long, or of one. */
typedef struct Index {
    enum operation operation;
    Py_ssize_t name;    /* among the statement's names */
    PyObject *constant;
    struct Index *operands;
    Py_ssize_t n_operands;
} Index;

/* An attribute, or else an index. */
typedef struct {
    PyObject *attribute;
    Index *index;
} Step;

typedef struct {
    Py_ssize_t name;
    Py_ssize_t n_steps;
    Step *steps;
} Path;

typedef struct {
    unsigned char reach, risky, bare_raise;
    Path *paths;
    Py_ssize_t n_paths;
    PyObject *names;  /* tuple of the names in them */
    /* Where frames of this code have each of the names: among their variables, and in their storage; or -1. */
    const CodeInfo *looked_up_in;
    int *variables, *storage;
} Statement;

/* -- the tape */

enum event_kind { CALL, LINE, RETURN, RAISE, UNWIND, YIELD, RESUMED, OUTPUT };
enum op { OP_SET, OP_DELTA, OP_DELETE };

typedef struct {
    Py_buffer view;
    unsigned char *events, *changes, *frames, *text;
    uint64_t *header;
    uint64_t changes_capacity, frames_capacity, text_bytes;
    uint64_t n_events, n_changes, n_frames, text_end, text_used;
    uint64_t most_events, most_chars, chars;
    int32_t cause;
    unsigned char truncated;
    double deadline;
} Tape;

typedef struct {
    int32_t op;
    unsigned char has_value;
    size_t place, place_length, value, value_length; /* in Recorder.changes_text */
    size_t place_chars, value_chars;
} Delta;

typedef struct {
    PyObject_HEAD
    Tape tape;
    /* tables of the program */
    CodeInfo *codes;
    Py_ssize_t n_codes;
    uint64_t *functions_at; /* 1 + where the tape has the name of each function; 0: nowhere yet */
    AddressMap code_map;
    Pointers copies; /* of code objects of the program's, owned: they are in the map too */
    Statement *statements;
    Py_ssize_t n_statements;
    PyObject *shared;
    unsigned char reaches_globals, reaches_frames, compares_all;
    /* caps */
    size_t value_chars, contents_items, contents_chars;
    Py_ssize_t output_bytes;
    /* kinds */
    AddressMap kinds;
    PyTypeObject *other_atoms[16];
    PyTypeObject *deque, *ordered_dict;
    PyObject *mappings;
    /* functions of the Python recorder that serve the rare cases */
    PyObject *helper;
    PyObject *shape_of, *is_invisible, *is_atom, *atom_text, *base_values, *deep, *leave_out, *left_out, *vague;
    PyObject *named_changes, *stop, *stop_type, *read_output, *set_limit;
    PyObject *meet, *class_name, *class_look, *class_held;
    /* heap */
    AddressMap entries;
    Entry **order;
    Py_ssize_t n_order, order_capacity, prune_at;
    long long next_number;
    unsigned char heap_truncated, is_vague;
    Entry **fresh;
    Py_ssize_t n_fresh, fresh_capacity;
    /* classes */
    Class *classes;
    Py_ssize_t n_classes, classes_capacity;
    AddressMap class_places;
    Pointers gained, lost; /* those that have come to hold data, or to hold none any more: borrowed */
    /* room to work in */
    Text scratch, whole, changes_text, line, place;
    Delta *deltas;
    Py_ssize_t n_deltas, deltas_capacity;
    Pointers work, read_items, read_values, read_names, read_attributes, write_names, write_attributes;
    /* frames */
    Frame **stack;
    Py_ssize_t depth, stack_capacity;
    AddressMap suspended; /* by `inner`, which lies in the generator */
    Frame *first_suspended, *last_suspended;
    Namespace globals;
    Pointers rebound; /* names of variables that a frame has bound anew */
    Pointers touched; /* objects that a statement may have changed */
    /* what stands in the variables on a statement's paths before it, owned, and after it */
    Pointers before_values, after_values;
    int first_line; /* of the first statement */
    /* output */
    PyObject *output;
    PyCFunction tell;
    PyObject *tell_keeper;
    Py_ssize_t written;
    /* recursion */
    int limit, watched, base;
    PyThreadState *thread;
    int inside; /* callbacks that are running */
    unsigned char tracing;
} Recorder;

/* A number of one digit of the interpreter's own. */
static inline int is_short(PyObject *value)
{
#if PY_VERSION_HEX >= 0x030C0000
    return PyLong_CheckExact(value) && PyUnstable_Long_IsCompact((PyLongObject *)value);
#else
    return PyLong_CheckExact(value) && (size_t)(Py_SIZE(value) + 1) <= 2;
#endif
}

static inline long long short_number(PyObject *value)
{
#if PY_VERSION_HEX >= 0x030C0000
    return PyUnstable_Long_CompactValue((PyLongObject *)value);
#else
    return (long long)Py_SIZE(value) * (long long)((PyLongObject *)value)->ob_digit[0];
#endif
}

/* kinds.c */
static inline int is_plain(PyTypeObject *type)
{
    return type == &PyLong_Type || type == &PyUnicode_Type || type == &PyBool_Type || type == Py_TYPE(Py_None) ||
           type == &PyFloat_Type || type == &PyBytes_Type || type == &PyComplex_Type || type == Py_TYPE(Py_Ellipsis);
}
Kind *kind_of(Recorder *r, PyObject *value);         /* NULL: error */
int kind_shape(Recorder *r, Kind *kind, PyObject *value);
int atom(Recorder *r, PyObject *value);              /* 1, 0, -1 */
int invisible(Recorder *r, PyObject *value);         /* 1, 0, -1 */
void kinds_free(Recorder *r);
/* parts.c */
int parts_read(Recorder *r, PyObject *value, Kind *kind, Parts *parts);
int attributes_read(PyObject *value, Kind *kind, Pointers *names, Pointers *values, uint64_t *version);
uint64_t dict_version(PyObject *dict);
/* classes.c */
int class_meet(Recorder *r, PyObject *class, Pointers *found);
Kind *class_kind(Recorder *r, PyObject *class);
int class_shows(Recorder *r, PyObject *class); /* 1, 0, -1 */
int classes_take_in(Recorder *r);
int class_is_among(const Pointers *classes, const PyObject *value);
int class_read(Recorder *r, PyObject *class, Pointers *names, Pointers *values, uint64_t *version);
int class_is_as_before(PyObject *class, uint64_t version);
void classes_clear(Recorder *r);
/* writing.c: 1 written, 0 over a cap, -1 error */
int write_value(Recorder *r, Text *out, PyObject *value, size_t limit);
int write_part(Recorder *r, Text *out, PyObject *value, size_t start, size_t limit);
int write_deep(Recorder *r, Text *out, PyObject *value);
/* contents.c: as above */
int write_contents(Recorder *r, Text *out, PyObject *value, Kind *kind, size_t limit);
PyObject *set_in_order(Recorder *r, PyObject *elements); /* a list; None: over a cap */
/* heap.c */
Entry *entry_of(Recorder *r, PyObject *value);
int heap_admit(Recorder *r, PyObject **values, Py_ssize_t n);
int heap_describe(Recorder *r, Py_ssize_t from);
int heap_emit_whole(Recorder *r, Entry *entry);
int heap_leave_out(Recorder *r, PyObject *value);
int heap_text(Recorder *r, PyObject *value, Text *out); /* 1, 0, -1 */
int heap_take_in(Recorder *r, PyObject *class);
int heap_take_class(Recorder *r, Entry *entry);
int heap_scan(Recorder *r);
void heap_prune(Recorder *r);
void heap_clear(Recorder *r);
/* changes.c */
int heap_compare(Recorder *r, Entry *entry);
/* deltas.c: 1 listed in r->deltas, 0 the whole contents are to be written, -1 error */
/* Whether different elements of a set, or keys, may have this text: those with a NaN in them. */
int may_be_twice(const char *text, size_t length);
int deltas_of(Recorder *r, Entry *entry, const Parts *now);
int named_deltas(Recorder *r, Entry *entry, const Parts *now, int attributes);
int delta_begin(Recorder *r, Entry *entry, enum op op);
int delta_value(Recorder *r, PyObject *value); /* 1, 0, -1 */
void delta_end(Recorder *r);
/* numbers.c */
int numbers_same_text(Recorder *r, PyObject *a, PyObject *b);
int numbers_bounds(const Parts *list, size_t *least, size_t *most);
/* touching.c: 1 found in r->touched, 0 lost, -1 error */
int paths_before(Recorder *r, Frame *top, Statement *statement);
int touched(Recorder *r, Frame *top, Statement *statement);
/* variables.c */
int variables(Recorder *r, Frame *owner, int inside, Pointers *changed); /* `changed`: names, borrowed; or NULL */
int global_variables(Recorder *r);
int slot_bind(Recorder *r, Slot *slot, long long frame, PyObject *name, PyObject *value); /* frame -1: global */
int slot_review(Recorder *r, Slot *slot, long long frame, PyObject *name);
PyObject *namespace_old(Namespace *space, PyObject *name); /* borrowed or NULL, without an error */
PyObject *frame_local(Frame *frame, int where);             /* borrowed or NULL */
void slot_clear(Slot *slot);
/* namespaces.c */
int namespace_compare(Recorder *r, Namespace *space, long long frame, PyObject *passing, Pointers *changed);
int namespace_review(Recorder *r, Namespace *space, long long frame); /* after classes have gained or lost data */
void namespace_clear(Namespace *space);
/* tape.c */
int tape_open(Recorder *r, PyObject *buffer, PyObject *layout);
int tape_change(Recorder *r, const char *place, size_t place_length, enum op op, const Text *value);
int tape_change_parts(Recorder *r, const char *place, size_t place_length, uint64_t *kept_at, enum op op,
                      const char *value, size_t length, size_t chars);
int tape_frame(Recorder *r, const CodeInfo *info, uint32_t *number);
int32_t tape_event(Recorder *r, enum event_kind kind, int statement, const Frame *frame, const Text *value);
int stop_run(Recorder *r, const char *status, const char *reason);
/* events.c */
int on_call(Recorder *r, CodeInfo *info, struct _PyInterpreterFrame *inner);
int on_line(Recorder *r, int line);
int on_exception(Recorder *r, PyObject *raised, int is_end);
int on_return(Recorder *r, PyObject *value, int stands_on_yield, int stands_on_return);
int find_top(Recorder *r, struct _PyInterpreterFrame *inner); /* 1 if the frame is on the stack, and is now its top */
void frames_clear(Recorder *r);
/* state.c */
int settle(Recorder *r, int at_rest);
int settle_state(Recorder *r, int at_rest); /* without what was written */
int others_cells(Recorder *r, Frame *top, Pointers *changed);
/* paths.c */
int paths_read(Statement *statement, PyObject *names, PyObject *paths);
void paths_free(Statement *statement);
/* output.c */
int output_prepare(void);
int written_so_far(Recorder *r, Py_ssize_t *written);
int tell_output(Recorder *r, Frame *frame, Py_ssize_t written); /* up to this place in the output */
/* tables.c */
int tables_read(Recorder *r, PyObject *codes, PyObject *statements);
void tables_free(Recorder *r);
/* successor.c. Of a recorder of the same program that has let go of everything else. 0: there is nothing to take over. */
int take_over(Recorder *r, PyObject *previous);
/* hook_trace.c or hook_monitoring.c */
int hook_prepare(void);
int hook_install(Recorder *r);
int hook_take_in(Recorder *r, PyObject *code); /* one more, while it is installed */
void hook_remove(Recorder *r);
int current_depth(void);
int set_limit(Recorder *r, long limit);
/* A callback failed: the run ends as a crash or out of memory. Leaves what ends the program, or nothing, set. */
void fail(Recorder *r);

/* Text of an atom of a plain type. 1: written; 0: over the limit; -1: an error. */
int write_plain(Text *out, PyObject *value, size_t limit);
/* Deep text of a value, at most so many characters; None if it is not builtin through and through, or longer. */
PyObject *plain_deep_text(PyObject *module, PyObject *args);

/* Call something while a word names the frame of an empty generator. */
PyObject *call_bare(PyObject *module, PyObject *args);

#endif
