"""Glasshouse: an agent-based model of normative behaviour change under a visible score."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

_ROOT = Path(__file__).parents[2]
if not Path(__file__).with_name("agents").exists() and (_ROOT / "agents").is_dir():
    # In a checkout the parts of the package stand at the top of the repository.
    __path__.append(str(_ROOT))

from .model.version import __version__ as __version__  # noqa: E402

if TYPE_CHECKING:
    from .agents.base import Institution as Institution
    from .agents.base import Measure as Measure
    from .agents.base import Settings as Settings
    from .agents.base import parameter as parameter
    from .agents.chance import OwnPurpose as OwnPurpose
    from .agents.citizen import Citizen as Citizen
    from .agents.citizen import Explanation as Explanation
    from .agents.institutions import INSTITUTIONS as INSTITUTIONS
    from .experiments.asking.comparison import Comparison as Comparison
    from .experiments.asking.comparison import compare as compare
    from .experiments.running.results import Results as Results
    from .experiments.running.run import RunConfiguration as RunConfiguration
    from .experiments.running.runner import run_scenarios as run_scenarios
    from .model import measures as measures
    from .model.errors import GlasshouseError as GlasshouseError
    from .model.errors import GraphError as GraphError
    from .model.errors import ScenarioError as ScenarioError
    from .model.files import scenarios as scenarios
    from .model.scenario import Scenario as Scenario
    from .model.society import Society as Society

_HOMES = {
    "Citizen": "agents.citizen",
    "Comparison": "experiments.asking.comparison",
    "Explanation": "agents.citizen",
    "GlasshouseError": "model.errors",
    "GraphError": "model.errors",
    "INSTITUTIONS": "agents.institutions",
    "Institution": "agents.base",
    "Measure": "agents.base",
    "OwnPurpose": "agents.chance",
    "Results": "experiments.running.results",
    "RunConfiguration": "experiments.running.run",
    "Scenario": "model.scenario",
    "ScenarioError": "model.errors",
    "Settings": "agents.base",
    "Society": "model.society",
    "compare": "experiments.asking.comparison",
    "measures": "model.measures",
    "parameter": "agents.base",
    "run_scenarios": "experiments.running.runner",
    "scenarios": "model.files",
}
"""Where each public name lives: it is imported when it is first used, since Mesa, Numba and pandas take seconds."""

__all__ = [*_HOMES, "__version__"]  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f".{home}", __name__)
    found = module if name == home.rpartition(".")[2] else getattr(module, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
