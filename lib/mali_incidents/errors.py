"""The errors of the suite: one class a stage, each also the built-in a caller would expect."""


class MaliIncidentsError(Exception):
    """Anything refused; its message says what was wanted, what came, and what to do."""


class ReadError(MaliIncidentsError, ValueError):
    """A file of records that cannot be read at all (single bad values become findings instead)."""


class LocateError(MaliIncidentsError, ValueError):
    """A frame, gazetteer or table that places cannot be located with."""


class RemoteError(MaliIncidentsError, OSError):
    """Something that could not be fetched; its message says what to download by hand."""


class ReleaseError(MaliIncidentsError, ValueError):
    """A profile that says nothing usable, or a file that would let out what is withheld."""


class CountError(MaliIncidentsError, ValueError):
    """A count that was asked for in a way that has no honest answer."""


class MapError(MaliIncidentsError, ValueError):
    """A map or figure that cannot be drawn as asked."""


class PublishError(MaliIncidentsError, OSError):
    """A file that cannot be written; what stood there before still stands."""
