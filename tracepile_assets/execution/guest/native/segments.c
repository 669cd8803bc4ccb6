/* Has the segments of each library that is loaded lie in as few mappings as they can.

   Belongs here: what a fork copies of libraries. Does not belong here: what it copies of objects (`memory.c`).

   A library is mapped in five pieces: headers, code, constants, what is written to while it is loaded, and variables. A fork
   copies each of them, and an exit takes it apart. Pieces that lie side by side and have the same rights become one. */

#include "segments.h"

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

static int join_those_of(struct dl_phdr_info *library, size_t size, void *nothing)
{
    (void)size;
    (void)nothing;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < library->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &library->dlpi_phdr[i];
        int is_written = part->p_type == PT_GNU_RELRO;
        if (!is_written && (part->p_type != PT_LOAD || part->p_flags & PF_W))
            continue;
        uintptr_t start = (library->dlpi_addr + part->p_vaddr) & ~(page - 1);
        uintptr_t end = library->dlpi_addr + part->p_vaddr + part->p_memsz;
        /* What ends within a page was left as it is with all of that page. */
        end = is_written ? end & ~(page - 1) : (end + page - 1) & ~(page - 1);
        if (end > start)
            mprotect((void *)start, end - start, is_written ? PROT_READ | PROT_WRITE : PROT_READ | PROT_EXEC);
    }
    return 0;
}

PyObject *join_segments(PyObject *module, PyObject *nothing)
{
    (void)module;
    (void)nothing;
    dl_iterate_phdr(join_those_of, NULL);
    Py_RETURN_NONE;
}
