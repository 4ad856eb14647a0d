"""What a server and all its processes take, from /proc."""

import os
import signal
import time

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def stat(pid):
    """Parent, and seconds of CPU so far; None when it is gone."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
    except OSError:
        return None
    return int(fields[1]), (int(fields[11]) + int(fields[12])) / TICKS


def tree(root):
    """The process and all its descendants, with their seconds of CPU."""
    known = {int(name): stat(name) for name in os.listdir("/proc") if name.isdigit()}
    children = {}
    for pid, state in known.items():
        if state:
            children.setdefault(state[0], []).append(pid)
    found, todo = {}, [root]
    while todo:
        pid = todo.pop()
        if known.get(pid):
            found[pid] = known[pid][1]
            todo += children.get(pid, [])
    return found


def cpu(root):
    """Seconds of CPU that the process and all its living descendants have taken."""
    return sum(tree(root).values())


def resident(pid):
    """Octets."""
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * PAGE


def proportional(pid):
    """Octets, memory that several processes share divided among them."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Pss:")) << 10


def until_quiet(roots, share=0.1, seconds=20, window=0.15):
    """Waits until the processes take less of a core than that share, twice running. Returns whether they did."""
    end, calm = time.monotonic() + seconds, 0
    before = sum(map(cpu, roots))
    while time.monotonic() < end:
        time.sleep(window)
        now = sum(map(cpu, roots))
        calm = calm + 1 if now - before <= max(share * window, 1 / TICKS) else 0
        before = now
        if calm == 2:
            return True
    return False


def end(process, seconds, besides=()):
    """Asks it to end; what then is left of it, its children and those besides is killed."""
    left = [*tree(process.pid), *besides]
    process.terminate()
    try:
        process.wait(seconds)
    except Exception:
        process.kill()
        process.wait(10)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and any(stat(pid) for pid in left):
        time.sleep(0.05)
    for pid in left:
        if stat(pid):
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass


def idle_inotify_instances():
    """How many inotify instances one user may have; every IDLE of Dovecot takes one."""
    try:
        with open("/proc/sys/fs/inotify/max_user_instances", encoding="ascii") as file:
            return int(file.read())
    except OSError:
        return 0
