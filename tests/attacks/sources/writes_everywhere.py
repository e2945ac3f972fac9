# Tries: to leave a file in every folder there is, the environment's, the system's and the course's among them.
# Shows: tried
# Hides: written

# %% moving_sum
import os
import sys
import sysconfig

name = "left-by-an-attack"
folders = {"/", "/tmp", "/var/tmp", "/dev", "/dev/shm", "/run", "/etc", "/root", "/home", "/usr", "/usr/lib", "/usr/local/bin", "/grader", "/grader/inside", "/scratch", "/proc/1/cwd", "/proc/1/root", "..", "../..", ".", "~"}
folders |= {"@COURSE@", "@COURSE@/submitted", "@COURSE@/autograded", "@COURSE@/checks", "@PROJECT@", "@PROJECT@/autograder"}
folders |= {sys.prefix, sys.base_prefix, *sysconfig.get_paths().values(), *[path for path in sys.path if os.path.isdir(path)]}
private = {os.path.realpath(folder) for folder in (".", "/tmp", "/dev/shm", "/scratch", "~")}
for folder in sorted(folders):
    path = os.path.join(os.path.expanduser(folder), name)
    try:
        with open(path, "w") as file:
            file.write("import os")
        if os.path.realpath(os.path.dirname(path)) not in private:
            print("written", path)
        os.makedirs(path + "-folder", exist_ok=True)
    except OSError:
        pass
for path in (sys.executable, np.__file__, torch.__file__, "/grader/inside/answers.py", "/etc/passwd", "@COURSE@/gradebook.db"):
    for action in (lambda p: open(p, "a").close(), lambda p: os.chmod(p, 0o777), os.remove, lambda p: os.rename(p, p + "x")):
        try:
            action(path)
            print("written", path)
        except OSError:
            pass
print("tried")
