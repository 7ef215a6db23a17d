//! Sign-in errors (`AADSTS…`) in words that say what to mend.

use serde_json::Value;

use crate::domain::{ids::TenantId, trouble::Reason};

/// The reason behind a refusal of the token endpoint, if it is a refusal: an OAuth
/// error document (RFC 6749, section 5.2) with `error_codes` as Entra ID adds them.
pub(crate) fn refusal(tenant: &TenantId, consent: Option<&str>, body: &Value) -> Option<Reason> {
    body.get("error")?.as_str()?;
    let code = body["error_codes"][0].as_u64().or_else(|| {
        let text = body["error_description"].as_str()?.strip_prefix("AADSTS")?;
        text.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    });
    let (missing, mend) = words(tenant, consent, code.unwrap_or(0));
    Some(Reason::MissingPermission { missing, mend })
}

fn words(tenant: &TenantId, consent: Option<&str>, code: u64) -> (String, String) {
    let link = consent.unwrap_or("the admin consent link of the app");
    let (missing, mend) = match code {
        65_001 => (
            format!("consent to the app in tenant {tenant}"),
            format!("an administrator of that tenant opens {link} and accepts"),
        ),
        700_016 => (
            format!("the app in tenant {tenant}: it is unknown there"),
            format!(
                "check the client id; if it is right, an administrator of that tenant opens {link}"
            ),
        ),
        7_000_229 | 7_000_112 => (
            format!("the app's service principal in tenant {tenant}: it is absent or disabled"),
            format!("an administrator of that tenant enables the app, or opens {link}"),
        ),
        7_000_215 => (
            "a valid client secret".to_owned(),
            "set the secret's value, not its id; or make a new secret for the app".to_owned(),
        ),
        7_000_222 => (
            "a client secret that has not expired".to_owned(),
            "make a new secret for the app and set its value; a certificate lasts longer"
                .to_owned(),
        ),
        700_027 | 700_030 | 700_024 => (
            "a certificate that the app registration knows, or a platform's token, that is valid now"
                .to_owned(),
            "upload the certificate's public part to the app, and check this machine's clock"
                .to_owned(),
        ),
        // Entra tells which of the three does not match (workload identity federation, errors).
        70_021 | 700_211..=700_213 => (
            "a federated credential of the app that fits this platform's token".to_owned(),
            "compare issuer, subject and audience of the app's federated credential with the token"
                .to_owned(),
        ),
        90_002 | 900_023 => (
            format!("the tenant {tenant}: Microsoft knows none of that id"),
            "check the tenant id, and that the right national cloud is set".to_owned(),
        ),
        53_003 | 53_000 | 530_035 => (
            "leave to sign in: Conditional Access blocks the app".to_owned(),
            "let the app's workload identity pass, or call from an allowed address".to_owned(),
        ),
        500_011 => (
            format!("the service itself in tenant {tenant}: it has no subscription to it"),
            "check that the tenant has the service (Exchange Online) and the right cloud is set"
                .to_owned(),
        ),
        50_020 | 50_177 => (
            format!("an account in tenant {tenant}"),
            "add the partner user to the security group of the GDAP relationship".to_owned(),
        ),
        50_076 | 50_079 => (
            "multi-factor authentication".to_owned(),
            "sign in with the service account once and complete it".to_owned(),
        ),
        700_082 => (
            "a refresh token that has not expired".to_owned(),
            "sign in with the service account again".to_owned(),
        ),
        0 => (
            "sign-in of the app".to_owned(),
            "look into the log for the whole answer of the sign-in service".to_owned(),
        ),
        other => (
            format!("sign-in of the app (AADSTS{other})"),
            format!(
                "look up AADSTS{other} at https://login.microsoftonline.com/error?code={other}"
            ),
        ),
    };
    (missing, mend)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_expired_secret_is_told_from_a_wrong_one() {
        let tenant = "11111111-2222-4333-8444-555555555555".parse().unwrap();
        let of = |code: u64| {
            let body = json!({"error": "invalid_client", "error_codes": [code]});
            refusal(&tenant, Some("https://consent"), &body).unwrap().to_string()
        };
        assert!(of(7_000_222).contains("expired"));
        assert!(of(7_000_215).contains("valid client secret"));
        assert!(of(123_456).contains("AADSTS123456"));
        let by_text = json!({"error": "x", "error_description": "AADSTS65001: The user …"});
        let Some(Reason::MissingPermission { mend, .. }) =
            refusal(&tenant, Some("https://consent"), &by_text)
        else {
            panic!("no reason");
        };
        assert!(mend.contains("https://consent"), "{mend}");
        assert_eq!(refusal(&tenant, None, &json!({"ok": true})), None);
    }
}
