"""What one server has: its settings, its store, who has entered, what is open."""

from __future__ import annotations

from dataclasses import dataclass

from dictation.store import Store
from dictation.workstation.desk import Desk
from dictation.workstation.doctors import Doctors
from dictation.workstation.sessions import Sessions, Tries
from dictation.workstation.settings import Settings
from dictation.workstation.setups import Setups


@dataclass(frozen=True, slots=True)
class House:
    """Made once by `create_app`; every request finds it at `app.state.house`."""

    settings: Settings
    store: Store
    setups: Setups
    doctors: Doctors
    sessions: Sessions
    tries: Tries
    desk: Desk
