// What spawn.c and supervise.c share; not visible to Swift.
#pragma once
#include "csystem.h"

/// Every signal gets its default action again, as a program expects at its start.
void cs_default_signals(void);
/// The child between fork and exec: only async-signal-safe calls. Failures go to `report`.
_Noreturn void cs_become(const cs_spawn_t *spec, int report, int death_signal, pid_t parent);
/// Tells the spawner the errno and the stage, and ends.
_Noreturn void cs_fail(int report, char stage);
/// Closes every descriptor from `first` on, or marks it close-on-exec.
void cs_close_from(int first, int only_on_exec);
/// The supervisor's whole life, after fork: starts the child, watches it, leaves nothing behind.
_Noreturn void cs_supervise(const cs_spawn_t *spec, int report, pid_t parent);
