//! Names that were checked once, at the door, and are trusted from then on.
//!
//! The tenant is part of every object id, so an id of one customer can never be
//! used with another customer's token: [`ObjectId`] carries both.

use std::{fmt, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

/// Why a text is not the name it should be. Safe to show.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{said}` is not {wanted}")]
pub struct NotAName {
    /// What was given, cut to 80 characters.
    pub said: String,
    /// What was wanted, with an article: "a sign-in name such as …".
    pub wanted: &'static str,
}

impl NotAName {
    fn new(said: &str, wanted: &'static str) -> Self {
        Self { said: said.chars().take(80).collect(), wanted }
    }
}

/// A Microsoft 365 customer directory, by its GUID. Lower case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TenantId(Uuid);

impl TenantId {
    /// The GUID itself.
    pub fn guid(&self) -> Uuid {
        self.0
    }

    /// An object of this tenant.
    pub fn object<K>(&self, guid: Uuid) -> ObjectId<K> {
        ObjectId { tenant: self.clone(), guid, kind: PhantomData }
    }
}

impl From<Uuid> for TenantId {
    fn from(guid: Uuid) -> Self {
        Self(guid)
    }
}

impl FromStr for TenantId {
    type Err = NotAName;
    fn from_str(said: &str) -> Result<Self, NotAName> {
        Uuid::parse_str(said.trim())
            .map(Self)
            .map_err(|_| NotAName::new(said, "a tenant id (a GUID)"))
    }
}

impl TryFrom<String> for TenantId {
    type Error = NotAName;
    fn try_from(said: String) -> Result<Self, NotAName> {
        said.parse()
    }
}

impl From<TenantId> for String {
    fn from(id: TenantId) -> Self {
        id.to_string()
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl fmt::Debug for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tenant {self}")
    }
}

/// What an [`ObjectId`] names. Only marks types; never made.
pub mod kind {
    /// A user, member or guest.
    #[derive(Debug)]
    pub enum User {}
    /// A group of any sort.
    #[derive(Debug)]
    pub enum Group {}
    /// A licence (SKU) the tenant subscribes to, by its `skuId`.
    #[derive(Debug)]
    pub enum Sku {}
    /// A directory role, by its template id.
    #[derive(Debug)]
    pub enum Role {}
}

/// An object of one tenant, by its GUID. Written `tenant/guid`.
pub struct ObjectId<K> {
    tenant: TenantId,
    guid: Uuid,
    kind: PhantomData<fn() -> K>,
}

/// A user of one tenant.
pub type UserId = ObjectId<kind::User>;
/// A group of one tenant.
pub type GroupId = ObjectId<kind::Group>;
/// A licence (SKU) of one tenant.
pub type SkuId = ObjectId<kind::Sku>;
/// A directory role of one tenant, by template id.
pub type RoleId = ObjectId<kind::Role>;

impl<K> ObjectId<K> {
    /// The directory it belongs to.
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// The object's GUID, as Graph's paths want it.
    pub fn guid(&self) -> Uuid {
        self.guid
    }
}

impl<K> Clone for ObjectId<K> {
    fn clone(&self) -> Self {
        Self { tenant: self.tenant.clone(), guid: self.guid, kind: PhantomData }
    }
}

impl<K> PartialEq for ObjectId<K> {
    fn eq(&self, other: &Self) -> bool {
        (&self.tenant, self.guid) == (&other.tenant, other.guid)
    }
}

impl<K> Eq for ObjectId<K> {}

impl<K> PartialOrd for ObjectId<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for ObjectId<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (&self.tenant, self.guid).cmp(&(&other.tenant, other.guid))
    }
}

impl<K> std::hash::Hash for ObjectId<K> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (&self.tenant, self.guid).hash(state);
    }
}

impl<K> fmt::Display for ObjectId<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.tenant, self.guid.hyphenated())
    }
}

impl<K> fmt::Debug for ObjectId<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl<K> FromStr for ObjectId<K> {
    type Err = NotAName;
    fn from_str(said: &str) -> Result<Self, NotAName> {
        let wrong = || NotAName::new(said, "an object id (tenant/guid)");
        let (tenant, guid) = said.split_once('/').ok_or_else(wrong)?;
        let tenant: TenantId = tenant.parse().map_err(|_| wrong())?;
        Ok(tenant.object(Uuid::parse_str(guid).map_err(|_| wrong())?))
    }
}

impl<K> Serialize for ObjectId<K> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de, K> Deserialize<'de> for ObjectId<K> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

/// The name a person signs in with, such as `ada@contoso.com`. Lower case, at
/// most 113 characters (64 + @ + 48, the user principal name's limit in Entra ID).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Upn(String);

impl Upn {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as Entra ID spells it: a guest's mark is `#EXT#`, in capitals.
    pub fn spelled(&self) -> String {
        self.0.replace("#ext#", "#EXT#")
    }
}

impl FromStr for Upn {
    type Err = NotAName;
    fn from_str(said: &str) -> Result<Self, NotAName> {
        let name = said.trim().to_lowercase();
        let shaped = name.len() <= 256
            && !name.chars().any(|c| c.is_whitespace() || c.is_control() || "/\\?\"<>".contains(c))
            && name.split_once('@').is_some_and(|(user, host)| {
                !user.is_empty()
                    && host.contains('.')
                    && !host.contains('@')
                    && !host.starts_with('.')
            });
        if shaped {
            Ok(Self(name))
        } else {
            Err(NotAName::new(said, "a sign-in name such as ada@contoso.com"))
        }
    }
}

impl TryFrom<String> for Upn {
    type Error = NotAName;
    fn try_from(said: String) -> Result<Self, NotAName> {
        said.parse()
    }
}

impl From<Upn> for String {
    fn from(name: Upn) -> Self {
        name.0
    }
}

impl fmt::Display for Upn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A request, by a UUIDv7, so that ids sort by the time they were made.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestId(pub Uuid);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "request {self}")
    }
}

impl FromStr for RequestId {
    type Err = NotAName;
    fn from_str(said: &str) -> Result<Self, NotAName> {
        Uuid::parse_str(said).map(Self).map_err(|_| NotAName::new(said, "a request id"))
    }
}

/// The number people say: `#1042`. Counts up within a tenant; 0 until it is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Number(pub u64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// A step of one plan, counted from 1 in the order of the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StepId(pub u16);

impl fmt::Display for StepId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The SHA-256 over a plan's stored bytes. Written as 64 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let sum = ring::digest::digest(&ring::digest::SHA256, bytes);
        Self(sum.as_ref().try_into().expect("SHA-256 has 32 bytes"))
    }

    /// The first twelve hex digits, as people compare them.
    pub fn short(&self) -> String {
        hex::encode(&self.0[..6])
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "digest {}", self.short())
    }
}

impl FromStr for Digest {
    type Err = NotAName;
    fn from_str(said: &str) -> Result<Self, NotAName> {
        let mut sum = [0; 32];
        hex::decode_to_slice(said, &mut sum)
            .map_err(|_| NotAName::new(said, "a digest (64 hex digits)"))?;
        Ok(Self(sum))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

/// A random value that a button carries and only its own card knows: 128 bits,
/// written as 32 hex digits. Compared in constant time.
#[derive(Clone, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Nonce(String);

/// What a marked one begins with; still a digit of it.
const MARK: char = 'f';

impl Nonce {
    /// From 16 random bytes.
    pub fn new(random: [u8; 16]) -> Self {
        Self(hex::encode(random))
    }

    /// The same with a mark, or surely without it: of a form, that it began with the words of
    /// a message.
    #[must_use]
    pub fn marked(self, yes: bool) -> Self {
        let rest = self.0.get(1..).unwrap_or_default();
        let first = match self.0.chars().next() {
            _ if yes => MARK,
            None | Some(MARK) => '0',
            Some(other) => other,
        };
        Self(format!("{first}{rest}"))
    }

    /// Does it have the mark?
    pub fn is_marked(&self) -> bool {
        self.0.starts_with(MARK)
    }

    /// As a button carries it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a button brought back; any text, it is only compared.
    pub fn claimed(said: &str) -> Self {
        Self(said.chars().take(64).collect())
    }
}

impl PartialEq for Nonce {
    fn eq(&self, other: &Self) -> bool {
        subtle::ConstantTimeEq::ct_eq(self.0.as_bytes(), other.0.as_bytes()).into()
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a nonce")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_id_carries_its_tenant_through_text() {
        let tenant: TenantId = "11111111-2222-4333-8444-555555555555".parse().unwrap();
        let user: UserId = tenant.object(Uuid::from_u128(7));
        assert_eq!(user.to_string().parse::<UserId>().unwrap(), user);
        assert!("7".parse::<UserId>().is_err(), "an id without its tenant is no id");
    }

    #[test]
    fn sign_in_names_are_lower_case_and_have_a_domain() {
        assert_eq!("Ada@Contoso.com ".parse::<Upn>().unwrap().as_str(), "ada@contoso.com");
        for wrong in
            ["ada", "@contoso.com", "ada@contoso", "a da@contoso.com", "a/b@c.d", "a@b@c.d"]
        {
            assert!(wrong.parse::<Upn>().is_err(), "{wrong}");
        }
    }
}
