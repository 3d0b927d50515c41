"""Repairs of moto's interpreter of the States Language.

An execution that was stopped evaluates nothing more. The seconds of a time limit are evaluated onto a
stack all the same and taken from it again, so a task that starts while its execution is stopped takes
whatever lies there, and `GetExecutionHistory` fails on an event whose `timeoutInSeconds` is a document.
"""

from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import TimeoutSeconds


def repair():
    """Lets a constant be what it is, whether the execution still runs or not."""
    TimeoutSeconds.eval = lambda self, env: env.stack.append(self.timeout_seconds)
