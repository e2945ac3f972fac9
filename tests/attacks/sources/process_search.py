# Tries: to read hidden things through /proc: memory, environments, command lines, folders and descriptors of all processes.
# Shows: searched
# Hides: found

# %% moving_sum
import os
import re

word = re.compile(rb"canary" + rb"-[0-9a-f]{8}")
for pid in [entry for entry in os.listdir("/proc") if entry.isdigit()]:
    for name in ("environ", "cmdline", "status", "maps", "mountinfo", "stack", "syscall", "auxv"):
        try:
            data = open(f"/proc/{pid}/{name}", "rb").read()
        except OSError:
            continue
        for item in word.findall(data) + re.findall(rb"@COURSE@|gradebook\.db|attack_checks", data):
            print("found", pid, name, item.decode())
    for link in ("cwd", "root", "exe"):
        for path in ("gradebook.db", "source", "submitted", "checks"):
            try:
                print("found", pid, link, os.listdir(f"/proc/{pid}/{link}/{path}"))
            except OSError:
                pass
    try:
        for descriptor in os.listdir(f"/proc/{pid}/fd"):
            target = os.readlink(f"/proc/{pid}/fd/{descriptor}")
            if not target.startswith(("socket:", "/dev/null", "/proc", "pipe:", "anon_inode:")):
                print("found", pid, target)
    except OSError:
        pass
    try:
        regions = [line.split()[0].split("-") for line in open(f"/proc/{pid}/maps") if " rw-" in line and int(pid) != os.getpid()]
        with open(f"/proc/{pid}/mem", "rb", 0) as memory:
            for start, end in regions[:200]:
                memory.seek(int(start, 16))
                for item in word.findall(memory.read(min(int(end, 16) - int(start, 16), 1 << 20))):
                    print("found", pid, "memory", item.decode())
    except OSError:
        pass
print("searched")
