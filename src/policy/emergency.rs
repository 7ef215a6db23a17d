//! Who may sign alone as an emergency, and which plans. Never whoever asked, whom it is
//! about or who receives its secret; nobody in another's place; and not where a privileged
//! role is touched, since for those the operator said who signs, and no other.

use crate::{
    domain::{decision::Rule, plan::Plan, trouble::Reason, users::User},
    policy::{Parties, Rules, Standing, Wanted, is_guarded, needs, not_concerned},
};

/// The permission groups for which somebody has to be named to sign a plan of these actions
/// alone; none where nobody could be.
pub fn emergency(
    wanted: &[Wanted],
    parties: Parties<'_>,
    rule: &Rule,
    rules: &Rules,
) -> Result<Vec<String>, Reason> {
    if *rule == Rule::Confirm || is_guarded(parties) {
        return Ok(Vec::new());
    }
    let mut of = Vec::new();
    for one in wanted {
        if needs(one, parties, rules)?.is_none() {
            continue;
        }
        if rules.area(one.area).emergency_by.is_empty() {
            return Ok(Vec::new());
        }
        of.push(one.area.to_string());
    }
    of.sort();
    of.dedup();
    Ok(of)
}

/// May this person sign this plan alone?
pub fn may_sign_alone(
    who: &Standing,
    requester: Option<&User>,
    subjects: &[User],
    plan: &Plan,
    rules: &Rules,
) -> Result<(), Reason> {
    let user = &who.user;
    if !user.enabled || user.guest {
        return Err(Reason::NotLinked);
    }
    not_concerned(user, requester, subjects, plan)?;
    let named =
        |area: &String| rules.named(area).is_some_and(|area| who.is_among(&area.emergency_by));
    if plan.rule != Rule::Confirm && !plan.emergency.is_empty() && plan.emergency.iter().all(named)
    {
        Ok(())
    } else {
        Err(Reason::NotAmong { rule: "those who are named for emergencies".to_owned() })
    }
}
