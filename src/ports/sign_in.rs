//! Entra's sign-in page: where somebody is sent, and who they turn out to be.

use async_trait::async_trait;

use crate::domain::{ids::Upn, secret::Secret, sign_in::SignedIn, trouble::Result};

/// What is asked of the page.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// Comes back with the code.
    pub state: &'a str,
    /// Comes back in the id token.
    pub nonce: &'a str,
    /// SHA-256 of the verifier, in base64url (RFC 7636, `S256`).
    pub challenge: &'a str,
    /// Who is expected, so that they need not type it.
    pub hint: Option<&'a Upn>,
    /// They must prove it anew, whatever session there is.
    pub afresh: bool,
    /// The authentication context to be met: `c1` to `c99`.
    pub context: Option<&'a str>,
}

/// Signs people in.
#[async_trait]
pub trait SignsIn: Send + Sync {
    /// The page's address.
    fn page(&self, ask: &Ask<'_>) -> String;

    /// Who it is, from the code that came back. The id token is checked whole: signature,
    /// issuer, audience, tenant, nonce and times.
    ///
    /// # Errors
    /// Refused when the code or the token is not good; unreachable when nobody says.
    async fn redeem(&self, code: &Secret, verifier: &Secret, nonce: &str) -> Result<SignedIn>;
}
