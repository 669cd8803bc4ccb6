/* Gives up files, limits and system calls, and watches over a child that has.

   Belongs here: the calls to the system, one after the other, for `confine.py` and `zygote.py`. Does not belong here:
   which limits and which filter.

   What Python code touches must be copied in a process that was just forked, and in the one that forked it as long as
   the other lives: that took longer than these calls. */

#include "confining.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static PyObject *done(int failed)
{
    if (failed)
        return PyErr_SetFromErrno(PyExc_OSError);
    Py_RETURN_NONE;
}

typedef struct {
    int64_t number, soft, hard;
} Limit;

PyObject *limit_process(PyObject *module, PyObject *limits)
{
    (void)module;
    char *data;
    Py_ssize_t size;
    if (PyBytes_AsStringAndSize(limits, &data, &size) < 0)
        return NULL;
    if (size % sizeof(Limit)) {
        PyErr_SetString(PyExc_ValueError, "a limit is three numbers of eight bytes");
        return NULL;
    }
    if (prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL, 0ul, 0ul, 0ul) || prctl(PR_SET_DUMPABLE, 0ul, 0ul, 0ul, 0ul))
        return done(1);
    for (Py_ssize_t at = 0; at < size; at += sizeof(Limit)) {
        Limit limit;
        memcpy(&limit, data + at, sizeof limit);
        struct rlimit set = {(rlim_t)limit.soft, (rlim_t)limit.hard};
        if (setrlimit((int)limit.number, &set))
            return done(1);
    }
    Py_RETURN_NONE;
}

PyObject *install_filter(PyObject *module, PyObject *code)
{
    (void)module;
    char *data;
    Py_ssize_t size;
    if (PyBytes_AsStringAndSize(code, &data, &size) < 0)
        return NULL;
    struct sock_fprog program = {(unsigned short)(size / sizeof(struct sock_filter)), (struct sock_filter *)data};
    return done(
        prctl(PR_SET_NO_NEW_PRIVS, 1ul, 0ul, 0ul, 0ul) ||
        prctl(PR_SET_SECCOMP, (unsigned long)SECCOMP_MODE_FILTER, (unsigned long)(uintptr_t)&program, 0ul, 0ul));
}

/* Old kernels, and some containers, have no call for all of them. */
static void close_files(unsigned first, unsigned last)
{
    struct rlimit most;
    if (first > last || !syscall(SYS_close_range, first, last, 0u) || getrlimit(RLIMIT_NOFILE, &most))
        return;
    for (unsigned number = first; number <= last && number < most.rlim_max; number++)
        close((int)number);
}

PyObject *keep_only(PyObject *module, PyObject *number)
{
    (void)module;
    long kept = PyLong_AsLong(number);
    int ends[2];
    if (PyErr_Occurred())
        return NULL;
    if (kept < 3 || kept >= INT_MAX) {
        PyErr_SetString(PyExc_ValueError, "files 0 to 2 are replaced");
        return NULL;
    }
    if (pipe2(ends, O_CLOEXEC))
        return done(1);
    if (ends[0] == kept || ends[1] == kept || close(ends[1]))
        return done(1);
    for (int standard = 0; standard < 3; standard++) {
        if (dup2(ends[0], standard) < 0)
            return done(1);
    }
    close_files(3, (unsigned)kept - 1);
    close_files((unsigned)kept + 1, INT_MAX);
    Py_RETURN_NONE;
}

static int open_process(pid_t process) { return (int)syscall(SYS_pidfd_open, process, 0u); }

/* Whether there was something to read before the process ended; -1: neither can be waited for. */
static int is_told(int process, int control)
{
    struct pollfd files[2] = {{process, POLLIN, 0}, {control, POLLIN, 0}};
    while (poll(files, 2, -1) < 0) {
        if (errno != EINTR)
            return -1;
    }
    return !files[0].revents;
}

PyObject *fork_and_watch(PyObject *module, PyObject *number)
{
    (void)module;
    long control = PyLong_AsLong(number);
    if (PyErr_Occurred())
        return NULL;
    pid_t child = fork();
    if (child < 0)
        return done(1);
    if (child == 0)
        Py_RETURN_NONE;
    /* From here to the end of the child nothing of Python is touched. */
    int process = open_process(child), status = 0;
    int told = process < 0 ? -1 : is_told(process, (int)control), error = errno;
    struct rusage usage;
    if (told)
        kill(child, SIGKILL);
    while (wait4(child, &status, 0, &usage) < 0) {
        if (errno != EINTR)
            return done(1);
    }
    if (process >= 0)
        close(process);
    errno = error;
    if (told < 0)
        return done(1);
    double cpu_s = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                   (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    return Py_BuildValue("idN", status, cpu_s, PyBool_FromLong(told));
}
