//! Takes a signed token apart, strictly. Nothing is believed yet: see [`super::token`].

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

/// The longest token that is looked at, in bytes. The Bot Framework's have about 1,000.
pub const TOKEN_BYTES_MAX: usize = 16 * 1024;

/// Members of a header that would let a token choose or change its own check.
const FORBIDDEN_HEADERS: [&str; 6] = ["jku", "x5u", "x5c", "jwk", "crit", "b64"];

/// A token, apart. Its claims are only claims.
#[derive(Debug)]
pub struct Parts<'a> {
    /// Which key is said to have signed it.
    pub kid: String,
    /// What it claims.
    pub claims: Map<String, Value>,
    /// What was signed: header and claims as they came.
    pub signed: &'a [u8],
    /// The signature.
    pub signature: Vec<u8>,
}

/// Takes a token apart. The error says why, for the log.
pub fn take_apart(token: &str) -> Result<Parts<'_>, &'static str> {
    if token.len() > TOKEN_BYTES_MAX {
        return Err("the token is too long");
    }
    let (signed, signature) = token.rsplit_once('.').ok_or("the token has no three parts")?;
    let (header, claims) = signed.split_once('.').ok_or("the token has no three parts")?;
    if claims.contains('.') {
        return Err("the token has more than three parts");
    }
    let header = object(header).ok_or("the token's header is not plain JSON")?;
    if header.get("alg").and_then(Value::as_str) != Some("RS256") {
        return Err("the token is not signed with RS256");
    }
    if FORBIDDEN_HEADERS.iter().any(|&name| header.contains_key(name)) {
        return Err("the token's header names its own key or a critical extension");
    }
    match header.get("typ") {
        None => {}
        Some(Value::String(typ)) if typ.eq_ignore_ascii_case("JWT") => {}
        Some(_) => return Err("the token is of another type"),
    }
    let kid =
        header.get("kid").and_then(Value::as_str).filter(|kid| !kid.is_empty() && kid.len() <= 256);
    Ok(Parts {
        kid: kid.ok_or("the token does not name its key")?.to_owned(),
        claims: object(claims).ok_or("the token's claims are not plain JSON")?,
        signed: signed.as_bytes(),
        signature: URL_SAFE_NO_PAD
            .decode(signature)
            .map_err(|_| "the token's signature is not base64url")?,
    })
}

fn object(part: &str) -> Option<Map<String, Value>> {
    let json = URL_SAFE_NO_PAD.decode(part).ok()?;
    match serde_json::from_slice::<Strict>(&json).ok()?.0 {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

/// JSON in which no object has the same member twice, at any depth. Two readers
/// of the other sort could disagree about what a token says.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        StrictSeed.deserialize(from).map(Self)
    }
}

struct StrictSeed;

impl<'de> DeserializeSeed<'de> for StrictSeed {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for StrictSeed {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without repeated members")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = from.next_element_seed(StrictSeed)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = from.next_key::<String>()? {
            let value = from.next_value_seed(StrictSeed)?;
            if members.insert(name, value).is_some() {
                return Err(de::Error::custom("a member is there twice"));
            }
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str, claims: &str) -> String {
        format!("{}.{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims), "AAAA")
    }

    #[test]
    fn a_token_comes_apart_into_key_claims_and_signature() {
        let token =
            token(r#"{"alg":"RS256","kid":"one","typ":"JWT","x5t":"one"}"#, r#"{"aud":"me"}"#);
        let parts = take_apart(&token).unwrap();
        assert_eq!(parts.kid, "one");
        assert_eq!(parts.claims["aud"], "me");
        assert_eq!(parts.signature, [0, 0, 0]);
        assert!(token.as_bytes().starts_with(parts.signed));
    }

    #[test]
    fn a_member_that_is_there_twice_is_refused_at_any_depth() {
        let header = r#"{"alg":"RS256","kid":"one"}"#;
        for claims in
            [r#"{"aud":"me","aud":"me"}"#, r#"{"x":[{"a":1,"a":2}]}"#, r#"{"a":1,"\u0061":2}"#]
        {
            assert!(take_apart(&token(header, claims)).is_err(), "{claims}");
        }
        assert!(take_apart(&token(r#"{"alg":"RS256","alg":"RS256","kid":"one"}"#, "{}")).is_err());
    }
}
