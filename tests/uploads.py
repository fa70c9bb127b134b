"""Uploads that tell on whoever reads too much of them at once."""

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler

MOST_AT_ONCE = 4 << 20


class WatchedUpload(TemporaryUploadedFile):
    """On disk as every large upload is; reading it as a whole, or more of it than a piece, is an error."""

    def read(self, size: int = -1) -> bytes:
        assert 0 < size <= MOST_AT_ONCE, f"{size} bytes of an upload were read at once"
        return self.file.read(size)


class WatchedUploads(TemporaryFileUploadHandler):
    def new_file(self, *args: object, **options: object) -> None:
        FileUploadHandler.new_file(self, *args, **options)
        self.file = WatchedUpload(self.file_name, self.content_type, 0, self.charset, self.content_type_extra)
