"""How translation models call languages: each family has its own codes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from core.language.names import LANGUAGES, code_of

_FLORES = (
    "af:afr_Latn ar:arb_Arab be:bel_Cyrl bg:bul_Cyrl bn:ben_Beng ca:cat_Latn cs:ces_Latn cy:cym_Latn "
    "da:dan_Latn de:deu_Latn el:ell_Grek en:eng_Latn es:spa_Latn et:est_Latn eu:eus_Latn fa:pes_Arab "
    "fi:fin_Latn fr:fra_Latn ga:gle_Latn gu:guj_Gujr he:heb_Hebr hi:hin_Deva hr:hrv_Latn hu:hun_Latn "
    "hy:hye_Armn id:ind_Latn is:isl_Latn it:ita_Latn ja:jpn_Jpan ka:kat_Geor ko:kor_Hang lt:lit_Latn "
    "lv:lvs_Latn mk:mkd_Cyrl ms:zsm_Latn nl:nld_Latn no:nob_Latn pl:pol_Latn pt:por_Latn ro:ron_Latn "
    "ru:rus_Cyrl sk:slk_Latn sl:slv_Latn sq:als_Latn sr:srp_Cyrl sv:swe_Latn sw:swh_Latn ta:tam_Taml "
    "te:tel_Telu th:tha_Thai tr:tur_Latn uk:ukr_Cyrl ur:urd_Arab vi:vie_Latn zh:zho_Hans"
)

FLORES = dict(pair.split(":") for pair in _FLORES.split())
"""Codes of the FLORES data set, which NLLB uses, by ISO 639-1 code."""

_THREE = {code[:3]: iso for iso, code in FLORES.items()} | {"ara": "ar", "fas": "fa", "lav": "lv", "nor": "no"}
_THREE |= {"cmn": "zh", "msa": "ms", "swa": "sw", "sqi": "sq"}
_COUNTRY = re.compile(r"([a-z]{2})_[A-Z]{2}")


def iso_of(code: str) -> str | None:
    """Return the ISO 639-1 code for a code of two or three letters, also with script or country; None if unknown."""
    short = re.split(r"[-_]", code.strip(), maxsplit=1)[0].lower()
    return short if short in LANGUAGES else _THREE.get(short) or code_of(code)


def flores(tokens: Iterable[str]) -> dict[str, str]:
    """Return the tokens that are FLORES codes, by ISO 639-1 code."""
    known = set(tokens)
    return {iso: code for iso, code in FLORES.items() if code in known}


def countries(tokens: Iterable[str]) -> dict[str, str]:
    """Return the tokens that are codes of language and country, such as mBART's "de_DE", by ISO 639-1 code."""
    found = {match[1]: token for token in sorted(tokens) if (match := _COUNTRY.fullmatch(token))}
    return {iso: token for iso, token in found.items() if iso in LANGUAGES}
