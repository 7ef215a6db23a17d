//! Sign-in methods in Graph's JSON, read into our words.

use serde_json::Value;

use crate::domain::methods::{Method, MethodSort, PassRule};

/// Graph's collections, by our names. The password has one too, and nothing is deleted there.
const SEGMENTS: &[(MethodSort, &str)] = &[
    (MethodSort::Email, "emailMethods"),
    (MethodSort::Fido2, "fido2Methods"),
    (MethodSort::Authenticator, "microsoftAuthenticatorMethods"),
    (MethodSort::Phone, "phoneMethods"),
    (MethodSort::SoftwareOath, "softwareOathMethods"),
    (MethodSort::TemporaryAccessPass, "temporaryAccessPassMethods"),
    (MethodSort::WindowsHello, "windowsHelloForBusinessMethods"),
    (MethodSort::PlatformCredential, "platformCredentialMethods"),
    (MethodSort::External, "externalAuthenticationMethods"),
];

/// The collection in which methods of this type are deleted.
pub(crate) fn segment(sort: MethodSort) -> Option<&'static str> {
    SEGMENTS.iter().find(|(known, _)| *known == sort).map(|(_, segment)| *segment)
}

/// The type of a method; `None` for one that v1.0 does not have.
pub(crate) fn sort(item: &Value) -> Option<MethodSort> {
    let kind = item["@odata.type"].as_str()?.strip_prefix("#microsoft.graph.")?;
    Some(match kind {
        "emailAuthenticationMethod" => MethodSort::Email,
        "fido2AuthenticationMethod" => MethodSort::Fido2,
        "microsoftAuthenticatorAuthenticationMethod" => MethodSort::Authenticator,
        "phoneAuthenticationMethod" => MethodSort::Phone,
        "passwordAuthenticationMethod" => MethodSort::Password,
        "softwareOathAuthenticationMethod" => MethodSort::SoftwareOath,
        "temporaryAccessPassAuthenticationMethod" => MethodSort::TemporaryAccessPass,
        "windowsHelloForBusinessAuthenticationMethod" => MethodSort::WindowsHello,
        "platformCredentialAuthenticationMethod" => MethodSort::PlatformCredential,
        "externalAuthenticationMethod" => MethodSort::External,
        _ => return None,
    })
}

/// One registered method. Numbers and addresses are masked: a card is read by more
/// people than the one they belong to.
pub(crate) fn method(item: &Value) -> Option<Method> {
    let sort = sort(item)?;
    let text = |name: &str| item[name].as_str().unwrap_or_default();
    let detail = match sort {
        MethodSort::Phone => masked_number(text("phoneNumber")),
        MethodSort::Email => masked_address(text("emailAddress")),
        _ => text("displayName").to_owned(),
    };
    Some(Method {
        id: item["id"].as_str()?.to_owned(),
        sort,
        detail,
        alternate: text("phoneType") == "alternateMobile",
        since: text("createdDateTime").parse().ok(),
        usable: item["isUsable"].as_bool().unwrap_or(false),
    })
}

/// The last two digits.
fn masked_number(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let last: String = digits.iter().skip(digits.len().saturating_sub(2)).collect();
    if last.is_empty() { String::new() } else { format!("•••{last}") }
}

/// The first letter and the domain.
fn masked_address(address: &str) -> String {
    match address.split_once('@') {
        Some((name, domain)) => {
            let first: String = name.chars().take(1).collect();
            format!("{first}•••@{domain}")
        }
        None => String::new(),
    }
}

/// The tenant's rule for passes.
pub(crate) fn pass_rule(body: &Value) -> PassRule {
    let number = |name: &str, otherwise: u32| {
        body[name].as_u64().and_then(|number| u32::try_from(number).ok()).unwrap_or(otherwise)
    };
    PassRule {
        enabled: body["state"] == "enabled",
        only_once: body["isUsableOnce"].as_bool().unwrap_or(false),
        // Microsoft's own numbers, where the answer has none
        // (learn.microsoft.com/entra, "Configure Temporary Access Pass").
        minutes_min: number("minimumLifetimeInMinutes", 60),
        minutes_max: number("maximumLifetimeInMinutes", 480),
        minutes: number("defaultLifetimeInMinutes", 60),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_method_says_enough_to_tell_it_apart_and_no_more() {
        let phone = json!({
            "@odata.type": "#microsoft.graph.phoneAuthenticationMethod", "id": "1",
            "phoneNumber": "+44 2079460211", "phoneType": "alternateMobile",
        });
        let phone = method(&phone).unwrap();
        assert_eq!((phone.sort, phone.detail.as_str()), (MethodSort::Phone, "•••11"));
        assert!(phone.alternate);
        let mail = json!({
            "@odata.type": "#microsoft.graph.emailAuthenticationMethod", "id": "2",
            "emailAddress": "john.doe@fabrikam.com",
        });
        assert_eq!(method(&mail).unwrap().detail, "j•••@fabrikam.com");
        let strange = json!({ "@odata.type": "#microsoft.graph.telepathyMethod", "id": "3" });
        assert_eq!(method(&strange), None);
    }

    #[test]
    fn every_type_but_the_password_has_a_place_to_be_deleted() {
        for (sort, _) in SEGMENTS {
            assert!(segment(*sort).is_some());
        }
        assert_eq!(segment(MethodSort::Password), None);
    }
}
