// Starting a child so that nothing leaks into it and it cannot outlive us.
#define _GNU_SOURCE
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#else
#define vfork fork
#endif

typedef struct {
  int error;
  char stage;
} report_t;

void cs_fail(int report, char stage) {
  report_t r = {errno, stage};
  ssize_t written = write(report, &r, sizeof r);
  (void)written;
  _exit(127);
}

void cs_default_signals(void) {
#ifdef __linux__
  // Raw, since the C library refuses the two signals that it keeps for itself, though a parent
  // may have left them ignored. All zero is the kernel's struct for the default action.
  const unsigned long action[8] = {0};
  for (int i = 1; i <= 64; i++) syscall(SYS_rt_sigaction, i, action, NULL, 8);
#else
  struct sigaction action = {0};
  for (int i = 1; i < NSIG; i++) sigaction(i, &action, NULL);  // refused for KILL and STOP
#endif
}

void cs_close_from(int first, int only_on_exec) {
#if defined(__linux__) && defined(SYS_close_range)
  if (syscall(SYS_close_range, first, ~0U, only_on_exec ? 4U /* CLOEXEC */ : 0U) == 0) return;
#endif
  struct rlimit limit;
  int end = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536 ? (int)limit.rlim_cur : 65536;
  for (int fd = first; fd < end; fd++) {
    if (only_on_exec) fcntl(fd, F_SETFD, FD_CLOEXEC);
    else close(fd);
  }
}

/// A file that gives nothing and takes anything; in a root without devices, one in memory.
static int open_nothing(int flags) {
  int fd = open("/dev/null", flags | O_CLOEXEC);
#if defined(__linux__) && defined(SYS_memfd_create)
  if (fd < 0 && errno == ENOENT) fd = (int)syscall(SYS_memfd_create, "nothing", 1U /* CLOEXEC */);
#endif
  return fd;
}

/// Puts the descriptors at 0 to 3. Moved up first, since a source may lie on another's place.
static int place(const cs_spawn_t *spec, int *ruleset) {
  int sources[] = {spec->in_fd, spec->out_fd, spec->err_fd, spec->extra_fd, spec->ruleset_fd};
  int moved[5];
  for (int i = 0; i < 5; i++) {
    int fd = sources[i];
    int opened = fd < 0 && i < 3;
    if (opened) fd = open_nothing(i == 0 ? O_RDONLY : O_WRONLY);
    if (opened && fd < 0) return -1;
    moved[i] = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 10);
    if (fd >= 0 && moved[i] < 0) return -1;
  }
  for (int i = 0; i < 4; i++)
    if (moved[i] >= 0 && dup2(moved[i], i) < 0) return -1;
  *ruleset = moved[4];
  cs_close_from(spec->extra_fd >= 0 ? 4 : 3, 1);
  return 0;
}

void cs_become(const cs_spawn_t *spec, int report, int death_signal, pid_t parent) {
#ifdef __linux__
  if (death_signal != 0) {
    if (prctl(PR_SET_PDEATHSIG, death_signal) != 0) cs_fail(report, 's');
    if (getppid() != parent) _exit(127);  // it died before we asked to be told
  }
#else
  (void)death_signal;
  (void)parent;
#endif
  if (spec->new_group && setpgid(0, 0) != 0) cs_fail(report, 's');
  if (spec->cwd && chdir(spec->cwd) != 0) cs_fail(report, 'c');
  int ruleset = -1;
  if (place(spec, &ruleset) != 0) cs_fail(report, 's');
  if (ruleset >= 0 && cs_landlock_enforce(ruleset) != 0) cs_fail(report, 'l');
  cs_default_signals();
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  execve(spec->path, (char *const *)spec->argv, (char *const *)spec->envp);
  cs_fail(report, 'e');
}

/// Forks with every signal blocked, so that no handler of ours runs in the child.
static pid_t split(const cs_spawn_t *spec, int report) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t parent = getpid(), pid;
#ifdef __linux__
  if (spec->supervise) {
    pid = fork();
    if (pid == 0) cs_supervise(spec, report, parent);
  } else
#endif
  {
    pid = vfork();
    if (pid == 0) cs_become(spec, report, spec->death_signal, parent);
  }
  int error = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  errno = error;
  return pid;
}

/// What the child told before its exec closed the pipe: 1 a failure, 0 none.
static int failed(int fd, report_t *report) {
  return cs_read(fd, report, sizeof *report) == sizeof *report;
}

pid_t cs_spawn(const cs_spawn_t *spec, char *stage) {
  *stage = 's';
  int ends[2];
  if (cs_pipe(ends) != 0) return -1;
  int report = fcntl(ends[1], F_DUPFD_CLOEXEC, 10);  // out of the way of 0 to 3
  close(ends[1]);
  pid_t pid = report < 0 ? -1 : split(spec, report);
  int error = errno;
  if (report >= 0) close(report);
  report_t told;
  if (pid > 0 && failed(ends[0], &told)) {
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
    *stage = told.stage;
    error = told.error;
    pid = -1;
  }
  close(ends[0]);
  errno = error;
  return pid;
}
