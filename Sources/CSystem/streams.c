// The program's own standard streams.
#define _GNU_SOURCE
#include "csystem.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

void cs_prepare_process(void) {
  // A descriptor of ours must never take such a number. Nothing can be written to what was closed.
  for (int fd = 0; fd < 3; fd++)
    if (fcntl(fd, F_GETFD) < 0) (void)open("/dev/null", O_RDONLY);
  // A file that grows too large is an error of the write; children get the default back.
  signal(SIGXFSZ, SIG_IGN);
}

int cs_take_over_stdout(void) {
  int answers = fcntl(1, F_DUPFD_CLOEXEC, 3);
  if (answers < 0) return -1;
  return dup2(2, 1) < 0 ? -1 : answers;
}

int cs_is_terminal(int fd) { return isatty(fd); }

int cs_terminal_size(int fd, int *columns, int *rows) {
  struct winsize size = {0};
  if (ioctl(fd, TIOCGWINSZ, &size) != 0) return -1;
  *columns = size.ws_col;
  *rows = size.ws_row;
  return 0;
}

// Writes the profile of a program that was built for `make coverage`; absent in any other.
extern int __llvm_profile_write_file(void) __attribute__((weak));

void cs_exit(int code) {
  if (__llvm_profile_write_file) __llvm_profile_write_file();
  _exit(code);
}

char *cs_realpath(const char *path) { return realpath(path, NULL); }
void cs_free(void *pointer) { free(pointer); }
int cs_rename(const char *from, const char *to) { return rename(from, to); }
int cs_unlink(const char *path) { return unlink(path); }
unsigned cs_user(void) { return (unsigned)getuid(); }
int cs_host_name(char *buffer, size_t count) { return gethostname(buffer, count); }
