"""The seccomp filter: the system calls that a submission may make.

It is an allow-list, so that new or forgotten calls are refused.
What is not on the list fails with ENOSYS, as on an older kernel, and libraries fall back.
libseccomp compiles the names for this processor; names that it does not have are skipped.
"""

from __future__ import annotations

import ctypes.util
import errno
import fcntl
import functools
import socket
import stat
import tempfile
import termios

# Each group with the reason why it is needed.
ALLOWED = {
    "files": """
        open openat openat2 creat close close_range read pread64 readv preadv preadv2 write pwrite64 writev pwritev
        pwritev2 lseek stat lstat fstat newfstatat statx access faccessat
        faccessat2 readlink readlinkat getdents getdents64 getcwd chdir fchdir mkdir mkdirat rmdir unlink unlinkat
        rename renameat renameat2 link linkat symlink symlinkat truncate ftruncate fallocate fsync fdatasync fadvise64
        readahead sendfile copy_file_range chmod fchmod fchmodat chown fchown lchown fchownat utime utimes utimensat
        futimesat umask statfs fstatfs flock dup dup2 dup3 pipe pipe2 getxattr lgetxattr fgetxattr listxattr
        llistxattr flistxattr""",
    "memory": "brk munmap mprotect mremap madvise msync mincore mlock munlock membarrier",
    "threads": """
        futex futex_waitv set_robust_list get_robust_list set_tid_address rseq sched_yield sched_getaffinity
        sched_setaffinity sched_getparam sched_getscheduler sched_get_priority_min sched_get_priority_max gettid
        getcpu get_mempolicy arch_prctl""",
    "processes inside the sandbox": """
        fork vfork execve execveat exit exit_group wait4 waitid getpid getppid getpgid getpgrp setpgid getsid
        setsid getpriority setpriority pidfd_open pidfd_send_signal kill tkill tgkill getrlimit setrlimit
        getrusage times""",
    "signals": """
        rt_sigaction rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigpending rt_sigtimedwait rt_sigqueueinfo
        rt_tgsigqueueinfo sigaltstack signalfd4 restart_syscall pause""",
    "waiting": """
        poll ppoll select pselect6 eventfd2 timerfd_create timerfd_settime timerfd_gettime""",
    "time": """
        clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time alarm getitimer setitimer timer_create
        timer_settime timer_gettime timer_getoverrun timer_delete""",
    "identity": """
        getuid geteuid getgid getegid getresuid getresgid getgroups capget uname sysinfo getrandom""",
    "sockets, of the families below": """
        bind connect listen accept accept4 getsockname getpeername getsockopt shutdown sendto sendmsg sendmmsg
        recvfrom recvmsg recvmmsg""",
}

# These fail with EPERM, as for any ordinary user.
NOT_PERMITTED = """
    mount umount2 pivot_root chroot unshare setns fsopen fsconfig fsmount fspick move_mount open_tree mount_setattr
    setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups capset
    ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp pidfd_getfd
    bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register fanotify_init fanotify_mark
    add_key request_key keyctl name_to_handle_at open_by_handle_at
    init_module finit_module delete_module kexec_load kexec_file_load reboot syslog swapon swapoff quotactl quotactl_fd
    acct iopl ioperm modify_ldt settimeofday clock_settime clock_adjtime adjtimex sethostname setdomainname
    sched_setscheduler sched_setparam sched_setattr ioprio_set vhangup"""

# clone makes processes and threads, but no namespaces, and no child that counts as its parent's sibling.
NAMESPACES = 0x7E02_0000
PARENT = 0x8000

# No mmap with both: a shared mapping without a file is memory that no process accounts for.
MAP_SHARED, MAP_ANONYMOUS = 0x01, 0x20

# mknod makes pipes with a name, but no devices.
FILE_TYPE = stat.S_IFMT(0xFFFF)

# ioctl for terminals and descriptors; in particular not TIOCSTI, which types into a terminal.
IOCTLS = (
    *(termios.TCGETS, termios.TCSETS, termios.TCSETSW, termios.TCSETSF, termios.TIOCGWINSZ, termios.TIOCSWINSZ),
    *(termios.TIOCSCTTY, termios.TIOCGPGRP, termios.TIOCSPGRP),
    *(termios.FIONBIO, termios.FIONREAD, termios.FIOCLEX, termios.FIONCLEX),
    0x4004_9409,  # FICLONE, which cp tries first
)

# From linux/fcntl.h and linux/prctl.h, where Python has no names for them.
F_OFD_GETLK, F_GETPIPE_SZ, F_GET_SEALS = 36, 1032, 1034
PR_SET_PDEATHSIG, PR_GET_PDEATHSIG, PR_GET_DUMPABLE, PR_SET_DUMPABLE = 1, 2, 3, 4
PR_SET_NAME, PR_GET_NAME, PR_GET_SECCOMP, PR_CAPBSET_READ = 15, 16, 21, 23
PR_SET_TIMERSLACK, PR_GET_TIMERSLACK, PR_SET_CHILD_SUBREAPER, PR_GET_CHILD_SUBREAPER = 29, 30, 36, 37
PR_SET_NO_NEW_PRIVS, PR_GET_NO_NEW_PRIVS, PR_SET_THP_DISABLE, PR_GET_THP_DISABLE = 38, 39, 41, 42

# In particular no record locks, of which a file can have any number, no change notifications, and no larger pipes.
FILE_COMMANDS = (
    *(fcntl.F_DUPFD, fcntl.F_DUPFD_CLOEXEC, fcntl.F_GETFD, fcntl.F_SETFD, fcntl.F_GETFL, fcntl.F_SETFL),
    *(fcntl.F_GETLK, F_OFD_GETLK, fcntl.F_GETOWN, fcntl.F_SETOWN, F_GETPIPE_SZ, F_GET_SEALS),
)

# In particular no merging of pages, no names of mappings, no further filters, each of which takes kernel memory.
PROCESS_OPTIONS = (
    *(PR_SET_PDEATHSIG, PR_GET_PDEATHSIG, PR_GET_DUMPABLE, PR_SET_DUMPABLE),
    *(PR_SET_NAME, PR_GET_NAME, PR_GET_SECCOMP, PR_CAPBSET_READ),
    *(PR_SET_TIMERSLACK, PR_GET_TIMERSLACK, PR_SET_CHILD_SUBREAPER, PR_GET_CHILD_SUBREAPER),
    *(PR_SET_NO_NEW_PRIVS, PR_GET_NO_NEW_PRIVS, PR_SET_THP_DISABLE, PR_GET_THP_DISABLE),
)

# In particular not the size of a socket's buffers, which no process accounts for.
SOCKET_OPTIONS = (socket.SO_REUSEADDR, socket.SO_KEEPALIVE, socket.SO_LINGER, socket.SO_PASSCRED)

# personality may be queried, not changed.
QUERY = 0xFFFF_FFFF


def missing() -> list[str]:
    """Return what the filter lacks on this machine, a sentence with the command to run; [] if nothing."""
    if ctypes.util.find_library("seccomp") is not None:
        return []
    return ["Not installed, but needed to isolate submissions: libseccomp2. Run: sudo apt-get install libseccomp2"]


@functools.cache
def program() -> bytes:
    """Return the filter for the kernel, an array of ``struct sock_filter``.

    Raises RuntimeError if libseccomp is not installed.
    """
    import pyseccomp  # its import fails without libseccomp

    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.ENOSYS))
    # 32-bit system calls, int 0x80 on x86-64, have other numbers: all are refused.
    rules.set_attr(pyseccomp.Attr.ACT_BADARCH, pyseccomp.ERRNO(errno.ENOSYS))

    def rule(action: int, name: str, *conditions: pyseccomp.Arg) -> None:
        number = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)
        if number >= 0:
            rules.add_rule_exactly(action, number, *conditions)

    def masked(argument: int, mask: int, value: int) -> pyseccomp.Arg:
        return pyseccomp.Arg(argument, pyseccomp.MASKED_EQ, mask, value)

    def equal(argument: int, value: int) -> pyseccomp.Arg:
        return pyseccomp.Arg(argument, pyseccomp.EQ, value)

    allow, refuse = pyseccomp.ALLOW, pyseccomp.ERRNO(errno.EPERM)
    for name in " ".join(ALLOWED.values()).split():
        rule(allow, name)
    for name in NOT_PERMITTED.split():
        rule(refuse, name)
    for option in (fcntl.F_SETLK, fcntl.F_SETLKW):
        # SQLite gives up on EPERM; on other errors it would wait.
        rule(refuse, "fcntl", equal(1, option))
    rule(allow, "clone", masked(0, NAMESPACES | PARENT, 0))
    rule(allow, "mmap", masked(3, MAP_SHARED, 0))
    rule(allow, "mmap", masked(3, MAP_ANONYMOUS, 0))
    rule(allow, "personality", equal(0, QUERY))
    for command in FILE_COMMANDS:
        rule(allow, "fcntl", equal(1, command))
    for option in PROCESS_OPTIONS:
        rule(allow, "prctl", equal(0, option))
    # Only one's own limits, not those of process 1, which an exceeded limit could end.
    rule(allow, "prlimit64", equal(0, 0))
    rule(allow, "mknod", masked(1, FILE_TYPE, stat.S_IFIFO))
    rule(allow, "mknodat", masked(2, FILE_TYPE, stat.S_IFIFO))
    for request in IOCTLS:
        rule(allow, "ioctl", equal(1, request))
    for option in SOCKET_OPTIONS:
        rule(allow, "setsockopt", equal(1, socket.SOL_SOCKET), equal(2, option))
    for name in ("socket", "socketpair"):
        rule(allow, name, equal(0, socket.AF_UNIX))
        # For libraries that try the network first this means a kernel without it, and they go on.
        rule(pyseccomp.ERRNO(errno.EAFNOSUPPORT), name, pyseccomp.Arg(0, pyseccomp.NE, socket.AF_UNIX))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()
