//! The four people who leave, each in a tenant of their own (a directory file of the simulator).

use serde_json::{Value, json};

/// How much somebody has.
#[derive(Debug, Clone, Copy)]
pub struct Profile {
    /// How it is called.
    pub name: &'static str,
    /// Groups managed through Graph; the last bears a licence.
    pub groups: usize,
    /// Lists managed through Exchange.
    pub lists: usize,
    /// Licences of their own.
    pub licences: usize,
    /// Sign-in methods beside the password; the app is the default.
    pub methods: usize,
    /// Devices that Intune manages.
    pub devices: usize,
}

/// Everybody who is measured.
pub const PROFILES: [Profile; 4] = [
    Profile { name: "small", groups: 5, lists: 1, licences: 1, methods: 2, devices: 1 },
    Profile { name: "typical", groups: 15, lists: 3, licences: 3, methods: 3, devices: 2 },
    Profile { name: "heavy", groups: 60, lists: 12, licences: 5, methods: 5, devices: 4 },
    Profile { name: "extreme", groups: 300, lists: 40, licences: 8, methods: 8, devices: 10 },
];

/// Who asks.
pub const ASKS: &str = "tina.tech@contoso.com";
/// Who signs.
pub const SIGNS: &str = "anna.approver@contoso.com";
/// Who leaves.
pub const LEAVES: &str = "lena.leaver@contoso.com";
/// The group that bears a licence.
pub const BEARS: &str = "Licence Bearers";
/// The licence that it bears.
const BORNE: &str = "AAD_PREMIUM_P2";
/// Licences of their own, the one with the mailbox first.
const SKUS: [&str; 8] = [
    "SPE_E3",
    "POWER_BI_PRO",
    "VISIOCLIENT",
    "PROJECTPROFESSIONAL",
    "EMS",
    "ATP_ENTERPRISE",
    "MCOMEETADV",
    "POWERAPPS_PER_USER",
];

impl Profile {
    /// The directory file of their tenant.
    pub fn directory(&self) -> String {
        let person = |upn: &str, name: &str, licences: &[&str]| {
            json!({
                "upn": upn, "displayName": name, "mail": upn, "userType": "Member",
                "accountEnabled": true, "licenses": licences,
            })
        };
        let skus = SKUS.iter().chain([&BORNE]).enumerate().map(|(at, name)| {
            json!({
                "skuPartNumber": name, "enabled": 50, "consumed": 10,
                "skuId": format!("05e9a617-0261-4cee-bb44-138d3ef5d{at:03}"),
            })
        });
        json!({
            "tenantName": "Contoso", "tenantDomain": "contoso.com",
            "onmicrosoft": "contoso.onmicrosoft.com",
            "users": [
                person(ASKS, "Tina Tech", &[]), person(SIGNS, "Anna Approver", &[]),
                person(LEAVES, "Lena Leaver", &SKUS[..self.licences]),
            ],
            "groups": self.all_groups(),
            "skus": skus.collect::<Vec<_>>(),
            "authenticationMethods": [
                { "user": LEAVES, "default": 0, "methods": self.all_methods() },
            ],
            "devices": (0..self.devices).map(|at| json!({
                "name": format!("LAPTOP-{at:02}"), "os": "Windows", "owner": LEAVES,
                "compliance": "compliant", "ownership": "company",
            })).collect::<Vec<_>>(),
        })
        .to_string()
    }

    fn all_groups(&self) -> Vec<Value> {
        let group = |name: String, mail: Option<String>, sort: &str, licences: &[&str]| {
            json!({
                "displayName": name, "groupType": sort, "mail": mail, "owners": [ASKS],
                "members": [LEAVES, ASKS], "licenses": licences,
            })
        };
        let plain =
            (1..self.groups).map(|at| group(format!("Project {at:03}"), None, "security", &[]));
        let bears = group(BEARS.to_owned(), None, "security", &[BORNE]);
        let lists = (0..self.lists).map(|at| {
            let mail = format!("list{at:02}@contoso.com");
            group(format!("List {at:02}"), Some(mail), "distribution", &[])
        });
        plain.chain([bears]).chain(lists).collect()
    }

    fn all_methods(&self) -> Vec<Value> {
        let app = json!({ "sort": "microsoftAuthenticator", "displayName": "phone" });
        let phone =
            json!({ "sort": "phone", "phoneNumber": "+44 2079460211", "phoneType": "mobile" });
        let keys = (2..self.methods)
            .map(|at| json!({ "sort": "fido2", "displayName": format!("key {at}") }));
        [app, phone].into_iter().chain(keys).take(self.methods).collect()
    }

    /// Calls that cannot be spared (reading, containment, batches of twenty writes and of ten
    /// cmdlets, the mailbox, licences, reading back).
    pub fn calls_needed(&self) -> usize {
        let writes = self.groups + self.methods.saturating_sub(1) + self.devices;
        let last = usize::from(self.licences + self.methods > 0);
        1 + 1 + writes.div_ceil(20) + self.lists.div_ceil(10) + 1 + last + 1
    }
}
