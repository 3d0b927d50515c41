// How this process itself meets SIGINT, SIGTERM and SIGHUP.
#define _GNU_SOURCE
#include "csystem.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static const int caught[] = {SIGINT, SIGTERM, SIGHUP};
static int signal_pipe[2] = {-1, -1};
static volatile sig_atomic_t seen = 0;

static void kill_group(int signal) {
  (void)signal;
  kill(getpgrp() == getpid() ? 0 : getpid(), SIGKILL);
}

void cs_die_with_group(void) {
  struct sigaction action = {0};
  action.sa_handler = kill_group;
  for (int i = 0; i < 3; i++) sigaction(caught[i], &action, NULL);
}

static void tell(int signal) {
  int error = errno;
  if (seen++ > 0) cs_die_by(signal);
  unsigned char byte = (unsigned char)signal;
  ssize_t written = write(signal_pipe[1], &byte, 1);
  (void)written;
  errno = error;
}

int cs_catch_signals(void) {
  if (signal_pipe[0] < 0 && cs_pipe(signal_pipe) != 0) return -1;
  struct sigaction action = {0}, before;
  action.sa_handler = tell;
  action.sa_flags = SA_RESTART;
  sigfillset(&action.sa_mask);  // one at a time
  for (int i = 0; i < 3; i++) {
    if (sigaction(caught[i], NULL, &before) != 0) return -1;
    if (before.sa_handler == SIG_IGN) continue;
    if (sigaction(caught[i], &action, NULL) != 0) return -1;
  }
  return signal_pipe[0];
}

static void tell_of_stop(int signal) {
  int error = errno;
  unsigned char byte = (unsigned char)signal;
  ssize_t written = write(signal_pipe[1], &byte, 1);
  (void)written;
  errno = error;
}

static int set_stop(void (*handler)(int)) {
  struct sigaction action = {0};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigfillset(&action.sa_mask);
  return sigaction(SIGTSTP, &action, NULL);
}

int cs_catch_stop(void) {
  struct sigaction before;
  if (sigaction(SIGTSTP, NULL, &before) != 0) return -1;
  return before.sa_handler == SIG_IGN ? 0 : set_stop(tell_of_stop);
}

void cs_stop_self(void) {
  sigset_t stop, before;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  set_stop(SIG_DFL);
  // Not SIGSTOP: where no shell could let us go on again, this one does nothing.
  pthread_sigmask(SIG_UNBLOCK, &stop, &before);
  raise(SIGTSTP);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  set_stop(tell_of_stop);
}

void cs_die_by(int signal) {
  struct sigaction action = {0};
  action.sa_handler = SIG_DFL;
  sigaction(signal, &action, NULL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
  kill(getpid(), signal);
  // Another thread may be the one to take it: give it a moment before the fallback.
  for (int i = 0; i < 100 && usleep(1000) == 0; i++) {}
  _exit(128 + signal);
}
