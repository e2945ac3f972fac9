# Tries: whatever else is open in the process, and what shared memory it was born with.
# Shows: only the kernel's own connection

# %% moving_sum
import os
import stat

odd, own = [], get_ipython().kernel.channel.fileno()
for descriptor in range(256):
    try:
        status = os.fstat(descriptor)
    except OSError:
        continue
    harmless = stat.S_ISCHR(status.st_mode) and os.readlink(f"/proc/self/fd/{descriptor}") == "/dev/null"
    if descriptor != own and not harmless:
        odd.append(os.readlink(f"/proc/self/fd/{descriptor}"))
odd += [line for line in open("/proc/self/maps") if line.split()[1] == "rw-s"]
print(odd or "only the kernel's own connection")
