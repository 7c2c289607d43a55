"""
Evidence for liability and for exemption (责任追究、免责).

**Nothing here is a verdict on a person.**  The library lists, for each ground
of Art. 28 and Art. 29, the records that bear on it and what they leave open;
whether somebody is liable or exempt is for people to decide, who hear those
concerned and know what no ledger holds.  It names departments and tasks, never
an inspector as the one to blame.

`evidence` holds what is listed, `liability` the nine grounds of Art. 28, three
of them in `powers` and `referrals`, `exemption` the seven of Art. 29.
"""

from dsgk.accountability.evidence import Evidence, ReportedFact, evidence_columns
from dsgk.accountability.exemption import (
    Problem,
    beyond_technical_means,
    dealt_with_before,
    exemption_evidence,
    false_agency_report,
    no_causal_link,
    not_on_the_task,
    other_exemptions,
    prevented_by_subject,
)
from dsgk.accountability.liability import (
    liability_evidence,
    not_as_required,
    not_carried_out,
    not_published,
    other_grounds,
    procedure_violated,
    unlawful_coercion,
)
from dsgk.accountability.powers import exceeded_powers
from dsgk.accountability.referrals import not_penalised, not_sent_to_judiciary


__all__ = [
    "Evidence",
    "Problem",
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
    "procedure_violated",
    "unlawful_coercion",
]
