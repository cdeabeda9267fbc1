"""The set-ups that dictations run on: one for each form, all on one recogniser, loaded in the background."""

from __future__ import annotations

import logging
import threading

from dictation.console import describe
from dictation.errors import DictationError
from dictation.session import Dictation
from dictation.speech.recogniser import ModelInfo
from dictation.workstation.failures import Failure, failure_of
from dictation.workstation.own_forms import form_name
from dictation.workstation.settings import Settings

_log = logging.getLogger(__name__)

# Loading takes seconds; a disk that is asleep or a first start take longer.
_PATIENCE = 120.0


class Setups:
    """The set-ups of one server. `load` is called once, on a thread of its own."""

    def __init__(self, settings: Settings, first: Dictation | None = None) -> None:
        self._settings = settings
        self._first = first or Dictation(settings.form, language=settings.language, engine=settings.engine)
        self._by_form: dict[str, Dictation] = {self._first.form.name: self._first}
        self._lock = threading.Lock()
        self._loaded = threading.Event()
        self._trouble: DictationError | None = None

    @property
    def language(self) -> str:
        """The language of dictation."""
        return self._first.language

    @property
    def form(self) -> str:
        """The form that is dictated into unless another is asked for."""
        return self._first.form.name

    @property
    def ready(self) -> bool:
        """Whether dictating can begin."""
        return self._loaded.is_set() and self._trouble is None

    @property
    def recogniser(self) -> ModelInfo | None:
        """The model, once it is loaded."""
        return self._first.recogniser.info if self.ready else None

    def load(self) -> None:
        """Load all that the first dictation needs, and have it work once."""
        try:
            self._first.load_recogniser()
            self._first.extract("")
        except DictationError as error:
            self._trouble = error
            _log.error("%s", error)
        except Exception as error:  # noqa: BLE001 - told to every client that asks, whatever it was
            self._trouble = DictationError(describe(error))
            _log.error("%s", describe(error))
        finally:
            self._loaded.set()

    def load_in_background(self) -> None:
        """The same while the page is being opened."""
        threading.Thread(target=self.load, name="loading the recogniser", daemon=True).start()

    def wait(self, timeout: float | None = None) -> bool:
        """Until it is loaded, for better or worse; whether it was in time."""
        return self._loaded.wait(timeout)

    def get(self, form: str, language: str | None = None) -> Dictation:
        """The set-up for a form; waits while the recogniser is being loaded. Failure `unknown-form`, `not-ready`,
        `unavailable` where the model cannot be used."""
        if language not in (None, self.language):
            raise Failure("invalid", detail=f"this server dictates in '{self.language}'")
        if not self.wait(_PATIENCE):
            raise Failure("not-ready")
        if self._trouble:
            raise failure_of(self._trouble)
        with self._lock:
            known = self._by_form.get(form)
            if known is None:
                known = self._by_form[form] = self._first.with_form(form_name(form))
            return known

    def forget(self, form: str) -> None:
        """A form of one's own was replaced or deleted: read anew when it is next asked for."""
        with self._lock:
            if form != self._first.form.name:
                self._by_form.pop(form, None)
