//! The rules as they work together, in a table.
//!
//! Not here: who is in a group of the directory.

use std::fmt::Write;

use crate::{
    config::{Access, Approval, CallerCheckBy, MassLimits, StepUp},
    domain::area::{Area, Risk},
    policy::{Principal, Rules},
};

/// Every permission group, then the sets and what holds everywhere.
pub fn table(rules: &Rules) -> String {
    let head = ["group", "access", "who signs", "may ask", "approvers"].map(str::to_owned);
    let rows = Area::ALL.into_iter().map(|area| row(area, rules));
    let rows: Vec<[String; 5]> = std::iter::once(head).chain(rows).collect();
    let wide = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let wide: Vec<usize> = (0..5).filter_map(wide).collect();
    let mut text = String::new();
    for row in &rows {
        let cells = row.iter().zip(&wide).map(|(cell, wide)| format!("{cell:wide$}"));
        let line = cells.collect::<Vec<_>>().join("  ");
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text.push('\n');
    for (name, members) in rules.sets() {
        let _infallible = writeln!(text, "set {name}: {}", people(members));
    }
    for area in rules.switched_on() {
        let alone = &rules.area(area).emergency_by;
        if !alone.is_empty() {
            let _infallible = writeln!(text, "{area}: as an emergency alone {}", people(alone));
        }
        if let Some(longer) = &rules.area(area).escalation {
            let (after, who) = (longer.after, people(&longer.to));
            let _infallible =
                writeln!(text, "{area}: after {after:#} without a decision also {who}");
        }
    }
    if let Some(set) = &rules.automation {
        let _infallible = writeln!(
            text,
            "once somebody signs it, without a further click: what {} ask about {}, {} a day, for {} days",
            people(&set.asked_by),
            people(&set.about),
            set.per_day,
            set.days
        );
    }
    let checked: Vec<String> = rules.caller_check.iter().cloned().collect();
    let always = [
        match rules.caller_check_by {
            CallerCheckBy::Manager => {
                format!("the manager says first who it was that asked: {}", or_none(checked.join(", ")))
            }
            CallerCheckBy::Number => {
                format!("whoever calls reads out a number first: {}", or_none(checked.join(", ")))
            }
        },
        signed_in_afresh(&rules.step_up),
        format!("somebody with a privileged role: {}", rules.privileged),
        format!("a way into the account of somebody who signs here: {}", rules.signers),
        format!("untouchable: {}", people(&rules.untouchable)),
        format!(
            "unblocked: {}",
            or_none(rules.unblocked.iter().cloned().collect::<Vec<_>>().join(", "))
        ),
        "what deletes, wipes, or touches roles, Conditional Access or apps always takes a second person"
            .to_owned(),
        "requester, subject and whoever receives a password never count".to_owned(),
        limits(&rules.limits),
        format!("rules {}", rules.version),
    ];
    text.push_str(&always.join("\n"));
    text
}

/// What takes a fresh sign-in of whoever signs.
fn signed_in_afresh(set: &StepUp) -> String {
    if set.is_off() {
        return "a fresh sign-in of whoever signs: for nothing".to_owned();
    }
    let groups = set.groups.iter().map(ToString::to_string);
    let actions = set.actions.iter().cloned();
    let risk = set.from_risk.map(|risk| match risk {
        Risk::Read => "everything".to_owned(),
        Risk::Write => "what changes anything".to_owned(),
        Risk::Destructive => "what ends access or loses something".to_owned(),
    });
    let what: Vec<String> = groups.chain(actions).chain(risk).collect();
    let by = set.context.as_deref().unwrap_or("a second factor");
    format!("a fresh sign-in of whoever signs, with {by}: {}", what.join(", "))
}

fn row(area: Area, rules: &Rules) -> [String; 5] {
    let set = rules.area(area);
    let (access, on) = match set.access {
        Access::Disabled => ("off", false),
        Access::ReadOnly => ("look", true),
        Access::ReadWrite => ("look and change", true),
    };
    let dash = || "-".to_owned();
    let changes = set.access == Access::ReadWrite;
    let signs = match &set.approval {
        Approval::Confirm => "the requester alone".to_owned(),
        Approval::Refuse => "refused".to_owned(),
        rule => rule.to_string(),
    };
    [
        area.to_string(),
        access.to_owned(),
        if changes { signs } else { dash() },
        if on { people(&set.requesters) } else { dash() },
        if changes { people(&set.approvers) } else { dash() },
    ]
}

/// From where on one person more signs.
fn limits(limits: &MassLimits) -> String {
    let said = [
        limits.people_per_hour.map(|most| format!("{most} people an hour")),
        limits.people_per_hour_each.map(|most| format!("{most} people an hour of one requester")),
        limits.percent_of_users.map(|most| format!("{most} % of all users in one request")),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    format!(
        "one person more signs above: {}",
        if said.is_empty() { "no limit".to_owned() } else { said.join(", ") }
    )
}

fn people(all: &[Principal]) -> String {
    or_none(all.iter().map(Principal::written).collect::<Vec<_>>().join(", "))
}

fn or_none(said: String) -> String {
    if said.is_empty() { "nobody".to_owned() } else { said }
}
