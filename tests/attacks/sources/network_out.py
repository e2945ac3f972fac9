# Tries: to reach the world, the machine and the cloud's metadata service, by name and by number.
# Shows: nothing reached

# %% moving_sum
import socket
import urllib.request

reached = []
for family, address in ((socket.AF_INET, ("1.1.1.1", 53)), (socket.AF_INET, ("169.254.169.254", 80)), (socket.AF_INET, ("127.0.0.1", 22)), (socket.AF_INET6, ("2606:4700:4700::1111", 53)), (socket.AF_INET6, ("::1", 22))):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try:
            with socket.socket(family, kind) as one:
                one.settimeout(0.2)
                one.connect(address)
                one.send(b"hello")
                if kind == socket.SOCK_DGRAM and address[0] in ("127.0.0.1", "::1"):
                    continue
                reached.append(address)
        except OSError:
            pass
for name in ("example.org", "localhost"):
    try:
        urllib.request.urlopen(f"http://{name}/", timeout=0.2)
        reached.append(name)
    except OSError:
        pass
print(reached or "nothing reached")
