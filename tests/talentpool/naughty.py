"""Strings that break programs: empty in disguise, in every direction and script, as markup, as SQL, as templates, as formulas."""

NAUGHTY = [
    "undefined",
    "   ",
    "\u200b\u200b",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7|add:7 }}{% csrf_token %}",
    "'; DROP TABLE talentpool_candidate; --",
    "%s %(name)s %d %%",
    "=cmd|'/C calc'!A0",
    "Robert\x00Tables",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "社會科學院語學研究所",
    "مُنَاقَشَةُ سُبُلِ اِسْتِخْدَامِ اللُّغَةِ",
    "\u202etest\u202d",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
    "﷽" * 60,
    "x" * 10_001,
    "../../../../etc/passwd",
    "-1e309 NaN Infinity 0x7fffffffffffffffffff",
    "line\r\nbreak\x0bvertical\x85next",
]
