"""
Publication: what is public, where, by when (公示).

`values` holds channels, exemptions and kinds of documents, `schedule` the due
dates of a whole year and what became of them, `records` what the public reads
under a subject, `documents` plans, lists, announcements and draw records.
"""

from dsgk.publication.documents import Publication, check_publications
from dsgk.publication.records import (
    PublicRecord,
    PublicRecords,
    PublicResult,
    public_records,
)
from dsgk.publication.schedule import (
    PublicationSchedule,
    PublicationState,
    publish_by,
    schedule_publication,
)
from dsgk.publication.values import (
    Channel,
    Exemption,
    ExemptionReason,
    PublicationKind,
    exempt,
)


__all__ = [
    "Channel",
    "Exemption",
    "ExemptionReason",
    "PublicRecord",
    "PublicRecords",
    "PublicResult",
    "Publication",
    "PublicationKind",
    "PublicationSchedule",
    "PublicationState",
    "check_publications",
    "exempt",
    "public_records",
    "publish_by",
    "schedule_publication",
]
