"""Strings as sourcers keep and paste them: what each means here, or what is said of it."""

import pytest

from talentpool.search.language import QueryError, parse, to_text

PASTED = {
    # LinkedIn
    '("software engineer" OR "software developer") AND java AND NOT (manager OR director)': '("software engineer" OR '
    '"software developer") java -(manager OR director)',
    "(“data engineer” OR “data scientist”) AND (python OR scala) NOT recruiter": '("data engineer" OR "data scientist") '
    "(python OR scala) -recruiter",
    '"registered nurse" AND (ICU OR "intensive care" OR "critical care") NOT student': '"registered nurse" '
    '(ICU OR "intensive care" OR "critical care") -student',
    '("account executive" or "sales executive") and (saas or software) not intern': '("account executive" OR '
    '"sales executive") (saas OR software) -intern',
    "(CFO OR “Chief Financial Officer” OR “Head of Finance”)": 'CFO OR "Chief Financial Officer" OR "Head of Finance"',
    'title:("product manager" OR "product owner") company:(google OR meta)': 'title:("product manager" OR '
    '"product owner") employer:(google OR meta)',
    'headline:(founder OR "co-founder") -title:intern': 'title:(founder OR "co-founder") -title:intern',
    "firstname:Maria lastname:Garcia": "name:Maria name:Garcia",
    'developer AND (c++ OR c# OR ".net") AND NOT (wordpress OR php)': 'developer (c++ OR c# OR ".net") -(wordpress OR php)',
    "(java AND (spring OR hibernate)) OR (kotlin AND android)": "java (spring OR hibernate) OR kotlin android",
    '"machine learning"AND(python OR R)NOT"data entry"': '"machine learning" (python OR R) -"data entry"',
    # Google
    'intitle:resume "forklift operator" -job -jobs': 'title:resume "forklift operator" -job -jobs',
    '("mechanical engineer" | "design engineer") (solidworks | catia)': '("mechanical engineer" OR "design engineer") '
    "(solidworks OR catia)",
    '+"project manager" +PMP -"project management office"': '"project manager" PMP -"project management office"',
    'accountant && (CPA || "chartered accountant")': 'accountant (CPA OR "chartered accountant")',
    "electrician ~journeyman": "electrician journeyman",
    # from Word, mails and notes
    "Nurse AND (“Night shift” OR nights) AND –student": 'Nurse ("Night shift" OR nights) -student',
    "«directeur financier» OR „Finanzdirektor“": '"directeur financier" OR "Finanzdirektor"',
    "java AND [python OR ruby]": "java (python OR ruby)",
    "java AND {python OR [go AND rust]}": "java (python OR go rust)",
    "（护士 OR nurse） AND ICU": "(护士 OR nurse) ICU",
    "welder\u200b AND\u00a0(TIG OR\u200bMIG)": "welder (TIG OR MIG)",
    "python, java; sql.": "python java sql",
    "python,java;sql": "python java sql",
    "• teacher\n• mathematics OR physics": "teacher mathematics OR physics",
    "chef AND AND (pastry OR OR bakery)": "chef (pastry OR bakery)",
    '(UI/UX OR "user experience") AND designer AND (figma and/or sketch)': '(UI/UX OR "user experience") designer '
    "(figma OR sketch)",
    "Paralegal And (Litigation Or Corporate) Not Assistant": "Paralegal (Litigation OR Corporate) -Assistant",
    "((((truck OR lorry)))) driver CDL*": "(truck OR lorry) driver CDL*",
    "research and development": "research and development",
    '"research and development" OR R&D': '"research and development" OR R&D',
    "NOT (sales OR marketing) AND operations": "-(sales OR marketing) operations",
    "senior OR lead engineer !manager": "senior OR lead engineer -manager",
}
REFUSED = {
    'site:linkedin.com/in ("ux designer" OR "ui designer") -inurl:dir': (
        "At character 1: “site:” says where Google should look. Here everybody in the pool is searched, so leave it out.",
        '("ux designer" OR "ui designer")',
    ),
    "(filetype:pdf OR filetype:doc) welder": (
        "At character 2: “filetype:” says where Google should look. "
        "Here everybody in the pool is searched, so leave it out.",
        "welder",
    ),
    "java NEAR/5 spring": (
        'At character 6: words near each other are written as a phrase: "data engineer"~5.',
        None,
    ),
    'developer AND (java OR "c++"': (
        "The bracket opened at character 15 is never closed.",
        'developer AND (java OR "c++")',
    ),
    "nurse AND OR midwife": ("AND at character 7 has nothing after it.", "nurse  OR midwife"),
    "OR nurse OR midwife": ("OR at character 1 has nothing before it.", " nurse OR midwife"),
    "school:Harvard nurse": ("At character 1: there is no field “school:”.", None),
}


def test_there_are_enough_of_them():
    assert len(PASTED) >= 30


@pytest.mark.parametrize("text", PASTED)
def test_a_pasted_string_means_what_its_writer_meant(text):
    assert to_text(parse(text)) == PASTED[text]
    assert parse(PASTED[text]) == parse(text)


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_understood_is_refused_with_a_repair(text):
    sentence, repair = REFUSED[text]
    with pytest.raises(QueryError) as refused:
        parse(text)
    assert refused.value.message.startswith(sentence)
    if repair is not None:
        assert refused.value.repair == repair
