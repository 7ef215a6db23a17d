//! Which tenant is meant?

use crate::domain::{
    message::QuestionView,
    proposal::WHICH_TENANT,
    samples::others::question,
    trouble::{Ask, Choice},
};

/// Of two.
pub fn which() -> QuestionView {
    let choice = |value: &str, label: &str| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        detail: String::new(),
    };
    let choices = vec![
        choice("11111111-2222-4333-8444-000000000001", "Contoso"),
        choice("11111111-2222-4333-8444-000000000002", "Fabrikam"),
    ];
    let action = WHICH_TENANT.to_owned();
    QuestionView { action, ..question(Ask::WhichTenant, None, choices) }
}
