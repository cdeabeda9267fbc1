"""What the program knows: ICD-10, what reason codes mean, how an ИИН reads."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from dictation.clinical.icd10 import coder
from dictation.clinical.icd10_table import codes_beginning, english_title, recorded
from dictation.forms import iin
from dictation.forms.codes import to_latin
from dictation.forms.reasons import texts
from dictation.workstation.access import Unlocked, unlocked
from dictation.workstation.api.answers import PROBLEMS, Code, CodeList, IinRead
from dictation.workstation.api.strict import StrictRoute

router = APIRouter(tags=["reference"], responses=PROBLEMS, route_class=StrictRoute)

MOST = 50

_CODE = re.compile(r"[A-Z]\d{1,2}|[A-Z]\d\d\.?\d{0,2}")


class Number(BaseModel):
    """An ИИН, which no address may hold."""

    model_config = ConfigDict(extra="forbid")

    iin: str = Field(max_length=40)


@router.get("/icd10")
def find_codes(q: Annotated[str, Query(min_length=1, max_length=300)], caller: Unlocked) -> CodeList:
    """ICD-10 codes by words of a diagnosis, or by the beginning of a code, whichever keyboard it was typed on. A code
    of which no Russian title is known has that of the WHO, in English."""
    words = coder(caller.house.setups.language)
    beginning = to_latin(q)
    if _CODE.fullmatch(beginning):
        codes = codes_beginning(beginning) or codes_beginning(_with_point(beginning))
        return CodeList(
            candidates=[
                Code(icd10=code, title=words.title(code) or english_title(code), score=1.0) for code in codes[:MOST]
            ]
        )
    best: dict[str, Code] = {}
    for each in words.candidates(q):
        code = recorded(each.icd10)
        title = words.title(code) if code != each.icd10 else each.title
        best.setdefault(code, Code(icd10=code, title=title or each.title, score=round(each.score, 4)))
    return CodeList(candidates=list(best.values()))


@router.get("/reasons")
def get_reasons(caller: Unlocked, language: Literal["ru", "kk", "en"] | None = None) -> dict[str, str]:
    """What each reason code says to people, in the client's language unless another is asked for."""
    return {code.value: text for code, text in texts(language or caller.language).items()}


@router.post("/iin", dependencies=[Depends(unlocked)])
def read_iin(body: Number) -> IinRead:
    """Whether the check digit is right, and the birth date and sex that the digits say. A holder may have others."""
    number = body.iin.strip()
    if not iin.is_valid(number):
        return IinRead(valid=False)
    said = iin.read(number)
    return IinRead.model_validate({"valid": True, "birth_date": said.birth_date, "sex": said.sex})


def _with_point(code: str) -> str:
    """ "J189" as it is written."""
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 else code
