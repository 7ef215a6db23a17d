//! Whether it is really the person who asks for a reset: their manager says so before anybody
//! approves it, or they read out a number. There is no way round it.

use crate::{
    config::{CallerCheckBy, Expression, Source},
    domain::{decision::Rule, plan::Note, request::Verdict, trouble::Reason},
    policy::{Parties, Rules, quorum},
};

/// How it is made sure that it is really the subject, before these actions as they were asked
/// for; nothing where that is not asked.
pub fn caller_check<'a>(
    mut asked: impl Iterator<Item = &'a str>,
    rules: &Rules,
) -> Option<CallerCheckBy> {
    asked.any(|action| rules.caller_check.contains(action)).then_some(rules.caller_check_by)
}

/// The verdict with the manager of each subject in front of whoever signs otherwise.
pub fn after_caller_check(
    verdict: Verdict,
    parties: Parties<'_>,
    rules: &Rules,
) -> Result<Verdict, Reason> {
    let managers = [Expression::Signatures(1, Source::SubjectManager)];
    let first = quorum::draft(&managers, &[], parties, rules)?.stages;
    let quorum = verdict.rule.after(first);
    let why = Note::new("quorum", &[("rule", &quorum.to_string())]);
    Ok(Verdict { rule: Rule::Quorum(quorum), why, ..verdict })
}
