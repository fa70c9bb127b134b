"""Who is the same person: keys and names made comparable, what forbids a match, matching in bulk, and the one view of
a person that is made of many profiles."""
