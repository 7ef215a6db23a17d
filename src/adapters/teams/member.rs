//! Who somebody is, as the connector's member list says. Whatever is missing or
//! does not fit bars them.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    domain::chat::ChatUser,
    ports::chat::{Barred, ChatIdentity, ChatPerson, Company},
};

/// `GET …/members/{id}`. Both spellings of the object id occur.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Member {
    name: Option<String>,
    aad_object_id: Option<String>,
    object_id: Option<String>,
    user_principal_name: Option<String>,
    tenant_id: Option<String>,
    user_role: Option<String>,
}

/// Reads an answer.
pub fn read(said: &Value, who: &ChatUser) -> ChatPerson {
    let member = Member::deserialize(said).unwrap_or_default();
    let Some(object) =
        member.aad_object_id.as_ref().or(member.object_id.as_ref()).map(|id| id.to_lowercase())
    else {
        return missing(who);
    };
    // Mentions name people by their address alone; everybody else by object id.
    let named = who.address.as_deref() != Some(&who.id);
    let barred = if named && object != who.id.to_lowercase() {
        Some(Barred::Unknown)
    } else {
        barred(&member, who)
    };
    let upn = member.user_principal_name.and_then(|name| name.parse().ok());
    let tenant = member.tenant_id.unwrap_or_else(|| who.realm.clone()).to_lowercase();
    ChatPerson {
        name: member.name.unwrap_or_default(),
        identity: ChatIdentity::Entra { tenant, object, upn },
        barred,
    }
}

/// Somebody the service does not know there.
pub fn missing(who: &ChatUser) -> ChatPerson {
    let identity =
        ChatIdentity::Entra { tenant: who.realm.clone(), object: who.id.to_lowercase(), upn: None };
    ChatPerson { name: String::new(), identity, barred: Some(Barred::Unknown) }
}

/// The company with this member in it: the worst counts.
pub fn with(company: Company, said: &Value, realm: &str) -> Company {
    let id = said["aadObjectId"].as_str().or(said["objectId"].as_str()).unwrap_or_default();
    let who = ChatUser {
        platform: crate::domain::chat::Platform::Teams,
        realm: realm.to_owned(),
        id: id.to_owned(),
        address: said["id"].as_str().map(str::to_owned),
    };
    match (company, read(said, &who).barred) {
        (Company::Others, _) | (_, Some(Barred::Foreign | Barred::Unknown)) => Company::Others,
        (Company::Guests, _) | (_, Some(Barred::Guest)) => Company::Guests,
        _ => Company::Ours,
    }
}

fn barred(member: &Member, who: &ChatUser) -> Option<Barred> {
    if who.address.as_deref().is_some_and(|address| address.starts_with("28:")) {
        return Some(Barred::Bot);
    }
    match member.tenant_id.as_deref() {
        Some(tenant) if !tenant.eq_ignore_ascii_case(&who.realm) => return Some(Barred::Foreign),
        None => return Some(Barred::Unknown),
        _ => {}
    }
    if member
        .user_principal_name
        .as_deref()
        .is_some_and(|name| name.to_lowercase().contains("#ext#"))
    {
        return Some(Barred::Guest);
    }
    match member.user_role.as_deref().map(str::to_lowercase).as_deref() {
        Some("user" | "member" | "owner" | "admin") => None,
        Some("guest") => Some(Barred::Guest),
        _ => Some(Barred::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::chat::Platform;

    #[test]
    fn only_a_full_member_of_the_same_tenant_is_not_barred() {
        let who = ChatUser {
            platform: Platform::Teams,
            realm: "contoso".into(),
            id: "object".into(),
            address: Some("29:ada".into()),
        };
        let good = json!({"objectId": "OBJECT", "tenantId": "Contoso", "userRole": "user", "userPrincipalName": "ada@contoso.com"});
        assert_eq!(read(&good, &who).barred, None);
        let with = |member: &str, value: Value| {
            let mut said = good.clone();
            said[member] = value;
            read(&said, &who).barred
        };
        assert_eq!(with("userRole", json!("guest")), Some(Barred::Guest));
        assert_eq!(with("userRole", json!("anonymous")), Some(Barred::Unknown));
        assert_eq!(with("userRole", Value::Null), Some(Barred::Unknown));
        assert_eq!(with("tenantId", json!("fabrikam")), Some(Barred::Foreign));
        assert_eq!(with("tenantId", Value::Null), Some(Barred::Unknown));
        assert_eq!(with("objectId", json!("other")), Some(Barred::Unknown));
        assert_eq!(with("objectId", Value::Null), Some(Barred::Unknown));
        assert_eq!(with("userPrincipalName", json!("ada_x#EXT#@contoso.com")), Some(Barred::Guest));
        let bot = ChatUser { address: Some("28:bot".into()), ..who.clone() };
        assert_eq!(read(&good, &bot).barred, Some(Barred::Bot));
    }
}
