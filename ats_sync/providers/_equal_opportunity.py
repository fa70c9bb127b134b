"""By what words questions on equal opportunity are known, whose answers stay there unless an organisation wants them.

No list of words finds them all. Where an ATS mixes them with other questions, an answer is only taken when somebody
said which of our fields the question is, and then only if the question has none of these words.
"""

import re

EEO = re.compile(
    r"eeoc?|gender|ethnic|\brace\b|^race|racial|veteran|military|disabilit|disabled|handicap|religio|sexual|\bsex\b|orientation"
    r"|transgender|lgbt|nationality|national origin|pronoun|hispanic|latin[oax]\b|indigenous|pregnan|marital"
    r"|self.?identif|equal.?opportunit|diversity|demographic",
    re.IGNORECASE,
)
