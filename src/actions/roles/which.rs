//! Finding the role that is meant.

use crate::{
    actions::Asked,
    domain::{
        ids::kind,
        trouble::{Ask, Choice, Question, Reason, Result, Trouble},
        users::Role,
    },
    ports::world::World,
};

/// Choices shown at most.
const CHOICES_MAX: usize = 10;

/// The role of this name or id; a question when part of a name fits several.
pub(super) async fn role(look: &dyn World, asked: &Asked, said: &str) -> Result<Role> {
    let all = look.roles_there_are(&asked.tenant).await?;
    let said = said.trim();
    if let Some(id) = crate::actions::look::object_id::<kind::Role>(asked, said) {
        return all.into_iter().find(|role| role.id == id).ok_or_else(|| nobody(said));
    }
    let plain = simple(said);
    if let Some(exact) = all.iter().find(|role| simple(&role.name) == plain) {
        return Ok(exact.clone());
    }
    let mut near: Vec<&Role> = all
        .iter()
        .filter(|role| !plain.is_empty() && simple(&role.name).contains(&plain))
        .collect();
    match near.as_slice() {
        [] => Err(nobody(said)),
        [one] => Ok((*one).clone()),
        _ => {
            near.sort_by_key(|role| role.name.to_lowercase());
            let choice = |role: &&Role| Choice {
                value: role.name.clone(),
                label: role.name.clone(),
                detail: String::new(),
            };
            Err(Trouble::Unclear {
                argument: "role".to_owned(),
                question: Question {
                    ask: Ask::WhichOne,
                    said: Some(said.chars().take(80).collect()),
                    choices: near.iter().take(CHOICES_MAX).map(choice).collect(),
                },
            })
        }
    }
}

fn nobody(said: &str) -> Trouble {
    let name = said.chars().take(80).collect();
    Reason::NoSuchRole { name }.into()
}

/// "user admin" and "User Administrators" are "user administrator".
fn simple(name: &str) -> String {
    let word = |word: &str| match word {
        "admin" | "admins" | "administrators" => "administrator".to_owned(),
        "licence" => "license".to_owned(),
        "readers" if name.to_lowercase() != "directory readers" => "reader".to_owned(),
        other => other.to_owned(),
    };
    let folded = name.to_lowercase();
    folded
        .split_whitespace()
        .filter(|it| *it != "role" && *it != "the")
        .map(word)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::simple;

    #[test]
    fn everyday_names_of_roles_are_the_official_ones() {
        assert_eq!(simple("User admin"), simple("User Administrator"));
        assert_eq!(simple("the global admin role"), simple("Global Administrator"));
        assert_eq!(simple("Licence Administrator"), simple("License Administrator"));
        assert_ne!(simple("Global Reader"), simple("Global Administrator"));
        assert_eq!(simple("Directory Readers"), "directory readers");
    }
}
