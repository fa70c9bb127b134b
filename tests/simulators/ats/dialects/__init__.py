"""One file for each vendor; a name that begins with an underscore is a part of another."""
