"""The whole way on the bundled recording: what is read must lead back to the word and the second it was said."""

from __future__ import annotations

from pathlib import Path

import pytest

from dictation import Context, Dictation, Record, UsageError, to_bundle
from dictation.forms.record import Evidence
from tests.support import cut

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def dictation() -> Dictation:
    return Dictation()


@pytest.fixture(scope="module")
def visit(dictation: Dictation, recording: Path) -> Record:
    return dictation.fill(recording)


def _said(record: Record, evidence: Evidence) -> str:
    return record.transcript.text[evidence.start_char : evidence.end_char].lower()


def test_the_measurements_of_the_visit(visit: Record) -> None:
    # The doctor says: температура тридцать семь и пять, давление сто двадцать два на семьдесят восемь,
    # пульс восемьдесят пять, сатурация девяносто шесть.
    read = {key: visit.fields[key].value for key in ("temperature", "systolic", "diastolic", "heart-rate")}
    assert read == {"temperature": 37.5, "systolic": 122, "diastolic": 78, "heart-rate": 85}
    assert visit.fields["oxygen-saturation"].value == 96
    assert visit.fields["weight"].status == "empty"


def test_the_diagnosis_and_follow_up_of_the_visit(visit: Record) -> None:
    (diagnosis,) = visit.fields["diagnosis"].value or []
    assert (diagnosis.role, diagnosis.icd10) == ("main", "J20.9")
    assert visit.fields["follow-up"].value == "через 4 дня"


def test_a_value_leads_to_its_words_and_its_seconds(visit: Record) -> None:
    (pulse,) = visit.fields["heart-rate"].evidence
    assert _said(visit, pulse).startswith("пульс")
    assert _said(visit, pulse).endswith("пять")
    (saturation,) = visit.fields["oxygen-saturation"].evidence
    assert pulse.start is not None
    assert pulse.end is not None
    assert saturation.start is not None
    assert 0 < pulse.start < pulse.end <= saturation.start + 0.3
    words = [word for utterance in visit.transcript.utterances for word in utterance.words]
    spoken = [
        word.text.lower().strip(" ,.") for word in words if word.start and pulse.start <= word.start < pulse.end
    ]
    assert spoken[0].startswith("пульс")


def test_every_word_stands_in_the_transcript_in_order(visit: Record) -> None:
    position = 0
    for utterance in visit.transcript.utterances:
        for word in utterance.words:
            position = visit.transcript.text.index(word.text, position) + len(word.text)


def test_the_recogniser_is_named(visit: Record) -> None:
    assert visit.recogniser is not None
    assert visit.recogniser.engine == "whisper"
    assert visit.recogniser.sha256 is not None
    assert len(visit.recogniser.sha256) == 64


def test_the_same_recording_gives_the_same_record(dictation: Dictation, visit: Record, recording: Path) -> None:
    again = dictation.fill(recording)
    same = {"id", "created"}
    assert again.model_dump(mode="json", exclude=same) == visit.model_dump(mode="json", exclude=same)


def test_the_bundle_holds_what_was_measured(dictation: Dictation, visit: Record) -> None:
    entries = to_bundle(visit, dictation.form)["entry"]
    observations = [e["resource"] for e in entries if e["resource"]["resourceType"] == "Observation"]
    values = {o["code"]["coding"][0]["code"]: o.get("valueQuantity", {}).get("value") for o in observations}
    assert float(values["8310-5"]) == 37.5
    assert float(values["8867-4"]) == 85


def test_a_torn_recording_keeps_its_words_and_says_so(dictation: Dictation, recording: Path, tmp_path: Path) -> None:
    torn = tmp_path / "порванный файл.opus"
    torn.write_bytes(recording.read_bytes()[:60_000])
    record = dictation.fill(torn)
    assert record.fields["complaints"].value
    assert record.notices[0].reason.value == "damaged-recording"


def test_the_context_goes_into_the_record(dictation: Dictation, short_recording: Path) -> None:
    context = Context.model_validate({"patient": {"name": "Иванов Иван"}, "visit": {"id": "7"}})
    record = dictation.fill(short_recording, context)
    assert record.context.patient.name == "Иванов Иван"


def test_progress_tells_the_seconds_done(dictation: Dictation, recording: Path, tmp_path: Path) -> None:
    cut(recording, tmp_path / "a.wav", 3.0)
    seen: list[tuple[float, float | None]] = []
    dictation.transcribe(tmp_path / "a.wav", lambda done, total: seen.append((done, total)))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (pytest.approx(3.0, abs=0.1), pytest.approx(3.0, abs=0.1))


def test_a_language_without_rules_is_refused() -> None:
    with pytest.raises(UsageError, match="not there yet"):
        Dictation(language="kk")
