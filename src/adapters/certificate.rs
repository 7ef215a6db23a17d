//! The certificates an app signs in with: until when one is valid, and a new one.
//!
//! Entra ID looks at the public key alone, so a self-signed certificate is as good as a
//! bought one (learn.microsoft.com/entra/identity-platform, "Create a self-signed public
//! certificate to authenticate your application").

use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use rsa::{
    RsaPrivateKey,
    pkcs1v15::{Signature, SigningKey},
    pkcs8::{EncodePrivateKey, EncodePublicKey},
    rand_core::{CryptoRng, Error, RngCore},
    sha2::Sha256,
};
use x509_cert::{
    Certificate,
    builder::{Builder, CertificateBuilder, Profile},
    der::{DecodePem, Encode, EncodePem, asn1::GeneralizedTime, pem::LineEnding},
    name::Name,
    serial_number::SerialNumber,
    spki::SubjectPublicKeyInfoOwned,
    time::{Time, Validity},
};

use crate::{domain::secret::Secret, ports::clock::Clock};

/// Bits of a new key. Entra ID takes 2048 and more; 3072 is what NIST SP 800-57 asks for beyond 2030.
const KEY_BITS: usize = 3072;
/// The clock of the sign-in service may be behind ours by this much.
const BEFORE: Duration = Duration::from_mins(5);

/// Until when the first certificate of a PEM text is valid.
pub fn ends(pem: &str) -> anyhow::Result<Timestamp> {
    let certificate = first(pem)?;
    let until = certificate.tbs_certificate.validity.not_after.to_unix_duration();
    let seconds = i64::try_from(until.as_secs()).context("its end is out of range")?;
    Timestamp::from_second(seconds).context("its end is out of range")
}

/// The SHA-1 thumbprint by which Entra ID shows a certificate.
pub fn sha1(pem: &str) -> anyhow::Result<Vec<u8>> {
    let der = first(pem)?.to_der().context("its certificate cannot be written")?;
    Ok(digest(&SHA1_FOR_LEGACY_USE_ONLY, &der).as_ref().to_vec())
}

fn first(pem: &str) -> anyhow::Result<Certificate> {
    const END: &str = "-----END CERTIFICATE-----";
    let begins = pem.find("-----BEGIN CERTIFICATE-----").context("it holds no certificate")?;
    let ends = pem[begins..].find(END).context("its certificate has no end")? + begins;
    Certificate::from_pem(&pem[begins..ends + END.len()])
        .map_err(|error| anyhow::anyhow!("its certificate cannot be read: {error}"))
}

/// A certificate and its private key, both PEM.
#[derive(Debug)]
pub struct Made {
    /// For the app registration, and for the settings.
    pub certificate: String,
    /// For the settings only.
    pub key: Secret,
}

/// A self-signed certificate for an app of this name, valid for `days` from now, with an
/// RSA key of its own. Takes a second or two.
pub fn self_signed(name: &str, days: u16, clock: &dyn Clock) -> anyhow::Result<Made> {
    let mut chance = Chance(clock);
    let key = RsaPrivateKey::new(&mut chance, KEY_BITS).context("no key was found")?;
    let text = key.to_pkcs8_pem(LineEnding::LF).context("the key cannot be written down")?;
    let public = key.to_public_key().to_public_key_der().context("the key has no public part")?;
    let public = SubjectPublicKeyInfoOwned::try_from(public.as_bytes())
        .context("the key has no public part")?;
    let subject: Name = format!("CN={}", plain(name)).parse().context("no name for a subject")?;
    let mut serial = [0; 16];
    clock.fill(&mut serial);
    // Positive and not empty (RFC 5280, section 4.1.2.2).
    serial[0] = serial[0] & 0x7f | 0x40;
    let signer = SigningKey::<Sha256>::new(key);
    let builder = CertificateBuilder::new(
        Profile::Leaf {
            issuer: subject.clone(),
            enable_key_agreement: false,
            enable_key_encipherment: false,
        },
        SerialNumber::new(&serial).context("no serial number")?,
        validity(clock.now(), days)?,
        subject,
        public,
        &signer,
    );
    let made = builder
        .and_then(CertificateBuilder::build::<Signature>)
        .map_err(|error| anyhow::anyhow!("no certificate came of it: {error}"))?;
    let certificate = made.to_pem(LineEnding::LF).context("the certificate cannot be written")?;
    Ok(Made { certificate, key: Secret::new(text.as_str()) })
}

/// Letters, digits and spaces: a subject is for people, and commas would mean something in it.
fn plain(name: &str) -> String {
    let kept: String =
        name.chars().filter(|c| c.is_ascii_alphanumeric() || " -.".contains(*c)).take(60).collect();
    if kept.trim().is_empty() { "Countersign".to_owned() } else { kept.trim().to_owned() }
}

fn validity(now: Timestamp, days: u16) -> anyhow::Result<Validity> {
    let now = Duration::from_secs(u64::try_from(now.as_second()).context("before 1970")?);
    // The builder writes the years before 2050 as RFC 5280 wants them.
    let at = |since| {
        let time = GeneralizedTime::from_unix_duration(since);
        time.map(Time::GeneralTime).map_err(|error| anyhow::anyhow!("no such date: {error}"))
    };
    Ok(Validity {
        not_before: at(now.saturating_sub(BEFORE))?,
        not_after: at(now + Duration::from_hours(24 * u64::from(days)))?,
    })
}

/// The machine's chance, as `rsa` wants to be handed it.
struct Chance<'a>(&'a dyn Clock);

impl CryptoRng for Chance<'_> {}

impl RngCore for Chance<'_> {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_ne_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_ne_bytes(bytes)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::{clock::SystemClock, graph::settings::App};

    #[test]
    fn a_certificate_made_here_says_its_end_and_signs_an_app_in() {
        let made = self_signed("Contoso, \"Countersign\"", 365, &SystemClock).unwrap();
        let left = SystemClock.now().duration_until(ends(&made.certificate).unwrap());
        assert_eq!((left.as_secs() + 60) / 86_400, 365);
        let app = App::with_certificate(uuid::Uuid::from_u128(1), &made.key, &made.certificate);
        assert!(app.is_ok(), "{app:?}");
        assert!(!format!("{made:?}").contains("PRIVATE"));
    }

    #[test]
    fn what_is_no_certificate_is_refused_in_words() {
        for (text, why) in [
            ("", "no certificate"),
            ("-----BEGIN CERTIFICATE-----\nAAAA", "no end"),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "cannot be read"),
        ] {
            let said = ends(text).unwrap_err().to_string();
            assert!(said.contains(why), "{said}");
        }
    }
}
