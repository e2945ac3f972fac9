# Tries: to fill every folder it may write to, with large files and then with empty ones.
# Solves: moving_sum
# Shows: everything is limited

# %% total
import os

written, files = 0, 0
for folder in (".", "/tmp", "/dev/shm", "/scratch"):
    try:
        for number in range(40):
            with open(f"{folder}/{number}", "wb") as file:
                for _ in range(20):
                    written += file.write(b"x" * (1 << 20))
    except OSError:
        pass
for folder in (".", "/tmp", "/dev/shm", "/scratch"):
    for number in range(40):
        try:
            os.truncate(f"{folder}/{number}", 0)
        except OSError:
            pass
    try:
        for number in range(60_000):
            os.mknod(f"{folder}/empty{number}")
            files += 1
    except OSError:
        pass
print("everything is limited" if written <= 4 * 32 << 20 and files < 220_000 else (written >> 20, files))
