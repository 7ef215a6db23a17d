//! Whether what is missing was never asked for, never consented to, or only not in the token yet.

use crate::{
    adapters::graph::{app_roles::Right, own::OwnApp},
    cli::grants::links::Links,
};

/// Why a permission is not in the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The registration does not ask for it.
    NotDeclared,
    /// It asks, and nobody has consented.
    NotConsented,
    /// It was granted; the token is older.
    NotInToken,
    /// An Entra role that the service principal does not hold.
    NotAssigned,
    /// The app may not read its own registration.
    Unknown,
}

/// Why this entry of a permission list is missing.
pub fn of(entry: &str, own: &OwnApp) -> Cause {
    let right = Right::read(entry);
    if matches!(right, Right::Role(_)) {
        return Cause::NotAssigned;
    }
    let Some(id) = right.id() else { return Cause::Unknown };
    if own.granted.as_ref().is_some_and(|granted| granted.contains(&id)) {
        return Cause::NotInToken;
    }
    match &own.declared {
        Some(declared) if declared.contains(&id) => Cause::NotConsented,
        Some(_) => Cause::NotDeclared,
        None => Cause::Unknown,
    }
}

/// What to do about it.
pub fn mend(entry: &str, cause: Cause, links: &Links) -> String {
    let right = Right::read(entry);
    let service = match right {
        Right::Permission(service, _) => service.name(),
        Right::Role(_) => "",
    };
    let consent = links.consent();
    match cause {
        Cause::NotAssigned => {
            let role = entry.trim_start_matches("role:");
            format!(
                "Entra admin center, Roles and administrators, {role}: assign it to the app's service principal"
            )
        }
        Cause::NotDeclared | Cause::Unknown => format!(
            "add it to the app registration (API permissions, {service}, Application permissions), then an administrator opens {consent}"
        ),
        Cause::NotConsented => format!(
            "the registration asks for it and consent is missing: an administrator opens {consent}"
        ),
        Cause::NotInToken => {
            "it was granted; new tokens carry it within minutes, so look again".to_owned()
        }
    }
}
