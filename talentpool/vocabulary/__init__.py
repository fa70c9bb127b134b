"""Words that the whole product knows: skills, languages, towns.

Plain lists beside the code, made by build.py from ESCO, CLDR and GeoNames and, for modern skills, by hand; each is read
once a process, when it is first asked for.
"""
