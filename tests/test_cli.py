"""The promises of the command line: names, flags, JSON, exit codes, one clear line an error."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from jsonschema import Draft202012Validator

from tests.program import Program, Ran
from tests.support import ROOT, cut

NOTE = (
    "Жалобы на сухой кашель. Одышки нет. Объективно. Температура тридцать семь и две, "
    "давление сто тридцать на восемьдесят пять. Диагноз. Острый бронхит. "
    "Назначено. Амброксол тридцать миллиграмм внутрь три раза в день. Явка через пять дней."
)


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _one_line(ran: Ran) -> str:
    """The single line of an error; anything else on standard error fails the test."""
    lines = ran.err.splitlines()
    assert len(lines) == 1, ran.err
    assert lines[0].startswith("dictation: ")
    assert "Traceback" not in ran.err
    assert "internal error" not in ran.err
    return lines[0]


def test_extract_prints_one_record_a_file_that_follows_the_published_schema(program: Program, tmp_path: Path) -> None:
    file = _write(tmp_path / "приём врача" / "первый.txt", NOTE)
    ran = program("extract", file, "--json")
    assert (ran.code, ran.err) == (0, "")
    (record,) = ran.documents
    schema = json.loads((ROOT / "docs" / "record.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(record)
    assert record["source"] == str(file)
    assert record["form"] == "052u-visit"
    assert record["recogniser"] is None
    assert record["transcript"]["text"] == NOTE
    fields = record["fields"]
    assert (fields["systolic"]["value"], fields["diastolic"]["value"], fields["temperature"]["value"]) == (
        130,
        85,
        37.2,
    )
    assert [d["icd10"][:3] for d in fields["diagnosis"]["value"]] == ["J20"]
    (drug,) = fields["medications"]["value"]
    assert (drug["name"], drug["dose"], drug["unit"], drug["times_per_day"]) == ("амброксол", 30, "мг", 3)
    assert fields["weight"] == {**fields["weight"], "value": None, "status": "empty", "reasons": []}


def test_extract_evidence_leads_back_to_the_words(program: Program, tmp_path: Path) -> None:
    (record,) = program("extract", _write(tmp_path / "a.txt", NOTE), "--json").documents
    (evidence,) = record["fields"]["systolic"]["evidence"]
    said = NOTE[evidence["start_char"] : evidence["end_char"]]
    assert said == "давление сто тридцать на восемьдесят пять"
    assert (evidence["start"], evidence["end"]) == (None, None)


def test_extract_lines_numbers_its_sources_and_an_empty_line_is_an_empty_record(
    program: Program, tmp_path: Path
) -> None:
    file = _write(tmp_path / "many.txt", f"{NOTE}\n\nТемпература тридцать восемь.\n")
    ran = program("extract", file, "--lines", "--json")
    assert ran.code == 0
    assert [record["source"] for record in ran.documents] == [f"{file}:1", f"{file}:2", f"{file}:3"]
    assert {field["status"] for field in ran.documents[1]["fields"].values()} == {"empty"}
    assert ran.documents[2]["fields"]["temperature"]["value"] == 38


def test_extract_reads_standard_input(program: Program) -> None:
    ran = program("extract", "-", "--json", given=NOTE)
    assert (ran.code, ran.documents[0]["source"]) == (0, "-")


def test_a_text_with_nothing_in_it_is_an_empty_record(program: Program) -> None:
    ran = program("extract", "-", "--json", given="")
    assert ran.code == 0
    assert {field["status"] for field in ran.documents[0]["fields"].values()} == {"empty"}


def test_a_failing_input_is_reported_and_the_rest_go_on(program: Program, tmp_path: Path) -> None:
    good = _write(tmp_path / "good.txt", NOTE)
    ran = program("extract", tmp_path / "missing.txt", good, "--json")
    assert ran.code == 2
    assert "missing.txt" in _one_line(ran)
    assert set(ran.documents[0]) == {"source", "error"}
    assert ran.documents[1]["source"] == str(good)


@pytest.mark.parametrize(
    ("content", "word"), [(b"\xff\xfe\x00bad", "UTF-8"), (b"\xd0" * 7, "UTF-8"), (b"a" * 10_000_001, "larger")]
)
def test_text_that_is_no_text_is_one_clear_error(program: Program, tmp_path: Path, content: bytes, word: str) -> None:
    (tmp_path / "x.txt").write_bytes(content)
    ran = program("extract", tmp_path / "x.txt")
    assert ran.code == 2
    assert word in _one_line(ran)


def test_strict_gives_3_where_something_needs_checking_only(program: Program) -> None:
    assert program("extract", "-", "--strict", "--json", given="Объективно. Пульс восемьдесят.").code == 0
    assert program("extract", "-", "--strict", "--json", given="Объективно. Температура шестьдесят.").code == 3


def test_out_writes_record_bundle_and_page_under_the_stem(program: Program, tmp_path: Path) -> None:
    file = _write(tmp_path / "a.txt", NOTE)
    assert program("extract", file, "--out", tmp_path / "готово").code == 0
    written = sorted(path.name for path in (tmp_path / "готово").iterdir())
    assert written == ["a.bundle.json", "a.html", "a.record.json"]
    bundle = json.loads((tmp_path / "готово" / "a.bundle.json").read_text(encoding="utf-8"))
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "transaction")
    assert "Амброксол" in (tmp_path / "готово" / "a.html").read_text(encoding="utf-8").replace(
        "амброксол", "Амброксол"
    )


def test_two_inputs_of_one_stem_do_not_write_over_each_other(program: Program, tmp_path: Path) -> None:
    one, two = _write(tmp_path / "1" / "a.txt", NOTE), _write(tmp_path / "2" / "a.txt", NOTE)
    ran = program("extract", one, two, "--out", tmp_path / "out")
    assert ran.code == 2
    assert "'a'" in _one_line(ran)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["extract", "-", "--form", "no-such-form"], ["no-such-form", "052u-visit"]),
        (["extract", "-", "--language", "kk"], ["kk", "not there yet"]),
        (["extract", "-", "--language", "xx"], ["xx"]),
        (["fill", "x.wav", "--engine", "siri"], ["siri", "whisper", "vosk"]),
        (["extract", "-", "--context", "no.json"], ["no.json"]),
        (["extract"], ["texts"]),
        (["extract", "-", "--no-such-flag"], ["--no-such-flag"]),
        (["conjure"], ["conjure"]),
        (["replay", "nowhere"], ["nowhere"]),
    ],
)
def test_bad_usage_is_one_clear_line_and_2(program: Program, arguments: list[str], words: list[str]) -> None:
    ran = program(*arguments)
    assert ran.code == 2
    line = _one_line(ran)
    assert all(word in line for word in words), line
    assert ran.out == ""


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{",
        '{"resourceType": "Patient"}',
        '{"resourceType": "Questionnaire", "status": "active", "item": [{"type": "text"}]}',
        '{"resourceType": "Questionnaire", "status": "active", "item": [{"linkId": "a", "type": "spell"}]}',
    ],
)
def test_a_broken_questionnaire_is_one_clear_line(program: Program, tmp_path: Path, content: str) -> None:
    ran = program("extract", "-", "--form", _write(tmp_path / "form.json", content), given=NOTE)
    assert ran.code == 2
    assert "form.json" in _one_line(ran)


@pytest.mark.parametrize("content", ["{", "[]", '{"patient": {"birth_date": "yesterday"}}', '{"patient": 5}'])
def test_a_broken_context_is_one_clear_line(program: Program, tmp_path: Path, content: str) -> None:
    ran = program("extract", "-", "--context", _write(tmp_path / "c.json", content), given=NOTE)
    assert ran.code == 2
    assert "c.json" in _one_line(ran)


def _bad_recordings(folder: Path, recording: Path) -> dict[str, Path]:
    """Files of the kinds that people hand over by mistake."""
    folder.mkdir(exist_ok=True)
    kinds = {name: folder / f"{name}.wav" for name in ("empty", "text", "header-only", "folder", "picture")}
    kinds["empty"].write_bytes(b"")
    kinds["text"].write_text("это не звук", encoding="utf-8")
    kinds["header-only"].write_bytes(b"RIFF\x24\x00\x00\x00WAVEfmt ")
    kinds["folder"].mkdir()
    kinds["picture"].write_bytes(bytes.fromhex("89504e470d0a1a0a0000000d49484452") + b"\x00" * 50)
    kinds["missing"] = folder / "missing.wav"
    return kinds


@pytest.mark.parametrize("kind", ["empty", "text", "header-only", "folder", "picture", "missing"])
def test_what_is_no_recording_is_one_clear_line(program: Program, tmp_path: Path, recording: Path, kind: str) -> None:
    path = _bad_recordings(tmp_path / "bad", recording)[kind]
    ran = program("fill", path, "--json", "--out", tmp_path / "out")
    assert ran.code == 2
    assert path.name in _one_line(ran)
    assert [set(document) for document in ran.documents] == [{"source", "error"}]
    assert not (tmp_path / "out").exists()


def test_transcribe_prints_words_with_times_and_confidences(program: Program, short_recording: Path) -> None:
    ran = program("transcribe", short_recording, "--json")
    assert ran.code == 0
    (heard,) = ran.documents
    assert (heard["source"], heard["engine"], heard["model"]) == (str(short_recording), "whisper", "whisper-base")
    assert heard["seconds"] == pytest.approx(8.0, abs=0.1)
    words = [word for utterance in heard["utterances"] for word in utterance["words"]]
    assert words[0]["text"].lower().startswith("жалоб")
    starts = [word["start"] for word in words]
    assert starts == sorted(starts)
    assert 0 <= starts[0] < 2
    assert words[-1]["end"] <= 8.1
    assert all(0 < word["confidence"] <= 1 for word in words)


@pytest.mark.parametrize("kind", ["silence", "noise", "hum"])
def test_what_is_not_speech_gives_an_empty_record(program: Program, tmp_path: Path, kind: str) -> None:
    seconds, rate = 6, 16_000
    times = np.arange(seconds * rate) / rate
    sound = {
        "silence": np.zeros(seconds * rate),
        "noise": np.random.default_rng(7).normal(0, 0.05, seconds * rate),
        "hum": 0.2 * np.sin(2 * np.pi * 50 * times),
    }[kind]
    _save(tmp_path / f"{kind}.wav", sound, rate)
    ran = program("fill", tmp_path / f"{kind}.wav", "--json")
    assert ran.code == 0
    (record,) = ran.documents
    assert record["transcript"]["text"] == ""
    assert {field["status"] for field in record["fields"].values()} == {"empty"}


def _save(path: Path, sound: np.ndarray[Any, Any], rate: int) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray((sound * 32767).astype(np.int16)[None, :], format="s16", layout="mono")
        frame.rate = rate
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def test_a_truncated_recording_keeps_what_could_be_heard(program: Program, recording: Path, tmp_path: Path) -> None:
    data = recording.read_bytes()
    path = tmp_path / "torn.opus"
    path.write_bytes(data[: len(data) // 4])
    ran = program("transcribe", path, "--json")
    assert ran.code == 0
    assert ran.documents[0]["text"].lower().startswith("жалоб")
    assert "torn.opus" in _one_line(ran)


def test_replay_goes_past_a_broken_file_and_on_where_it_stopped(
    program: Program, recording: Path, tmp_path: Path
) -> None:
    sounds = tmp_path / "записи"
    sounds.mkdir()
    cut(recording, sounds / "one.wav", 5.0)
    cut(recording, sounds / "two.wav", 6.0)
    (sounds / "broken.wav").write_text("no sound", encoding="utf-8")
    out = tmp_path / "out"
    ran = program("replay", sounds, "--out", out, "--json")
    assert ran.code == 2
    assert "broken.wav" in _one_line(ran)
    assert [Path(document["source"]).name for document in ran.documents] == ["broken.wav", "one.wav", "two.wav"]
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert (summary["figures"]["recordings"], summary["figures"]["failed"]) == (3, 1)
    assert summary["figures"]["seconds"] == pytest.approx(11.0, abs=0.2)
    made = (out / "one.record.json").stat().st_mtime_ns
    (sounds / "broken.wav").unlink()
    again = program("replay", sounds, "--out", out, "--json")
    assert (again.code, again.err) == (0, "")
    assert (out / "one.record.json").stat().st_mtime_ns == made
    assert again.documents == ran.documents[1:]


def test_replay_gate_gives_4(program: Program, short_recording: Path, tmp_path: Path) -> None:
    folder = tmp_path / "one"
    folder.mkdir()
    (folder / "a.wav").write_bytes(short_recording.read_bytes())
    gate = _write(tmp_path / "gate.toml", "[min]\nwords = 100000\n")
    ran = program("replay", folder, "--out", tmp_path / "out", "--gate", gate)
    assert ran.code == 4
    assert "words" in _one_line(ran)


def test_forms_are_listed_and_shown(program: Program) -> None:
    listed = program("forms", "list", "--json").documents
    assert "052u-visit" in [form["form"] for form in listed]
    (shown,) = program("forms", "show", "052u-visit", "--json").documents
    assert shown["resourceType"] == "Questionnaire"
    assert program("forms", "show", "052u-visit").code == 0


def test_icd10_ranks_codes_for_each_line(program: Program) -> None:
    (answer,) = program("icd10", "острый бронхит", "--json").documents
    assert answer["text"] == "острый бронхит"
    assert answer["candidates"][0]["icd10"][:3] == "J20"
    assert set(answer["candidates"][0]) == {"icd10", "title", "score"}
    assert len(answer["candidates"]) <= 10
    lines = program("icd10", "-", "--json", given="острый бронхит\nсахарный диабет 2 типа\n").documents
    assert [line["candidates"][0]["icd10"][:3] for line in lines] == ["J20", "E11"]


def test_icd10_note_finds_the_diagnoses_with_their_places(program: Program) -> None:
    text = "Острый бронхит. Сахарный диабет 2 типа."
    (answer,) = program("icd10", text, "--note", "--json").documents
    assert [text[d["start"] : d["end"]] == d["text"] for d in answer["diagnoses"]] == [True, True]
    assert [d["icd10"][:3] for d in answer["diagnoses"]] == ["J20", "E11"]


def test_icd10_import_keeps_the_table_for_later_runs(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DICTATION_HOME", str(tmp_path / "home"))
    table = _write(tmp_path / "t.tsv", "code\ttitle\tparent\nZ99\tЗагадочная хворь полосатая\t\n")
    assert program("icd10-import", table).code == 0
    (answer,) = program("icd10", "загадочная полосатая хворь", "--json").documents
    assert answer["candidates"][0]["icd10"] == "Z99"
    (plain,) = program("icd10", "загадочная полосатая хворь", "--lexicon-only", "--json").documents
    assert "Z99" not in [candidate["icd10"] for candidate in plain["candidates"]]


def test_icd10_import_refuses_another_table(program: Program, tmp_path: Path) -> None:
    ran = program("icd10-import", _write(tmp_path / "t.tsv", "a,b\n1,2\n"))
    assert ran.code == 2
    assert "t.tsv" in _one_line(ran)


def test_models_are_listed_and_verified(program: Program) -> None:
    names = [entry["name"] for entry in program("models", "list", "--json").documents]
    assert "whisper-base" in names
    assert program("models", "verify", "whisper-base", "--json").code == 0
    unknown = program("models", "verify", "no-such-model")
    assert unknown.code == 2
    assert "no-such-model" in _one_line(unknown)


def test_a_command_imports_nothing_that_another_needs() -> None:
    code = "import sys; from dictation.cli import run; run(['models', '--help']); print('spacy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines()[-1] == "False"


def test_without_arguments_the_help_is_all_that_is_said() -> None:
    code = "import sys; from dictation.cli import run; sys.exit(run([]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (2, "")
    assert "Offline voice dictation" in done.stdout


def test_the_help_shows_the_tables_of_a_gate(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Square brackets are not taken for a style."""
    monkeypatch.setenv("COLUMNS", "200")
    assert "TOML with [min] and [max] figures" in program("replay", "--help").out
