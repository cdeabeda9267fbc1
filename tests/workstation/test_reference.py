"""ICD-10, reasons and the ИИН over HTTP."""

from __future__ import annotations

from tests.workstation.clinic import Clinic


def test_codes_are_found_by_words(clinic: Clinic) -> None:
    best = clinic.ask("GET", "/icd10", params={"q": "острый бронхит"})["candidates"][0]
    assert (best["icd10"], best["title"]) == ("J20.9", "Острый бронхит неуточненный")
    assert clinic.ask("GET", "/icd10", params={"q": "фывапролдж"})["candidates"] == []


def test_codes_are_found_by_their_beginning_from_either_keyboard(clinic: Clinic) -> None:
    for typed in ("J20", "j20", " J 20 ", "J20."):
        codes = [each["icd10"] for each in clinic.ask("GET", "/icd10", params={"q": typed})["candidates"]]
        assert codes[-1] == "J20.9", typed
        assert all(code.startswith("J20") for code in codes)
    # Cyrillic letters that look like Latin ones.
    assert clinic.ask("GET", "/icd10", params={"q": "І10"})["candidates"][0]["icd10"] == "I10"
    assert clinic.ask("GET", "/icd10", params={"q": "К29"})["candidates"][0]["icd10"] == "K29"
    assert [each["icd10"] for each in clinic.ask("GET", "/icd10", params={"q": "J209"})["candidates"]] == ["J20.9"]
    # Of burns and poisonings there are more.
    assert len(clinic.ask("GET", "/icd10", params={"q": "T3"})["candidates"]) == 50
    assert clinic.ask("GET", "/icd10", params={"q": "Ж99"})["candidates"] == []
    falls = clinic.ask("GET", "/icd10", params={"q": "W0"})["candidates"]
    assert [each["icd10"] for each in falls] == [f"W0{number}" for number in range(10)]
    assert all(each["title"] for each in falls)


def test_a_search_for_nothing_is_refused(clinic: Clinic) -> None:
    clinic.refused("invalid", 422, "GET", "/icd10")
    clinic.refused("invalid", 422, "GET", "/icd10", params={"q": ""})
    clinic.refused("invalid", 422, "GET", "/icd10", params={"q": "а" * 301})


def test_reasons_in_the_clients_language(clinic: Clinic) -> None:
    assert clinic.ask("GET", "/reasons")["no-dose"] == "доза не названа"
    assert clinic.ask("GET", "/reasons", headers={"accept-language": "kk"})["no-dose"] == "доза аталмады"
    assert clinic.ask("GET", "/reasons?language=en")["no-dose"] == "no dose was given"
    clinic.refused("invalid", 422, "GET", "/reasons?language=de")


def test_an_iin_is_read(clinic: Clinic) -> None:
    right = clinic.ask("POST", "/iin", {"iin": " 800517300127 "})
    wrong = clinic.ask("POST", "/iin", {"iin": "800517300128"})
    assert right == {"valid": True, "birth_date": "1980-05-17", "sex": "male"}
    assert wrong == {"valid": False, "birth_date": None, "sex": None}
    error = clinic.refused("invalid", 422, "POST", "/iin", {"iin": "8" * 41})
    assert "888" not in str(error)
