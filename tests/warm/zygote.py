"""A process that has loaded, once for all builds of the tests, what takes a build two seconds: the
packages of notebooks. Forked from it, the process that a build forks its kernels from begins at
once; everything of the project is loaded in the fork, from the project's own folder.
"""

import gc
import importlib
import os
import pickle
import re
import select
import shutil
import signal
import socket
import sys
from pathlib import Path

# As in analysis.engine.preload; what is missing here is loaded by each build.
PACKAGES = (
    "IPython.core.completerlib", "IPython.core.debugger", "IPython.extensions.storemagic",
    "PIL.Image", "babel.dates", "babel.numbers", "fontpkg_fira_sans", "ipykernel.debugger",
    "ipykernel.kernelapp", "ipykernel.zmqshell", "matplotlib.backends.backend_svg",
    "matplotlib.pyplot", "multiprocessing.forkserver", "networkx", "pandas",
    "pandas.io.formats.csvs", "seaborn", "yaml",
)  # fmt: skip


def serve(address):
    """Forks for whoever asks at the address, until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of Ctrl-C the tests end, and with them the input
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # as in preload
    for package in PACKAGES:
        importlib.import_module(package)
    for language in ("de", "en"):
        importlib.import_module("pyphen").Pyphen(lang=language)
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a fork has ended
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        while listener in select.select([listener, sys.stdin], [], [])[0]:
            client, _ = listener.accept()
            if not os.fork():
                listener.close()
                _become(client)
            client.close()
    shutil.rmtree(Path(address).parent)


def hand_over(address):
    """Lets a fork of the zygote do what this process was started for; does not return, unless
    there is no zygote.
    """
    command = sys.orig_argv[-1]
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(address)
        except OSError:
            return
        own = [int(number) for number in re.findall(r"main\((\d+), (\d+)", command)[0]]
        socket.send_fds(client, [b"-"], [0, 1, 2, *own])
        client.sendall(pickle.dumps((command, own, dict(os.environ), Path.cwd(), sys.path)))
        client.shutdown(socket.SHUT_WR)
        client.recv(1)  # nothing is said: it is closed in the end
    os._exit(0)


def _become(client):
    """In the fork: the process that asked, with its open files, and nothing of the zygote."""
    _, files, *_ = socket.recv_fds(client, 1, 5)
    told = b"".join(iter(lambda: client.recv(2**16), b""))
    command, own, environment, folder, path = pickle.loads(told)
    for stream, file in enumerate(files[:3]):
        os.dup2(file, stream)
        os.close(file)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.path[:] = ["", *path]
    sys.argv = ["-c"]
    del sys.modules["zygote"]
    listener, alive = files[3:]
    exec(command.replace(f"main({own[0]}, {own[1]}", f"main({listener}, {alive}", 1))
    os._exit(0)
