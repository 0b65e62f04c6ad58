"""A scenario: population, citizens, domains, institutions and dated changes, as validated data."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from math import inf
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import Field, PrivateAttr, SerializeAsAny, ValidationError, field_validator, model_validator

from ..agents.institutions import INSTITUTIONS
from ..agents.plain import plain
from ..agents.rates import CitizensSettings
from ..agents.settings import Settings, leaves
from .changing import put, refuse_unread
from .declarations import declaration
from .domains import DEFAULT_DOMAINS, DomainSettings, with_defaults
from .errors import GlasshouseError, ScenarioError, shown
from .files import BUILT_IN, read_toml, refuse_overwriting, written_whole
from .files import scenarios as scenarios
from .limits import check_data
from .measures import declared
from .paths import all_paths, describe_errors, is_fixed, nearest
from .settings import PopulationSettings


class Change(Settings):
    """Settings that take other values from the start of a week on."""

    week: int = Field(ge=1, description="First week in which the change holds; the first week of a run is 1.")
    says: str = Field(default="", description="What happens, in words.")
    set: dict[str, Any] = Field(
        description="Value by dotted path; `false` for an institution removes it, `true` adds it."
    )


class Scenario(Settings):
    """Everything that, with a seed, determines a run. Immutable.

    Examples
    --------
    >>> s = Scenario.load("baseline").change({"population.size": 200})
    >>> s.population.size
    200
    """

    name: str = Field(default="", description="Short name.")
    title: str = Field(default="", description="Title.")
    line: str = Field(default="", description="What it is about, in a line under its title.")
    group: str = Field(default="", description="Group of scenarios among which it is listed.")
    about: str = Field(default="", description="What it stands for.")
    look_at: str = Field(default="", description="What to look at.")
    shows: tuple[str, ...] = Field(default=(), description="Measures to look at, by name.", strict=False)
    levers: tuple[str, ...] = Field(
        default=(), description="Settings to try first, by path; an institution's name switches it.", strict=False
    )
    begins: int | None = Field(default=None, description="Year in which week 1 is, where the weeks have dates.")
    sources: tuple[str, ...] = Field(default=(), description="Sources.", strict=False)
    population: PopulationSettings = PopulationSettings()
    citizens: CitizensSettings = CitizensSettings()
    domains: dict[str, DomainSettings] = Field(default=dict(DEFAULT_DOMAINS), description="Domains of behaviour.")
    institutions: dict[str, SerializeAsAny[Settings]] = Field(default={}, description="Institutions, in order.")
    dated: tuple[Change, ...] = Field(default=(), alias="change", description="Dated changes.", strict=False)
    _given: tuple[str, ...] = PrivateAttr(())

    @property
    def given(self) -> tuple[str, ...]:
        """What a society of this plan was given besides, and no file can say: `graph`, `initial`."""
        return self._given

    def with_given(self, *given: str) -> Scenario:
        """The plan of a society that was given more than its settings."""
        plan = self.model_copy()
        plan._given = given
        return plan

    def refuse_given(self, *again: str) -> None:
        """Refuse to stand alone for a society that was given more than its settings, but for what is given `again`.

        Raises
        ------
        ScenarioError
            If something is missing.
        """
        missing = [f"{name}=" for name in self._given if name not in again]
        if missing:
            raise ScenarioError(
                f"this plan is of a society that was made with {' and '.join(missing)}, which a scenario does not "
                "carry: give that again, or write society.to_networkx() to a .graphml file before the first week and "
                "name it as population.file"
            )

    @field_validator("domains", mode="before")
    @classmethod
    def _complete_domains(cls, domains: Any) -> Any:
        return with_defaults(domains)

    @field_validator("institutions", mode="plain")
    @classmethod
    def _know_institutions(cls, institutions: Any) -> dict[str, Settings]:
        if not isinstance(institutions, Mapping):
            raise ValueError("must be a table of institutions")
        known: dict[str, Settings] = {}
        for name, given in plain(institutions).items():  # pyright: ignore[reportUnknownVariableType]
            if given is None or given is False:
                continue
            if name not in INSTITUTIONS:
                raise ValueError(f"institutions.{name}: unknown institution; {nearest(str(name), INSTITUTIONS)}")
            kind = INSTITUTIONS[name].settings_class
            given = {} if given is True else given
            try:
                known[name] = given if isinstance(given, kind) else kind.model_validate(given)
            except ValidationError as error:
                raise ValueError(describe_errors(error, kind, f"institutions.{name}.")) from None
        return known

    @model_validator(mode="after")
    def _agree(self) -> Scenario:
        if not self.domains:
            raise ValueError("domains: at least one is needed")
        measures = declared(self.known_domains)
        for name in self.shows:
            if name not in measures:
                raise ValueError(f"shows: there is no measure {name!r}; {nearest(name, measures)}")
        for path in self.levers:
            if declaration(type(self), path) is None:
                raise ValueError(f"levers: {path}: unknown setting; {nearest(path, all_paths(type(self)))}")
        roles = {domain.role for domain in self.domains.values()}
        for name in self.institutions:
            for role in INSTITUTIONS[name].roles:
                if role not in roles:
                    raise ValueError(
                        f"institutions.{name}: needs a domain of the role {role!r}, which no domain here has; "
                        f'give one domains.<name>.role = "{role}", or remove the institution'
                    )
            for setting in INSTITUTIONS[name].by_domain:
                for domain in getattr(self.institutions[name], setting):
                    if domain not in self.known_domains:
                        remedy = nearest(domain, self.domain_names)
                        raise ValueError(f"institutions.{name}.{setting}.{domain}: {remedy}")
            INSTITUTIONS[name].check(self)
        return self

    @property
    def domain_names(self) -> tuple[str, ...]:
        """Names of the domains, in order."""
        return tuple(self.domains)

    @property
    def known_domains(self) -> tuple[str, ...]:
        """Names of the domains, and of those of the default that it was made without."""
        return tuple({**self.domains, **DEFAULT_DOMAINS})

    @property
    def institution_names(self) -> tuple[str, ...]:
        """Names of the institutions, in order."""
        return tuple(self.institutions)

    @classmethod
    def load(cls, source: str | Path) -> Scenario:
        """Load a built-in scenario by name, or one from a `.toml` file.

        Raises
        ------
        ScenarioError
            If there is none, or it is not valid; the message names the place and the nearest valid name or the range.
        """
        if not isinstance(source, str | Path):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ScenarioError(not_one(source))
        path, data = read_toml(source, BUILT_IN, "scenario", ScenarioError)
        scenario = cls.from_dict({"name": path.stem, **data}, where=str(source))
        return scenario._with_files(lambda name: str(path.parent / name))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], where: str = "") -> Scenario:
        """Validate nested tables, as a TOML file has them, with every dated change applied in turn."""
        at = f"{where}: " if where else ""
        try:
            check_data(data)
            population = data.get("population")
            if isinstance(population, Mapping):
                refuse_unread({f"population.{name}": value for name, value in population.items()})  # pyright: ignore[reportUnknownVariableType]
            scenario = cls.model_validate(data)
            scenario.at_week(inf)
        except ValidationError as error:
            raise ScenarioError(f"{at}{describe_errors(error, cls)}") from None
        except GlasshouseError as error:
            raise ScenarioError(f"{at}{error}") from None
        return scenario

    def at_week(self, week: float) -> Scenario:
        """Scenario as it stands in a week: the settings that hold then, and the dated changes still to come.

        Raises
        ------
        ScenarioError
            If a dated change up to then is not possible.
        """
        then = self
        for change in sorted(self.dated, key=lambda change: change.week):
            if change.week <= week:
                try:
                    then = then.changed_in_course(change.set)
                except ScenarioError as error:
                    raise ScenarioError(f"change in week {change.week}: {error}") from None
        return then.model_copy(update={"dated": tuple(change for change in self.dated if change.week > week)})

    def to_dict(self) -> dict[str, Any]:
        """Nested tables of all settings, as `from_dict` takes them."""
        data = self.model_dump(by_alias=True, exclude_none=True)
        data["domains"] = {name: False for name in DEFAULT_DOMAINS if name not in self.domains} | data["domains"]
        return data

    def settings(self) -> dict[str, Any]:
        """Every setting's value by its dotted path, titles and dated changes left out."""
        return {
            f"{part}.{path}" if path else part: value
            for part in ("population", "citizens", "domains", "institutions")
            for path, value in _paths(getattr(self, part))
        }

    def change(self, changes: Mapping[str, Any]) -> Scenario:
        """Scenario with other settings by dotted path, validated as a whole.

        ``{"institutions.hotline": {}}`` (or ``True``) adds an institution with its defaults, or with settings given;
        ``None`` (or ``False``) removes it, and likewise a domain. A file has ``true`` and ``false``.

        Raises
        ------
        ScenarioError
            If a path is unknown or a value out of range; the message names the nearest valid name or the range.
        """
        changes = mapping(changes, "changes", '{"population.size": 200}')
        data = self.to_dict()
        if self.population.network != "file":
            refuse_unread(changes)
        for path, value in changes.items():
            put(type(self), data, path, value)
        return type(self).from_dict(data).with_given(*self._given)

    def changed_in_course(self, changes: Mapping[str, Any]) -> Scenario:
        """Scenario after a change in the course of a run, without its dated changes.

        Raises
        ------
        ScenarioError
            If a setting is only used when a society is built.
        """
        after = self.model_copy(update={"dated": ()}).change(changes)
        before, then = self.settings(), after.settings()
        if self.domain_names != after.domain_names:
            raise ScenarioError("domains cannot be added or removed in the course of a run")
        for path in before.keys() & then.keys():
            if before[path] != then[path] and is_fixed(type(self), path):
                raise ScenarioError(f"{path} takes effect only at the start; set it in the scenario itself")
        return after

    def diff(self, other: Scenario) -> dict[str, tuple[Any, Any]]:
        """Settings that differ, by dotted path: (here, there), None where absent. Dated changes count as one."""
        here, there = self.settings(), other.settings()
        changed = {
            path: (here.get(path), there.get(path))
            for path in (*here, *(path for path in there if path not in here))
            if here.get(path) != there.get(path) or (path in here) != (path in there)
        }
        if self.dated != other.dated:
            changed["change"] = (self.dated, other.dated)
        return changed

    def __repr__(self) -> str:
        dated = f", {len(self.dated)} dated changes" if self.dated else ""
        return (
            f"<Scenario {self.name!r}: {self.population.size:,} citizens, {', '.join(self.domains)}; "
            f"{', '.join(self.institutions) or 'no institutions'}{dated}>"
        )

    __str__ = __repr__

    def save(self, path: str | Path) -> None:
        """Write a `.toml` file with every setting; the file is replaced whole or not at all.

        Raises
        ------
        ScenarioError
            If the plan is of a society that was given a graph or initial values, which no file can say.
        """
        self.refuse_given()
        refuse_overwriting(Path(path), self.population.file, self.population.nodes, fault=ScenarioError)
        folder = Path(path).resolve().parent
        plan = self._with_files(lambda name: os.path.relpath(name, folder))
        with written_whole(Path(path)) as temporary:
            temporary.write_text(tomli_w.dumps(_plain(plan.to_dict())), "utf-8")

    def _with_files(self, place: Callable[[str], str]) -> Scenario:
        """The same with other paths of its graph's files: in a scenario file they are relative to it."""
        named = {name: getattr(self.population, name) for name in ("file", "nodes")}
        update = {name: place(path) for name, path in named.items() if path and not Path(path).is_absolute()}
        return self.model_copy(update={"population": self.population.model_copy(update=update)}) if update else self

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """JSON Schema of a scenario file, with every setting's default, range, unit, meaning and source."""
        schema = cls.model_json_schema(by_alias=True)
        definitions = schema.setdefault("$defs", {})
        properties: dict[str, Any] = {}
        for name, kind in INSTITUTIONS.items():
            inner = kind.settings_class.model_json_schema(ref_template="#/$defs/{model}")
            definitions.update(inner.pop("$defs", {}))
            definitions[kind.settings_class.__name__] = inner
            properties[name] = {
                "anyOf": [{"$ref": f"#/$defs/{kind.settings_class.__name__}"}, {"type": "boolean"}],
                "description": (kind.__doc__ or "").splitlines()[0],
            }
        schema["properties"]["institutions"] = {
            "type": "object",
            "properties": properties,
            "additionalProperties": False,
            "description": "Institutions.",
        }
        domain = {"anyOf": [{"$ref": "#/$defs/DomainSettings"}, {"type": "boolean"}]}
        schema["properties"]["domains"] = {"type": "object", "additionalProperties": domain, "description": "Domains."}
        return json.loads(json.dumps(_bounded(_plain(schema)), allow_nan=False))


def scenario_from(given: Any) -> Scenario:
    """Scenario that was given as itself, by the name of a built-in one, or by the path of a `.toml` file.

    Raises
    ------
    ScenarioError
        If it is none of these, or cannot be loaded.
    """
    return given if isinstance(given, Scenario) else Scenario.load(given)


def not_one(given: Any) -> str:
    """That something is no scenario, in words, and what to give instead."""
    plan = "; give its plan, society.plan" if isinstance(getattr(given, "plan", None), Scenario) else ""
    one = "the name of a built-in one, a path of a .toml file, or a Scenario"
    return f"a scenario is {one}; not {shown(given)}{plan}"


def mapping(given: Any, name: str, example: str) -> dict[str, Any]:
    """An argument that must be a mapping from names; a ScenarioError shows an example where it is none."""
    if not isinstance(given, Mapping) or not all(isinstance(key, str) for key in given):  # pyright: ignore[reportUnknownVariableType]
        raise ScenarioError(f"{name} {shown(given)}: give values by name, such as {example}")
    return dict(given)  # pyright: ignore[reportUnknownArgumentType]


def _paths(value: Any, prefix: str = "") -> list[tuple[str, Any]]:
    if isinstance(value, Settings):
        return [(prefix + path, inner) for path, inner in leaves(value)]
    return [
        item for name, inner in value.items() for item in ((f"{prefix}{name}", {}), *_paths(inner, f"{prefix}{name}."))
    ]


def _bounded(schema: Any) -> Any:
    """A schema without bounds and defaults that are infinite, which JSON does not have."""
    if isinstance(schema, dict):
        return {name: _bounded(inner) for name, inner in schema.items() if inner not in (inf, -inf)}  # pyright: ignore[reportUnknownVariableType]
    return [_bounded(inner) for inner in schema] if isinstance(schema, list) else schema  # pyright: ignore[reportUnknownVariableType]


def _plain(value: Any) -> Any:
    """The same with tuples as lists, as TOML and JSON have them."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]  # pyright: ignore[reportUnknownVariableType]
    return value
