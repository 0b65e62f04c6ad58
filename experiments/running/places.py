"""Where files are: what kind of file system a folder is on."""

from __future__ import annotations

from pathlib import Path

NETWORKED = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "lustre", "beegfs", "gpfs")
"""Kinds that are on another machine, where a database can be damaged."""


def file_system(folder: Path) -> str:
    """Kind of file system that a folder is on, as Linux tells it; empty elsewhere."""
    try:
        mounts = Path("/proc/self/mounts").read_text("utf-8").splitlines()
    except OSError:
        return ""
    here, found = folder.resolve(), (-1, "")
    for line in mounts:
        _, place, kind, *_ = line.split(" ")
        place = Path(place.replace("\\040", " "))
        if here.is_relative_to(place):
            found = max(found, (len(place.parts), kind))
    return found[1]
