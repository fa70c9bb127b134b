"""Places where files are left for us: a folder, a directory of an SFTP server, an address. One file each.

All are distrusted: what is there, how it is called, how large it grows, and whether the other side ever ends.
"""
