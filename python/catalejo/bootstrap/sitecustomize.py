"""First on PYTHONPATH under `catalejo run`: starts the tracer in every Python process, then runs
the sitecustomize that this one hides. Old Pythons read this file too, so it is written for all.
"""

import sys


def _start():
    import os

    if sys.version_info < (3, 9):
        found = ".".join(str(part) for part in sys.version_info[:2])
        sys.stderr.write(
            "catalejo: Python %s is too old to be traced (3.9 is the oldest); "
            "the application runs untraced\n" % found
        )
        return
    try:
        from catalejo import start
    except ImportError:
        # Not installed for this interpreter: the launcher's own package will do.
        for name in [each for each in sys.modules if each.partition(".")[0] == "catalejo"]:
            del sys.modules[name]
        home = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        sys.path.insert(0, home)
        try:
            from catalejo import start
        finally:
            sys.path.remove(home)
    start.arm()


def _run_hidden():
    import os

    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [each for each in sys.path if os.path.abspath(each or ".") != here]
    ours = sys.modules.pop("sitecustomize", None)
    try:
        import sitecustomize  # noqa: F401
    except ImportError as error:
        if getattr(error, "name", "sitecustomize") != "sitecustomize":
            raise
    finally:
        if ours is not None:
            sys.modules.setdefault("sitecustomize", ours)


try:
    _start()
except Exception as error:
    sys.stderr.write("catalejo: could not start (%r); the application runs untraced\n" % error)
_run_hidden()
