"""make lab: opens the notebooks in JupyterLab, with telemetry and flights in their topics.

The notebooks are copied to notebooks/lab once, where they can be changed; remove that folder to have them anew.
"""

import os
import pathlib
import shutil
import sys

import flights
from demo import RIFFLE, ROOT, telemetry

LAB = ROOT / "notebooks" / "lab"


def main() -> None:
    LAB.mkdir(exist_ok=True)
    for notebook in (ROOT / "notebooks").glob("*.ipynb"):
        if not (LAB / notebook.name).exists():
            shutil.copy(notebook, LAB)
    with telemetry():
        flights.produce(RIFFLE)
        os.chdir(LAB)
        jupyter = str(ROOT / ".venv" / "bin" / "jupyter")
        command = [jupyter, "lab", *sys.argv[1:], "tour.ipynb"]
        if os.environ.get("KAFKA_BROKERS"):
            os.spawnv(os.P_WAIT, jupyter, command)  # telemetry is fed until it ends
        else:
            os.execv(jupyter, command)


if __name__ == "__main__":
    main()
