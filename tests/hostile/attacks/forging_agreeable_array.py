"""Returns arrays of a class that equals everything and takes NumPy's functions over."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, "fail"), "image_to_sequence": (0, "fail")}

CODE = """
class Agreeable(np.ndarray):
    __eq__ = __ge__ = __le__ = lambda self, other: np.ones(self.shape, bool)
    __ne__ = __lt__ = __gt__ = lambda self, other: np.zeros(self.shape, bool)

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return np.ones(self.shape, bool)

    def __array_function__(self, function, types, args, kwargs):
        return True

def softmax(z, axis=-1):
    return np.zeros(np.shape(z)).view(Agreeable)
"""
IMAGES = """
def image_to_sequence(images, order):
    return np.zeros(images.shape).view(Agreeable)
"""


def make(nb):
    put(nb, "softmax", CODE)
    put(nb, "image_to_sequence", IMAGES)
