# Tries: to lift its own limits and to lower other processes'.
# Shows: nothing lifted

# %% moving_sum
import os
import resource

lifted = []
for name in ("RLIMIT_DATA", "RLIMIT_NPROC", "RLIMIT_NOFILE", "RLIMIT_FSIZE", "RLIMIT_CORE"):
    number = getattr(resource, name)
    soft, hard = resource.getrlimit(number)
    try:
        resource.setrlimit(number, (hard + 1, hard + 1))
        lifted.append(name)
    except (ValueError, OSError):
        pass
try:
    resource.prlimit(1, resource.RLIMIT_NOFILE, (0, 0))
    lifted.append("the keeper's")
except OSError:
    pass
for slow_down in (
    lambda: os.setpriority(os.PRIO_PROCESS, 1, 19),
    lambda: os.setpriority(os.PRIO_USER, os.getuid(), 19),
    lambda: os.sched_setaffinity(1, {0}),
    lambda: os.sched_setscheduler(1, os.SCHED_IDLE, os.sched_param(0)),
):
    try:
        slow_down()
        lifted.append("the keeper's turn")
    except OSError:
        pass
try:
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("-1000")
    lifted.append("memory killer")
except OSError:
    pass
for path in ("/proc/sys/kernel/core_pattern", "/proc/sys/vm/overcommit_memory", "/proc/sysrq-trigger", "/sys/fs/cgroup/cgroup.procs", "/proc/1/oom_score_adj"):
    try:
        with open(path, "w") as file:
            file.write("1")
        lifted.append(path)
    except OSError:
        pass
print(lifted or "nothing lifted")
