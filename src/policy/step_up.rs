//! Which plans take a fresh sign-in of whoever signs them, and which sign-ins count.

use jiff::Timestamp;

use crate::{
    domain::{
        sign_in::{FRESH, LEEWAY, SignedIn, StepUp},
        trouble::Reason,
    },
    policy::{Rules, Wanted},
};

/// What `amr` says of a second factor.
const SECOND_FACTOR: &str = "mfa";

/// Does a plan of these actions take a fresh sign-in?
pub fn step_up(wanted: &[Wanted], rules: &Rules) -> bool {
    let set = &rules.step_up;
    wanted.iter().any(|one| {
        set.groups.contains(&one.area)
            || set.actions.iter().any(|id| id == one.action)
            || set.from_risk.is_some_and(|least| one.risk >= least)
    })
}

/// Does this sign-in count for a signature, at this instant?
pub fn proves(signed: &SignedIn, rules: &Rules, now: Timestamp) -> Result<StepUp, Reason> {
    let weak = |why: &str| Reason::SignInWeak { why: why.to_owned() };
    let by = match &rules.step_up.context {
        Some(context) if signed.contexts.contains(context) => context.clone(),
        None if signed.methods.iter().any(|method| method == SECOND_FACTOR) => {
            SECOND_FACTOR.to_owned()
        }
        _ => return Err(weak("=step_up_factor")),
    };
    let at = signed.at.ok_or_else(|| weak("=step_up_undated"))?;
    if at > now + LEEWAY || now.duration_since(at) > FRESH {
        return Err(weak("=step_up_old"));
    }
    Ok(StepUp { at, by })
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use uuid::Uuid;

    use super::*;
    use crate::{
        config::{self, Policy},
        domain::{
            area::{Area, Care, Risk},
            ids::TenantId,
        },
    };

    fn tenant() -> TenantId {
        TenantId::from(Uuid::from_u128(1))
    }

    fn rules(step_up: config::StepUp) -> Rules {
        Rules::read(&Policy { step_up, ..Policy::default() }, &tenant()).unwrap()
    }

    fn now() -> Timestamp {
        "2026-11-20T12:00:00Z".parse().unwrap()
    }

    fn signed(seconds_ago: i64, methods: &[&str], contexts: &[&str]) -> SignedIn {
        let all = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect();
        SignedIn {
            user: tenant().object(Uuid::from_u128(2)),
            at: Some(now() - SignedDuration::from_secs(seconds_ago)),
            methods: all(methods),
            contexts: all(contexts),
        }
    }

    #[test]
    fn a_plan_is_marked_by_its_group_its_action_or_its_risk() {
        let one = Wanted {
            action: "reset_mfa",
            care: Care::Usual,
            area: Area::PasswordsAndSecurity,
            risk: Risk::Write,
            at_least: 0,
        };
        let by = |step_up| step_up_of(&[one], step_up);
        assert!(!by(config::StepUp::default()));
        let groups = vec![Area::PasswordsAndSecurity];
        assert!(by(config::StepUp { groups, ..config::StepUp::default() }));
        let actions = vec!["reset_mfa".to_owned()];
        assert!(by(config::StepUp { actions, ..config::StepUp::default() }));
        let from = |risk| config::StepUp { from_risk: Some(risk), ..config::StepUp::default() };
        assert!(by(from(Risk::Write)) && !by(from(Risk::Destructive)));
    }

    fn step_up_of(wanted: &[Wanted], set: config::StepUp) -> bool {
        step_up(wanted, &rules(set))
    }

    #[test]
    fn only_a_fresh_sign_in_with_a_second_factor_counts() {
        let plain = rules(config::StepUp::default());
        let context = Some("c1".to_owned());
        let context = rules(config::StepUp { context, ..config::StepUp::default() });
        let why = |signed: &SignedIn, rules: &Rules| match proves(signed, rules, now()) {
            Ok(step_up) => step_up.by,
            Err(Reason::SignInWeak { why }) => why,
            Err(other) => panic!("{other}"),
        };
        assert_eq!(why(&signed(300, &["pwd", "mfa"], &[]), &plain), "mfa");
        assert_eq!(why(&signed(301, &["pwd", "mfa"], &[]), &plain), "=step_up_old");
        assert_eq!(why(&signed(-61, &["mfa"], &[]), &plain), "=step_up_old", "in the future");
        assert_eq!(why(&signed(1, &["pwd"], &["c1"]), &plain), "=step_up_factor");
        assert_eq!(why(&signed(1, &["pwd"], &["c1"]), &context), "c1");
        assert_eq!(why(&signed(1, &["mfa"], &["c2"]), &context), "=step_up_factor");
        let undated = SignedIn { at: None, ..signed(1, &["mfa"], &[]) };
        assert_eq!(why(&undated, &plain), "=step_up_undated");
    }
}
