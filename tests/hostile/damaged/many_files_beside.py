"""Two thousand files in fifty folders lie beside the notebook."""

from tests.hostile.damage import put


def make(folder, nb):
    put(folder, nb)
    for number in range(2000):
        place = folder / "runs" / str(number % 50)
        place.mkdir(parents=True, exist_ok=True)
        put(place, "{}", f"{number}.ipynb")
