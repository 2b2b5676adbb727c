//! Rows of the security checklist that touch what exists, named after the row.

mod application_id;
mod cache_control;
mod code_purpose;
mod config_drift;
mod error_detail_leak;
mod host_header;
mod injection;
mod missing_claims;
mod one_time_replay;
mod open_redirect;
mod parser_limits;
mod path_parsing;
mod skipped_checks_on_renewal;
mod token_malleability;
mod token_substitution;
