"""python -m sandbox.population --data-dir D: write the population file."""

import argparse
from pathlib import Path

from sandbox.population import store
from sandbox.population.cast import cast_people
from sandbox.population.generator import PEOPLE, generate

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m sandbox.population")
    parser.add_argument("--data-dir", type=Path, required=True)
    folder = parser.parse_args().data_dir
    named = cast_people()
    store.write(folder / store.FILE, [*named, *generate(PEOPLE - len(named))])
