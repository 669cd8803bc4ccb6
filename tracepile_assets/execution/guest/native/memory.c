/* Gives a child that was forked memory to allocate from that no process before it has touched.

   Belongs here: where new objects and buffers go. Does not belong here: what they are.

   A free block that the parent left lies between blocks in use: the first write to it copies a page. So what is free is
   used up before forking, and children get a piece of memory for themselves, where the first write to a page costs half
   of that, and what is allocated lies close together. Python's own allocator works on as ever; it only asks here for
   arenas, and for what is too large for it.

   What the parent allocates itself it lays side by side, so that the system can keep it in large pages: forking copies
   an entry for each page.

   Objects are hashed by their addresses, and whether a program depends on them shows when another process lays them
   out otherwise: in one that is `turned`, blocks come out of order, and buffers from the highest to the lowest. */

#include "memory.h"

#include <sys/mman.h>

#include "basics.h"

enum { ARENA = 1 << 20, ARENAS = 2, BUFFERS = 2 << 20, RESERVED = ARENAS * ARENA + BUFFERS };
enum { STEP = 16, CLASSES = 32, MOST_FILLED = 1 << 18, LEFT = 24, TURNED = 128, TURNED_LATER = 16, TURNED_STEP = 13, FIRST_TURNED = 2, LAST_TURNED = 12 };

static char *reserved, *buffers; /* of the reserved memory, arenas come first, then buffers */
static char *arenas[ARENAS];
static int turned, taken, n_arenas;
static int refusing, refused; /* whether no arena is to be had, and one was asked for */
static PyObjectArenaAllocator plain_arenas;
static PyMemAllocatorEx plain_raw;

/* -- arenas of the parent, two to a large page */

enum { LARGE = 2 << 20, MOST_LARGE = 512 };

static PyObjectArenaAllocator first_arenas;
static char *large[MOST_LARGE], *half;
static int n_large, gathers;

static char *map_large(void)
{
    char *found = mmap(NULL, 2 * LARGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (found == MAP_FAILED)
        return NULL;
    size_t before = (size_t)(-(uintptr_t)found % LARGE);
    if (before)
        munmap(found, before);
    munmap(found + before + LARGE, LARGE - before);
    return found + before;
}

static void *gathered_alloc(void *context, size_t size)
{
    (void)context;
    if (size != ARENA || taken || n_large == MOST_LARGE)
        return first_arenas.alloc(first_arenas.ctx, size);
    if (half) {
        void *given = half;
        half = NULL;
        return given;
    }
    char *found = map_large();
    if (!found)
        return NULL;
    large[n_large++] = found;
    half = found + ARENA;
    return found;
}

static void gathered_free(void *context, void *arena, size_t size)
{
    (void)context;
    for (int i = 0; i < n_large; i++) {
        if ((char *)arena == large[i] || (char *)arena == large[i] + ARENA) {
            /* It stays what it is: a large page is worth more than a hole in it. */
            if (!half)
                half = arena;
            return;
        }
    }
    first_arenas.free(first_arenas.ctx, arena, size);
}

PyObject *gather_memory(PyObject *module, PyObject *nothing)
{
    (void)module;
    (void)nothing;
    if (!gathers) {
        gathers = 1;
        PyObject_GetArenaAllocator(&first_arenas);
        PyObjectArenaAllocator ours = {NULL, gathered_alloc, gathered_free};
        PyObject_SetArenaAllocator(&ours);
    }
    Py_RETURN_NONE;
}

/* -- arenas of children */

static void *arena_alloc(void *context, size_t size)
{
    (void)context;
    if (size == ARENA && refusing) {
        refused = 1;
        return NULL;
    }
    if (size == ARENA && n_arenas)
        return arenas[--n_arenas];
    return plain_arenas.alloc(plain_arenas.ctx, size);
}

static void arena_free(void *context, void *arena, size_t size)
{
    (void)context;
    if (taken && (char *)arena >= reserved && (char *)arena < buffers)
        arenas[n_arenas++] = arena;
    else
        plain_arenas.free(plain_arenas.ctx, arena, size);
}

static void give_back(void **chain)
{
    while (chain) {
        void **next = *chain;
        PyObject_Free(chain);
        chain = next;
    }
}

/* Use up all blocks of a size that are free, but for a few, which the parent needs between two children. */
static int fill(size_t size)
{
    void **chain = NULL;
    Py_ssize_t count = 0;
    refusing = 1;
    refused = 0;
    for (;;) {
        void **block = PyObject_Malloc(size);
        if (refused || !block || count == MOST_FILLED) {
            PyObject_Free(block);
            break;
        }
        *block = chain;
        chain = block;
        count++;
    }
    refusing = 0;
    void **last = chain;
    for (int i = 1; refused && last && i < LEFT; i++)
        last = *last;
    if (last && refused)
        *last = NULL;
    give_back(chain);
    return refused;
}

PyObject *reserve_memory(PyObject *module, PyObject *is_turned)
{
    (void)module;
    if (reserved)
        Py_RETURN_NONE;
    turned = PyObject_IsTrue(is_turned);
    char *found = mmap(NULL, RESERVED, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (found == MAP_FAILED)
        Py_RETURN_NONE;
    /* Most children use little of it: clearing large pages would take longer. */
    madvise(found, RESERVED, MADV_NOHUGEPAGE);
    PyObject_GetArenaAllocator(&plain_arenas);
    PyObjectArenaAllocator ours = {NULL, arena_alloc, arena_free};
    PyObject_SetArenaAllocator(&ours);
    for (size_t number = 1; number <= CLASSES; number++) {
        if (!fill(number * STEP)) {
            /* Another allocator than the usual one. */
            PyObject_SetArenaAllocator(&plain_arenas);
            munmap(found, RESERVED);
            Py_RETURN_NONE;
        }
    }
    reserved = found;
    buffers = found + ARENAS * ARENA;
    Py_RETURN_NONE;
}

PyObject *turn_memory(PyObject *module, PyObject *nothing)
{
    (void)module;
    (void)nothing;
    /* What is free once a call has ended is out of order already. */
    static int count = TURNED;
    for (size_t number = FIRST_TURNED; taken && turned && number <= LAST_TURNED; number++) {
        void *blocks[TURNED];
        for (int i = 0; i < count; i++)
            blocks[i] = PyObject_Malloc(number * STEP);
        /* The one that is freed last is allocated first. */
        for (int i = 0; i < count; i++)
            PyObject_Free(blocks[i * TURNED_STEP % count]);
    }
    if (taken)
        count = TURNED_LATER;
    Py_RETURN_NONE;
}

/* -- buffers: of sizes in four steps to a power of two, each with a chain of those that are free */

enum { LEAST = 512, MOST = 1 << 16, SIZES = 32, HEAD = 16 };

static size_t unused;
static void **free_buffers[SIZES];

static int size_class(size_t size, size_t *rounded)
{
    size_t power = LEAST;
    int number = 0;
    if (size <= LEAST) {
        *rounded = LEAST;
        return 0;
    }
    while (size > 2 * power) {
        power *= 2;
        number += 4;
    }
    size_t step = power / 4, steps = (size - power + step - 1) / step;
    *rounded = power + steps * step;
    return number + (int)steps;
}

static int is_ours(void *buffer) { return (char *)buffer >= buffers && (char *)buffer < buffers + BUFFERS; }

static void *raw_malloc(void *context, size_t size)
{
    (void)context;
    size_t rounded;
    if (size > MOST)
        return plain_raw.malloc(plain_raw.ctx, size);
    int number = size_class(size, &rounded);
    void **found = free_buffers[number];
    if (found) {
        free_buffers[number] = *found;
        return found;
    }
    if (unused < rounded + HEAD)
        return plain_raw.malloc(plain_raw.ctx, size);
    unused -= rounded + HEAD;
    char *given = (turned ? buffers + unused : buffers + BUFFERS - unused - rounded - HEAD) + HEAD;
    *(size_t *)(given - HEAD) = rounded;
    return given;
}

static void raw_free(void *context, void *buffer)
{
    (void)context;
    size_t rounded;
    if (!is_ours(buffer)) {
        plain_raw.free(plain_raw.ctx, buffer);
        return;
    }
    int number = size_class(*(size_t *)((char *)buffer - HEAD), &rounded);
    *(void **)buffer = free_buffers[number];
    free_buffers[number] = buffer;
}

static void *raw_calloc(void *context, size_t count, size_t size)
{
    if (size && count > MOST / size)
        return plain_raw.calloc(plain_raw.ctx, count, size);
    void *given = raw_malloc(context, count * size);
    return given ? memset(given, 0, count * size) : NULL;
}

static void *raw_realloc(void *context, void *buffer, size_t size)
{
    if (!buffer)
        return raw_malloc(context, size);
    if (!is_ours(buffer))
        return plain_raw.realloc(plain_raw.ctx, buffer, size);
    size_t had = *(size_t *)((char *)buffer - HEAD);
    if (size <= had)
        return buffer;
    void *given = raw_malloc(context, size);
    if (given) {
        memcpy(given, buffer, had);
        raw_free(context, buffer);
    }
    return given;
}

PyObject *take_reserved_memory(PyObject *module, PyObject *nothing)
{
    (void)module;
    (void)nothing;
    if (!reserved || taken)
        Py_RETURN_NONE;
    taken = 1;
    for (int number = ARENAS; number > 0; number--)
        arenas[n_arenas++] = reserved + (number - 1) * ARENA;
    unused = BUFFERS;
    PyMem_GetAllocator(PYMEM_DOMAIN_RAW, &plain_raw);
    PyMemAllocatorEx ours = {NULL, raw_malloc, raw_calloc, raw_realloc, raw_free};
    PyMem_SetAllocator(PYMEM_DOMAIN_RAW, &ours);
    Py_RETURN_NONE;
}
