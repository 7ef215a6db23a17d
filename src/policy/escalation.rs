//! From when on further people may sign a plan, and whether somebody is one of them.
//!
//! Whoever is named further counts as anybody whom the rule names: in each of its sets, and
//! as a manager. They are still one person each, and never the requester, a subject or a
//! recipient; a rule of two people stays one of two.

use jiff::{SignedDuration, Timestamp};

use crate::{
    domain::{decision::Rule, plan::Plan, trouble::Reason},
    policy::{Longer, Parties, Rules, Standing, Wanted, is_guarded, needs},
};

/// After how long further people may sign a plan of these actions, and for which permission
/// groups they have to be named. Nobody, where one of the groups names nobody, and where a
/// privileged role is touched: for those the operator said who signs, and no other.
pub fn escalation(
    wanted: &[Wanted],
    parties: Parties<'_>,
    rule: &Rule,
    rules: &Rules,
) -> Result<Option<(SignedDuration, Vec<String>)>, Reason> {
    if *rule == Rule::Confirm || is_guarded(parties) {
        return Ok(None);
    }
    let mut longest = SignedDuration::ZERO;
    let mut of: Vec<String> = Vec::new();
    for one in wanted {
        if needs(one, parties, rules)?.is_none() {
            continue;
        }
        let Some(Longer { after, .. }) = &rules.area(one.area).escalation else { return Ok(None) };
        longest = longest.max(*after);
        of.push(one.area.to_string());
    }
    of.sort();
    of.dedup();
    Ok((!of.is_empty()).then_some((longest, of)))
}

/// Is somebody among those who may sign a plan too, at this instant?
pub fn is_further(who: &Standing, plan: &Plan, at: Timestamp, rules: &Rules) -> bool {
    let Some(escalation) = plan.escalation.as_ref().filter(|it| at >= it.at) else {
        return false;
    };
    let named = |area: &String| {
        let longer = rules.named(area).and_then(|area| area.escalation.as_ref());
        longer.is_some_and(|longer| who.signs_among(&longer.to))
    };
    !escalation.of.is_empty() && escalation.of.iter().all(named)
}
