"""
Evidence for liability and for exemption (责任追究、免责).

**Nothing here is a verdict on a person.**  The library lists, for each ground
of Art. 28 and Art. 29, the records that bear on it and what they leave open.
People decide whether somebody is liable or exempt: they hear those concerned
and know what no ledger holds.  The library names departments and tasks and
blames no inspector.

`_evidence` holds what is listed, `_grounds` the nine grounds of Art. 28 and the
seven of Art. 29.
"""

from dsgk.accountability._evidence import Evidence, ReportedFact, evidence_columns
from dsgk.accountability._grounds import (
    Incident,
    beyond_technical_means,
    dealt_with_before,
    exceeded_powers,
    exemption_evidence,
    false_agency_report,
    liability_evidence,
    no_causal_link,
    not_as_required,
    not_carried_out,
    not_on_the_task,
    not_penalised,
    not_published,
    not_sent_to_judiciary,
    other_exemptions,
    other_grounds,
    prevented_by_subject,
    procedure_breached,
    unlawful_coercion,
)


__all__ = [
    "Evidence",
    "Incident",
    "ReportedFact",
    "beyond_technical_means",
    "dealt_with_before",
    "evidence_columns",
    "exceeded_powers",
    "exemption_evidence",
    "false_agency_report",
    "liability_evidence",
    "no_causal_link",
    "not_as_required",
    "not_carried_out",
    "not_on_the_task",
    "not_penalised",
    "not_published",
    "not_sent_to_judiciary",
    "other_exemptions",
    "other_grounds",
    "prevented_by_subject",
    "procedure_breached",
    "unlawful_coercion",
]
