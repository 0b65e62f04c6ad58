"""Social graphs from settings."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..agents.chance import Purpose, generator
from .errors import GraphError
from .graph_files import read_graph
from .networks import KARATE_SIZE, NETWORKS, Network
from .settings import PopulationSettings


def build_network(population: PopulationSettings, seed: npt.NDArray[np.uint32]) -> Network:
    """Network that a scenario's `[population]` asks for."""
    kind, size, rng = population.network, population.size, generator(seed, Purpose.NETWORK)
    if kind == "file":
        network = read_graph(population.file, population.nodes)
        if not population.ratings:
            network.ties.pop("rating", None)
        return network
    if kind == "karate":
        return Network(KARATE_SIZE, NETWORKS[kind](), range(KARATE_SIZE))
    if kind in ("complete", "lattice"):
        edges = NETWORKS[kind](size) if kind == "complete" else NETWORKS[kind](size, population.degree)
        return Network(size, edges, range(size))
    if population.degree >= size:
        raise GraphError(
            f"population.degree is {population.degree}, but among {size} citizens nobody can know more than "
            f"{size - 1}; lower population.degree or raise population.size"
        )
    match kind:
        case "small-world":
            edges = NETWORKS[kind](size, population.degree, population.rewiring, rng)
        case "community":
            groups = blocks(size, population.groups)
            edges = NETWORKS[kind](size, population.degree, population.rewiring, groups, rng)
        case _:
            edges = NETWORKS[kind](size, population.degree, rng)
            if kind == "scale-free":
                # Who came first has most ties; numbers, and with them groups and regions, are not to tell who did.
                place = rng.permutation(size)
                edges = place[edges[0]], place[edges[1]]
    return Network(size, edges, range(size))


def blocks(size: int, count: int) -> npt.NDArray[np.int64]:
    """Number of the block of each of `size` rows in `count` contiguous blocks as equal as can be."""
    return np.arange(size) * min(count, size) // size
