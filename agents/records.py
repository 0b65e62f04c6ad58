"""Records: an owner's columns and numbers as one argument of a compiled loop, read there by name.

A loop that takes each array by itself has some forty arguments, of which two of the same type can be taken for each
other without any error; and handing them over costs more than the work on a thousand citizens. A record is built once
and holds references to the same arrays: handing it over costs two microseconds, whatever it holds.
"""

from __future__ import annotations

import hashlib
from types import SimpleNamespace
from typing import Any

from numba import types
from numba.core import cgutils, imputils
from numba.experimental import structref
from numba.experimental.jitclass.base import imp_dtor
from numba.extending import NativeValue, intrinsic, models, register_model, typeof_impl, unbox

from .compiled import compiled, numba_config


@structref.register
class RecordType(types.StructRef):  # type: ignore[misc]
    """Type of a record: its fields in order, each with its type.

    Its name is a digest of them: with the fields spelled out the names of compiled loops would run to kilobytes.
    """

    def __init__(self, fields: Any) -> None:
        super().__init__(fields)
        self.name = f"Record_{hashlib.sha256(repr(fields).encode()).hexdigest()[:16]}"

    def preprocess_fields(self, fields: Any) -> Any:
        """Fields with types that do not depend on a value."""
        return tuple((name, types.unliteral(kind)) for name, kind in fields)


class Record(structref.StructRefProxy):
    """A record as Python has it: a reference to be handed to compiled loops."""

    __slots__ = ()


structref.define_boxing(RecordType, Record)


@typeof_impl.register(Record)
def _type_of_record(value: Any, _context: Any) -> Any:  # pyright: ignore[reportUnusedFunction]
    return value._type


class Names:
    """Names of a record's fields, known when a loop is compiled."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names


class NamesType(types.Type):
    """Type of `Names`: other names are another type."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        super().__init__(name=f"Names({','.join(names)})")


register_model(NamesType)(models.OpaqueModel)


@typeof_impl.register(Names)
def _type_of_names(value: Names, _context: Any) -> Any:  # pyright: ignore[reportUnusedFunction]
    return NamesType(value.names)


@unbox(NamesType)
def _unbox_names(_kind: Any, _value: Any, c: Any) -> Any:  # pyright: ignore[reportUnusedFunction]
    return NativeValue(c.context.get_dummy_value())


@intrinsic
def _filled(_context: Any, names: Any, values: Any) -> Any:
    """Record of some values under their names."""
    kind = RecordType(list(zip(names.names, values, strict=True)))

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        payload = context.data_model_manager[kind.get_data_type()].get_value_type()
        size = context.get_constant(types.uintp, context.get_abi_sizeof(payload))
        info = context.nrt.meminfo_alloc_dtor(builder, size, imp_dtor(context, builder.module, kind))
        data = builder.bitcast(context.nrt.meminfo_data(builder, info), payload.as_pointer())
        builder.store(cgutils.get_null_value(payload), data)
        record = cgutils.create_struct_proxy(kind)(context, builder)
        record.meminfo = info
        fields = cgutils.create_struct_proxy(kind.get_data_type())(context, builder, ref=data)
        for place, (name, of) in enumerate(zip(names.names, signature.args[1], strict=True)):
            value = context.cast(builder, builder.extract_value(arguments[1], place), of, types.unliteral(of))
            context.nrt.incref(builder, types.unliteral(of), value)
            setattr(fields, name, value)
        return imputils.impl_ret_new_ref(context, builder, kind, record._getvalue())

    return kind(names, values), build


@compiled
def _record(names: Any, values: Any) -> Any:
    return _filled(names, values)  # pyright: ignore[reportCallIssue]


def record_of(**fields: Any) -> Record:
    """Record of arrays, numbers and tuples of numbers: it refers to the same arrays and copies the rest.

    It is to be made anew when an array is replaced or a number changes. Where nothing is compiled (NUMBA_DISABLE_JIT=1,
    for a debugger) it is an ordinary object.
    """
    if numba_config.DISABLE_JIT:
        return SimpleNamespace(**fields)  # pyright: ignore[reportReturnType]
    return _record(Names(tuple(fields)), tuple(fields.values()))


class Recorded:
    """An owner of columns or numbers that compiled loops read: it is handed to them as its record.

    The record is made when it is first asked for, and again after `renew`; it does not go into pickles.
    """

    _record: Record | None = None

    def recorded(self) -> dict[str, Any]:
        """What the record holds, by name: always the same names, with values of the same types."""
        raise NotImplementedError

    @property
    def record(self) -> Record:
        """The record that compiled loops take."""
        if self._record is None:
            self.__dict__["_record"] = record_of(**self.recorded())
        return self.__dict__["_record"]

    def renew(self) -> None:
        """Have the record made again: an array was replaced, or a number changed."""
        self.__dict__.pop("_record", None)

    def __getstate__(self) -> dict[str, Any]:
        state = dict(self.__dict__)
        state.pop("_record", None)
        return state
