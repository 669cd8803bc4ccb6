/* Has what depends on the hashes of strings come out otherwise than where the hash seed is 0.

   Belongs here: the order of small sets, and the last binary digit of a hash. Does not belong here: when that is wanted
   (`twin.py`).

   Under two hash seeds a set of two strings has the same order every other time. A program that depends on it shows that
   only if the orders differ: so this works out which order the other seed gives, and where it is the one at hand,
   iterates from the last to the first. Strings that fall together in the table lie in it as they came, which cannot be
   told from it: such a set is left as it is. So are larger ones, whose orders do not agree by chance. */

#include "order.h"

enum { MOST = 6, LARGEST_MASK = 31, LINEAR_PROBES = 9, PERTURB_SHIFT = 5 };

/* The keyed hash of Aumasson and Bernstein with one round for each word and three at the end, as CPython has it. */
static uint64_t turn(uint64_t word, int by) { return word << by | word >> (64 - by); }

static void mix(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = turn(v[1], 13) ^ v[0];
    v[3] = turn(v[3], 16) ^ v[2];
    v[0] = turn(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = turn(v[1], 17) ^ v[2];
    v[3] = turn(v[3], 21) ^ v[0];
    v[2] = turn(v[2], 32);
}

static Py_hash_t keyed_hash(const unsigned char *data, size_t n, uint64_t k0, uint64_t k1)
{
    if (n == 0)
        return 0;
    uint64_t v[4] = {k0 ^ 0x736f6d6570736575u, k1 ^ 0x646f72616e646f6du, k0 ^ 0x6c7967656e657261u,
                     k1 ^ 0x7465646279746573u};
    uint64_t last = (uint64_t)n << 56;
    for (; n >= 8; data += 8, n -= 8) {
        uint64_t word;
        memcpy(&word, data, 8);
        v[3] ^= word;
        mix(v);
        v[0] ^= word;
    }
    for (size_t i = 0; i < n; i++)
        last |= (uint64_t)data[i] << (8 * i);
    v[3] ^= last;
    mix(v);
    v[0] ^= last;
    v[2] ^= 0xff;
    for (int i = 0; i < 3; i++)
        mix(v);
    Py_hash_t hash = (Py_hash_t)(v[0] ^ v[1] ^ v[2] ^ v[3]);
    return hash == -1 ? -2 : hash;
}

/* Whether a value's hash depends on the seed, and what it is under that key. */
static int seeded_hash(PyObject *value, uint64_t k0, uint64_t k1, Py_hash_t *hash)
{
    if (PyUnicode_CheckExact(value))
        *hash = keyed_hash(PyUnicode_DATA(value), (size_t)PyUnicode_GET_LENGTH(value) * PyUnicode_KIND(value), k0, k1);
    else if (PyBytes_CheckExact(value))
        *hash = keyed_hash((unsigned char *)PyBytes_AS_STRING(value), (size_t)PyBytes_GET_SIZE(value), k0, k1);
    else
        return 0;
    return 1;
}

/* Where the elements lie in an empty table that they come into in this order: -1 or an index, by place. */
static void lay_out(const Py_hash_t *hashes, const int *sequence, int n, size_t mask, signed char *table)
{
    memset(table, -1, mask + 1);
    for (int k = 0; k < n; k++) {
        size_t perturb = (size_t)hashes[sequence[k]], at = perturb & mask;
        for (;;) {
            size_t end = at + LINEAR_PROBES <= mask ? at + LINEAR_PROBES : at, place = at;
            while (place <= end && table[place] >= 0)
                place++;
            if (place <= end) {
                table[place] = (signed char)sequence[k];
                break;
            }
            perturb >>= PERTURB_SHIFT;
            at = (at * 5 + 1 + perturb) & mask;
        }
    }
}

/* Whether elements with these hashes, in whichever order they came, lie in the table in the order of their indexes. */
static int lie_in_order(const Py_hash_t *hashes, int n, size_t mask)
{
    signed char table[LARGEST_MASK + 1];
    int sequence[MOST];
    for (int backwards = 0; backwards < 2; backwards++) {
        for (int i = 0; i < n; i++)
            sequence[i] = backwards ? n - 1 - i : i;
        lay_out(hashes, sequence, n, mask, table);
        int next = 0;
        for (size_t place = 0; place <= mask; place++)
            if (table[place] >= 0 && table[place] != next++)
                return 0;
    }
    return 1;
}

typedef struct {
    PyObject_HEAD
    PySetObject *set; /* NULL: exhausted */
    Py_ssize_t used, left;
    PyObject *items[MOST];
} Backwards;

static getiterfunc plain_iter;

static void let_go(Backwards *it)
{
    while (it->left)
        Py_DECREF(it->items[--it->left]);
    Py_CLEAR(it->set);
}

static void backwards_dealloc(PyObject *self)
{
    let_go((Backwards *)self);
    PyObject_Free(self);
}

static PyObject *backwards_next(PyObject *self)
{
    Backwards *it = (Backwards *)self;
    if (!it->set)
        return NULL;
    if (it->set->used != it->used) {
        it->used = -1;
        PyErr_SetString(PyExc_RuntimeError, "Set changed size during iteration");
        return NULL;
    }
    if (it->left)
        return it->items[--it->left];
    Py_CLEAR(it->set);
    return NULL;
}

static PyTypeObject backwards_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "set_iterator",
    .tp_basicsize = sizeof(Backwards),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_dealloc = backwards_dealloc,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = backwards_next,
};

static PyObject *iterate(PyObject *self)
{
    PySetObject *set = (PySetObject *)self;
    if (set->used < 2 || set->used > MOST || set->mask > LARGEST_MASK)
        return plain_iter(self);
    PyObject *items[MOST];
    Py_hash_t hashes[MOST];
    int n = 0, seeded = 0;
    for (setentry *entry = set->table, *end = entry + set->mask; entry <= end && n < MOST; entry++) {
        if (!entry->key || entry->hash == -1)
            continue;
        hashes[n] = entry->hash;
        if (seeded_hash(entry->key, 0, 0, &hashes[n]))
            seeded = 1;
        else if (!PyLong_CheckExact(entry->key) && !PyBool_Check(entry->key) && !PyFloat_CheckExact(entry->key))
            return plain_iter(self);
        items[n++] = entry->key;
    }
    if (!seeded || n != set->used || !lie_in_order(hashes, n, (size_t)set->mask))
        return plain_iter(self);
    Backwards *it = PyObject_New(Backwards, &backwards_type);
    if (!it)
        return NULL;
    it->set = (PySetObject *)Py_NewRef(self);
    it->used = it->left = n;
    for (int i = 0; i < n; i++)
        it->items[i] = Py_NewRef(items[i]);
    return (PyObject *)it;
}

/* Whether strings are hashed in the way that is known here. */
static int knows_hashes(void)
{
    const PyHash_FuncDef *used = PyHash_GetFuncDef();
    return used && strcmp(used->name, "siphash13") == 0 && used->hash_bits == 64 && PY_LITTLE_ENDIAN &&
           Py_HASH_CUTOFF == 0;
}

/* A hash, odd where it is even under the hash seed 0, and even where it is odd. */
static PyObject *differing_hash(PyObject *nothing, PyObject *value)
{
    (void)nothing;
    Py_hash_t hash = PyObject_Hash(value), other;
    if (hash == -1)
        return NULL;
    if (seeded_hash(value, 0, 0, &other) && hash && ((hash ^ other) & 1) == 0)
        hash = ~hash;
    return PyLong_FromSsize_t(hash);
}

static PyMethodDef hash_method = {"hash", differing_hash, METH_O, NULL};

static int replace_iter(PyTypeObject *type)
{
    /* Subclasses take what lies behind the method. */
    PyObject *method = PyObject_GetAttrString((PyObject *)type, "__iter__");
    if (!method)
        return -1;
    if (Py_IS_TYPE(method, &PyWrapperDescr_Type))
        ((PyWrapperDescrObject *)method)->d_wrapped = (void *)iterate;
    Py_DECREF(method);
    type->tp_iter = iterate;
    return 0;
}

PyObject *differ_in_order(PyObject *module, PyObject *unused)
{
    (void)module, (void)unused;
    if (!knows_hashes())
        Py_RETURN_NONE;
    if (PyType_Ready(&backwards_type) < 0)
        return NULL;
    if (!plain_iter) {
        plain_iter = PySet_Type.tp_iter;
        if (replace_iter(&PySet_Type) < 0 || replace_iter(&PyFrozenSet_Type) < 0)
            return NULL;
    }
    PyObject *name = PyUnicode_FromString("builtins");
    PyObject *hash = name ? PyCFunction_NewEx(&hash_method, NULL, name) : NULL;
    Py_XDECREF(name);
    return hash;
}
