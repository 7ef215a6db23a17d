//! What people sign in with, and the tenant's rule for Temporary Access Passes.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The types of sign-in methods
/// (learn.microsoft.com/graph/api/resources/authenticationmethods-overview).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum MethodSort {
    /// An address that takes a code, for self-service password reset only.
    Email,
    /// A passkey or security key.
    Fido2,
    /// The Microsoft Authenticator app.
    Authenticator,
    /// A phone: mobile, alternate mobile or office.
    Phone,
    /// The password. It is reset, never removed.
    Password,
    /// A third-party app or hardware token that shows codes.
    SoftwareOath,
    /// A Temporary Access Pass.
    TemporaryAccessPass,
    /// Windows Hello for Business.
    WindowsHello,
    /// Platform single sign-on of a Mac.
    PlatformCredential,
    /// A provider outside Microsoft.
    External,
}

impl MethodSort {
    /// The stable name, as in texts under `word.`: `method_phone`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Email => "=method_email",
            Self::Fido2 => "=method_fido2",
            Self::Authenticator => "=method_authenticator",
            Self::Phone => "=method_phone",
            Self::Password => "=method_password",
            Self::SoftwareOath => "=method_software_oath",
            Self::TemporaryAccessPass => "=method_temporary_access_pass",
            Self::WindowsHello => "=method_windows_hello",
            Self::PlatformCredential => "=method_platform_credential",
            Self::External => "=method_external",
        }
    }

    /// Microsoft may have made one of these the default, which it deletes only when no
    /// other second factor is left ("Cannot delete default method with other methods
    /// configured", Graph's answer of 2021; "matches the user's current default
    /// authentication method", 2022).
    pub fn may_be_default(self) -> bool {
        matches!(self, Self::Authenticator | Self::Phone | Self::SoftwareOath)
    }

    /// A second factor, whose presence keeps the default from being removed.
    pub fn is_second_factor(self) -> bool {
        !matches!(self, Self::Email | Self::Password | Self::TemporaryAccessPass)
    }
}

/// One registered method.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Method {
    /// Graph's id, unique within its type.
    pub id: String,
    /// Its type.
    pub sort: MethodSort,
    /// What tells it from its siblings: a device's name, a masked number. May be empty.
    pub detail: String,
    /// An alternate mobile number, which stands on the mobile number.
    pub alternate: bool,
    /// When it was registered, when Microsoft says so.
    pub since: Option<Timestamp>,
    /// A pass that could be used now.
    pub usable: bool,
}

/// The tenant's rule for Temporary Access Passes
/// (`temporaryAccessPassAuthenticationMethodConfiguration`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassRule {
    /// Whether anybody may have one.
    pub enabled: bool,
    /// Whether each may be used only once.
    pub only_once: bool,
    /// The shortest lifetime in minutes.
    pub minutes_min: u32,
    /// The longest lifetime in minutes.
    pub minutes_max: u32,
    /// The lifetime when none is asked for, in minutes.
    pub minutes: u32,
}
