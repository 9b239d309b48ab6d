"""Changes everything of its process that a later one might inherit: mask, environment, limits, clock, locale, hooks."""

from tests.hostile.attack_tools import first

POINTS = {}

CODE = """
import locale, os, resource, signal, sys, time, warnings

os.umask(0o777)
os.environ.clear()
os.environ.update(OMP_NUM_THREADS="0", PYTHONPATH="/tmp", PATH="/tmp", TZ="Asia/Seoul", HOME="/nowhere")
time.tzset()
resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.setitimer(signal.ITIMER_PROF, 0)
warnings.simplefilter("error")
sys.setrecursionlimit(1000)
sys.setswitchinterval(10)
sys.path.clear()
"""


def make(nb):
    first(nb, CODE)
    # After the imports of the notebook, which would fail on its own account.
    nb.cells.insert(len(nb.cells) - 1, nb.cells.pop(0))
