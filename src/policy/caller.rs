//! Whether it is really the person who asks for a reset: their manager says so before anybody
//! approves it. Nobody else can, and there is no way round it.

use crate::{
    config::{Expression, Source},
    domain::{decision::Rule, plan::Note, request::Verdict, trouble::Reason},
    policy::{Parties, Rules, quorum},
};

/// Do these actions, as they were asked for, take the word of the subject's manager?
pub fn checks_caller<'a>(mut asked: impl Iterator<Item = &'a str>, rules: &Rules) -> bool {
    asked.any(|action| rules.caller_check.contains(action))
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
