// The supervisor between us and a child: sees to it that no descendant is left. It never execs
// and, being forked from a process with threads, makes only async-signal-safe calls.
#define _GNU_SOURCE
#ifdef __linux__
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef struct {
  uint64_t inode;
  int64_t offset;
  unsigned short length;
  unsigned char type;
  char name[];
} entry_t;

/// The parent of a process by /proc/PID/stat, "pid (any name) state parent ...", or -1.
static long parent_of(const char *pid) {
  char path[64] = "/proc/", text[512];
  size_t length = strlen(pid);
  if (length > 20) return -1;
  memcpy(path + 6, pid, length);
  memcpy(path + 6 + length, "/stat", 6);
  int fd = cs_open_read(path);
  if (fd < 0) return -1;
  ssize_t n = cs_read(fd, text, sizeof text - 1);
  close(fd);
  if (n <= 0) return -1;
  text[n] = 0;
  const char *p = strrchr(text, ')');
  if (!p || strlen(p) < 5) return -1;
  long parent = 0;
  for (p += 4; *p >= '0' && *p <= '9'; p++) parent = parent * 10 + (*p - '0');
  return parent;
}

/// All of /proc is read, since many kernels are built without /proc/PID/task/TID/children.
void cs_signal_children(int signal) {
  int fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  long self = getpid(), n;
  char buffer[4096] __attribute__((aligned(8)));
  while ((n = syscall(SYS_getdents64, fd, buffer, sizeof buffer)) > 0) {
    for (long at = 0; at < n;) {
      const entry_t *entry = (const entry_t *)(buffer + at);
      at += entry->length;
      if (entry->name[0] < '1' || entry->name[0] > '9' || parent_of(entry->name) != self) continue;
      long pid = 0;
      for (const char *p = entry->name; *p; p++) pid = pid * 10 + (*p - '0');
      kill((pid_t)pid, signal);
    }
  }
  close(fd);
}

/// Kills and reaps until no child is left; orphans of the killed come to us and are next. The
/// child's status is kept. Gives up after 10 s: someone we may not kill.
static int sweep(pid_t child, int status) {
  int64_t end = cs_monotonic() + 10000000000;
  struct timespec pause = {0, 500000};
  for (;;) {
    int one;
    pid_t pid = waitpid(-1, &one, WNOHANG);
    if (pid == child) status = one;
    if (pid > 0) continue;
    if ((pid < 0 && errno == ECHILD) || cs_monotonic() > end) return status;
    cs_signal_children(SIGKILL);
    nanosleep(&pause, NULL);
    if (pause.tv_nsec < 50000000) pause.tv_nsec *= 2;
  }
}

/// Reaps adopted orphans that ended; 1 once the child itself has (left as a zombie, so that its
/// process group's number cannot be given to strangers before we killed the group).
static int child_ended(pid_t child) {
  for (;;) {
    siginfo_t info = {0};
    if (waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == child)
      return 1;
    info.si_pid = 0;
    if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) return 0;
    if (info.si_pid != child) waitpid(info.si_pid, NULL, 0);
  }
}

/// Ends as the child ended.
static _Noreturn void pass_on(int status) {
  if (WIFSIGNALED(status)) {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);  // one core file is enough
    cs_die_by(WTERMSIG(status));
  }
  _exit(WEXITSTATUS(status));
}

/// Waits for the child's end, or for the order to end it; stops it and lets it go on as we are told.
static void watch(pid_t child, pid_t target, pid_t parent, int grace_ms) {
  sigset_t signals;
  sigfillset(&signals);
  int64_t deadline = 0;
  while (!child_ended(child)) {
    int64_t left = deadline == 0 ? 3600000000000 : deadline - cs_monotonic();
    if (left <= 0) return;
    struct timespec wait = {left / 1000000000, left % 1000000000};
    int signal = sigtimedwait(&signals, NULL, &wait);
    if (signal == SIGQUIT || getppid() != parent) return;
    if (signal == SIGTSTP) kill(target, SIGSTOP);
    if (signal == SIGCONT) kill(target, SIGCONT);
    if (deadline == 0 && (signal == SIGTERM || signal == SIGINT || signal == SIGHUP)) {
      kill(target, SIGTERM);
      kill(target, SIGCONT);  // one that is stopped hears nothing else
      deadline = cs_monotonic() + (int64_t)grace_ms * 1000000 + 1;
    }
  }
}

void cs_supervise(const cs_spawn_t *spec, int report, pid_t parent) {
  if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || prctl(PR_SET_CHILD_SUBREAPER, 1) != 0)
    cs_fail(report, 's');
  if (getppid() != parent) _exit(127);
  if (spec->new_group && setpgid(0, 0) != 0) cs_fail(report, 's');
  cs_default_signals();
  pid_t self = getpid();
  // The child has a group of its own beside ours: its kill(0, SIGKILL) must not reach us.
  pid_t child = vfork();
  if (child == 0) cs_become(spec, report, spec->death_signal ? spec->death_signal : SIGKILL, self);
  if (child < 0) cs_fail(report, 's');
  cs_close_from(0, 0);  // pipes must reach their end and locks be released without us
  if (chdir("/") != 0) _exit(127);
  prctl(PR_SET_NAME, "supervisor");
  pid_t target = spec->new_group ? -child : child;
  watch(child, target, parent, spec->grace_ms);
  kill(target, SIGKILL);
  pass_on(sweep(child, SIGKILL));  // "killed by SIGKILL", should it never end
}
#else
void cs_signal_children(int signal) { (void)signal; }
#endif
