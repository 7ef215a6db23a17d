//! RSA keys made once per process, and tokens signed with them.

use std::sync::OnceLock;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    rand::SystemRandom,
    signature::{RSA_PKCS1_SHA256, RsaKeyPair},
};
use rsa::{
    RsaPrivateKey,
    pkcs8::{EncodePrivateKey, LineEnding},
    rand_core::{CryptoRng, Error, RngCore},
    traits::PublicKeyParts,
};
use serde_json::{Value, json};

/// How many different keys there are.
pub const KEYS: usize = 4;

static POOL: [OnceLock<SigningKey>; KEYS] = [const { OnceLock::new() }; KEYS];

/// A key pair of 2,048 bits.
pub struct SigningKey {
    /// `sim-key-0`, …
    pub kid: String,
    pair: RsaKeyPair,
    private: RsaPrivateKey,
}

impl SigningKey {
    /// The key of this number, made when it is first asked for (some 100 ms).
    pub fn shared(number: usize) -> &'static Self {
        POOL[number % KEYS].get_or_init(|| {
            let private =
                RsaPrivateKey::new(&mut Chance, 2048).expect("2,048 bits can always be had");
            let der = private.to_pkcs8_der().expect("a fresh key has a standard form");
            let pair = RsaKeyPair::from_pkcs8(der.as_bytes()).expect("a fresh key is well formed");
            Self { kid: format!("sim-key-{number}"), pair, private }
        })
    }

    /// A signed token with exactly these bytes as header and claims.
    pub fn sign(&self, header: &str, claims: &str) -> String {
        let signed =
            format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
            .expect("the buffer has the key's length");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// A signed token with an ordinary header.
    pub fn token(&self, claims: &Value) -> String {
        let header = json!({"alg": "RS256", "kid": self.kid, "x5t": self.kid, "typ": "JWT"});
        self.sign(&header.to_string(), &claims.to_string())
    }

    /// The public part, as it is published.
    pub fn published(&self, endorsements: &[String]) -> Value {
        json!({
            "kty": "RSA", "use": "sig", "kid": self.kid, "x5t": self.kid,
            "n": URL_SAFE_NO_PAD.encode(self.private.n().to_bytes_be()),
            "e": URL_SAFE_NO_PAD.encode(self.private.e().to_bytes_be()),
            "endorsements": endorsements,
        })
    }

    /// Modulus and exponent, big endian.
    pub fn public(&self) -> (Vec<u8>, Vec<u8>) {
        (self.private.n().to_bytes_be(), self.private.e().to_bytes_be())
    }

    /// The private key as PEM, for a bot that signs in with a certificate.
    pub fn private_pem(&self) -> String {
        self.private
            .to_pkcs8_pem(LineEnding::LF)
            .expect("a fresh key has a standard form")
            .to_string()
    }
}

/// The system's chance, in the form the `rsa` crate asks for.
struct Chance;

impl RngCore for Chance {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the system has chance");
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Chance {}
