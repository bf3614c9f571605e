"""Processes that have loaded, once for all builds of the tests, what takes a build two seconds: the
packages of notebooks, and those that tables and pages are made with. Forked from the one, the
process that a build forks its kernels from begins at once; forked from the other, a step that makes
tables or pages. Everything of the project is loaded in the fork, from the project's own folder.
"""

import gc
import importlib
import os
import pickle
import pkgutil
import re
import runpy
import select
import shutil
import signal
import socket
import sys
import threading
import traceback
from pathlib import Path

# As in analysis.engine.preload; what is missing here is loaded by each build.
PACKAGES = (
    "IPython.core.completerlib", "IPython.core.debugger", "IPython.extensions.storemagic",
    "PIL.Image", "babel.dates", "babel.numbers", "fontpkg_fira_sans", "ipykernel.debugger",
    "ipykernel.kernelapp", "ipykernel.zmqshell", "matplotlib.backends.backend_svg",
    "matplotlib.pyplot", "multiprocessing.forkserver", "networkx", "pandas",
    "pandas.io.formats.csvs", "seaborn", "yaml",
)  # fmt: skip

# The open files that a process is told to fork kernels for, by their numbers.
FILES = re.compile(r"(?<=; )main\((\d+), (\d+)")


def serve_kernels(address):
    """Forks for whoever is to fork kernels."""
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # as in preload
    for package in PACKAGES:
        importlib.import_module(package)
    for language in ("de", "en"):
        importlib.import_module("pyphen").Pyphen(lang=language)
    _serve(address, _be_forkserver)


def serve_steps(address):
    """Forks for whoever is to make tables or pages."""
    importlib.import_module("analysis.book.preload")
    for name in [name for name in sys.modules if name.partition(".")[0] == "analysis"]:
        del sys.modules[name]
    _serve(address, _be_step)


def _serve(address, become):
    """Forks for whoever asks at the address, until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of Ctrl-C the tests end, and with them the input
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
                become(client, *_take_over(client))
                os._exit(0)
            client.close()
    shutil.rmtree(Path(address).parent)


def hand_over(address, unsaid=0):
    """Lets a fork of a zygote do what this process was started for, and ends with the status that
    the fork says, or else the one `unsaid`; returns only if there is no zygote.
    """
    command = sys.orig_argv[1:]
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(address)
        except OSError:
            return
        own = [int(number) for pair in FILES.findall(command[-1]) for number in pair]
        socket.send_fds(client, [b"-"], [0, 1, 2, *own])
        client.sendall(pickle.dumps((command, own, dict(os.environ), Path.cwd(), sys.path)))
        client.shutdown(socket.SHUT_WR)
        status = client.recv(1)
    os._exit(status[0] if status else unsaid)


def _take_over(client):
    """In the fork: lets it have streams, environment and folder of the process that asked, and
    nothing of the zygote; returns the command, and open files by the numbers that it names.
    """
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
    os.environ.pop("COMPENDIUM_PARENT", None)  # it is not this one's
    os.chdir(folder)
    sys.path[:] = ["" if command[-2] == "-c" else str(folder), *path]
    del sys.modules["zygote"]
    return command, dict(zip(own, files[3:], strict=True))


def _be_forkserver(_client, command, files):
    sys.argv = ["-c"]
    exec(FILES.sub("main({}, {}".format(*files.values()), command[-1]))


def _be_step(client, command, _files):
    """Does what Python does when it is told to run a module, and says with which status it ends;
    ends at once, with all that it has started, when the process that asked does.
    """
    os.setsid()
    threading.Thread(target=_end_with, args=[client], daemon=True).start()
    sys.stdout, sys.stderr = (open(stream, "w", closefd=False) for stream in (1, 2))  # noqa: SIM115
    _, module, *sys.argv[1:] = command
    for importer in filter(None, map(pkgutil.get_importer, sys.path)):
        importer.find_spec(module)  # lists the folders, as Python does before anything is recorded
    status = 1
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        status = end.code or 0
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    client.sendall(bytes([status]))


def _end_with(client):
    asking = select.poll()
    asking.register(client, 0)  # its end alone
    asking.poll()
    os.killpg(0, signal.SIGKILL)
