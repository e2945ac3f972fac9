# Tries: links of its own to the course, the gradebook, the processes' folders and the devices.
# Shows: searched
# Hides: found

# %% moving_sum
import os

targets = ["@COURSE@", "@COURSE@/gradebook.db", "@COURSE@/checks/attack_checks.py", "../../../gradebook.db", "/proc/1/root", "/proc/1/cwd", "/proc/1/fd/0", "/dev/kmsg", "/dev/mem", "/dev/vda", "/dev/sda"]
for number, target in enumerate(targets):
    os.symlink(target, f"link{number}")
    try:
        os.link(target, f"hard{number}")
        print("found a hard link to", number)
    except OSError:
        pass
    try:
        print("found", os.listdir(f"link{number}") if os.path.isdir(f"link{number}") else open(f"link{number}", "rb").read(40))
    except OSError:
        pass
print("searched")
