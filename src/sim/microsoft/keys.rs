//! The key that signs access tokens. One per process: it guards nothing but a simulator.

use std::sync::OnceLock;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, EncodingKey};
use rsa::{
    RsaPrivateKey,
    pkcs1::EncodeRsaPrivateKey,
    rand_core::{CryptoRng, Error, RngCore},
    traits::PublicKeyParts,
};
use serde_json::{Value, json};

/// The id by which the key is found in the published set.
pub(super) const KEY_ID: &str = "countersign-simulator";

pub(super) struct Keys {
    pub encoding: EncodingKey,
    pub decoding: DecodingKey,
    modulus: String,
    exponent: String,
}

impl Keys {
    pub fn get() -> &'static Self {
        static KEYS: OnceLock<Keys> = OnceLock::new();
        KEYS.get_or_init(Self::make)
    }

    fn make() -> Self {
        // Chance from the machine, not from a test's clock: a prime is not found in constant bytes.
        let private =
            RsaPrivateKey::new(&mut Chance, 2048).expect("2048 bits are a valid size for a key");
        let der = private.to_pkcs1_der().expect("a fresh key can be written down");
        let public = private.to_public_key();
        let modulus = URL_SAFE_NO_PAD.encode(public.n().to_bytes_be());
        let exponent = URL_SAFE_NO_PAD.encode(public.e().to_bytes_be());
        let decoding = DecodingKey::from_rsa_components(&modulus, &exponent)
            .expect("we encoded the numbers ourselves");
        Self { encoding: EncodingKey::from_rsa_der(der.as_bytes()), decoding, modulus, exponent }
    }

    /// The published key set.
    pub fn published(&self, issuer: &str) -> Value {
        json!({ "keys": [{
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY_ID, "x5t": KEY_ID,
            "n": self.modulus, "e": self.exponent, "issuer": issuer,
        }] })
    }
}

struct Chance;

impl CryptoRng for Chance {}

impl RngCore for Chance {
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
        getrandom::fill(bytes).expect("the machine gives random bytes");
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}
