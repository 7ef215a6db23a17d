//! Actions that the rules name to ask more of them are there: one that is misspelt would ask
//! nothing of anybody.

use anyhow::ensure;

use crate::{actions, config::Policy};

/// What is named and is not there, with its key.
pub fn check(policy: &Policy) -> anyhow::Result<()> {
    let lists =
        [("step_up.actions", &policy.step_up.actions), ("caller_check", &policy.caller_check)];
    for (key, ids) in lists {
        for id in ids {
            ensure!(
                actions::entry(id).is_some(),
                "policy.{key}: there is no action `{id}`; docs/actions.md names them all"
            );
        }
    }
    if let Some(context) = &policy.step_up.context {
        let number = context.strip_prefix('c').and_then(|rest| rest.parse::<u8>().ok());
        ensure!(
            number.is_some_and(|number| (1..=99).contains(&number)),
            "policy.step_up.context is an authentication context of Conditional Access: c1 to c99"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::StepUp;

    #[test]
    fn a_misspelt_action_or_context_is_an_error_that_names_its_key() {
        let said = |policy: Policy| check(&policy).unwrap_err().to_string();
        let one = || vec!["reset_mfaa".to_owned()];
        let step_up = |step_up| Policy { step_up, ..Policy::default() };
        let wrong = said(step_up(StepUp { actions: one(), ..StepUp::default() }));
        assert!(wrong.starts_with("policy.step_up.actions"), "{wrong}");
        let wrong = said(Policy { caller_check: one(), ..Policy::default() });
        assert!(wrong.starts_with("policy.caller_check"), "{wrong}");
        for context in ["c0", "c100", "1", "C1", "mfa"] {
            let context = Some(context.to_owned());
            let wrong = said(step_up(StepUp { context, ..StepUp::default() }));
            assert!(wrong.starts_with("policy.step_up.context"), "{wrong}");
        }
        check(&Policy::default()).unwrap();
    }
}
