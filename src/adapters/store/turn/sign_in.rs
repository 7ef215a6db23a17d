//! Sign-ins, each changed by whoever read it last, and whose chat accounts are.

use super::{
    super::{at::at, database::values, read_sign_in::row, script::Or},
    Sheet,
};
use crate::{
    domain::sign_in::{IdentityLink, Linking, SignIn, account},
    ports::store::Turn,
};

impl Sheet<'_> {
    pub(super) fn sign_ins(&mut self, turn: &Turn) {
        for over in &turn.sign_ins_over {
            self.script.add(
                "DELETE FROM sign_in WHERE token_hash = ? AND version = ?",
                values![over.id.0.to_vec(), over.version.cast_signed()],
                Or::Conflict,
            );
        }
        for (sign_in, expected) in &turn.sign_ins {
            self.sign_in(sign_in, *expected);
        }
        for linking in &turn.linking {
            match linking {
                Linking::Linked(link) => self.linked(link),
                Linking::Unlinked { link, places } => self.unlinked(link, places),
            }
        }
    }

    fn sign_in(&mut self, sign_in: &SignIn, expected: Option<u64>) {
        let version = expected.unwrap_or(0) + 1;
        let row = row(sign_in);
        let sealed = self.sealing.seal_json("sign_in", &row, sign_in);
        let state = sign_in.gone().map(|gone| gone.state.0.to_vec());
        let Some(expected) = expected else {
            self.script.add(
                "INSERT INTO sign_in (account, about, tenant_id, token_hash, state_hash, version,
                     expires_at, sealed)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                 ON CONFLICT (account, about, tenant_id) DO UPDATE SET
                     token_hash = excluded.token_hash, state_hash = excluded.state_hash,
                     version = excluded.version, expires_at = excluded.expires_at,
                     sealed = excluded.sealed",
                values![
                    account(&sign_in.by).0.to_vec(),
                    sign_in.about(),
                    sign_in.tenant.guid(),
                    sign_in.id.0.to_vec(),
                    state,
                    version.cast_signed(),
                    at(sign_in.until),
                    sealed,
                ],
                Or::Defect("a sign-in was not written"),
            );
            return;
        };
        self.script.add(
            "UPDATE sign_in SET state_hash = ?, version = ?, sealed = ?
             WHERE token_hash = ? AND version = ?",
            values![
                state,
                version.cast_signed(),
                sealed,
                sign_in.id.0.to_vec(),
                expected.cast_signed(),
            ],
            Or::Conflict,
        );
    }

    /// Refused while the account is somebody's.
    fn linked(&mut self, link: &IdentityLink) {
        let [platform, realm, id] = chat(link);
        let bound = format!("{platform}/{realm}/{id}/{}", link.user.id);
        let sealed = self.sealing.seal_json("identity_link", &bound, &link.user);
        self.script.add(
            "INSERT INTO identity_link (platform, realm, chat_id, tenant_id, user_id, at, until, sealed)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, NULL, ?7
             WHERE NOT EXISTS (SELECT 1 FROM identity_link WHERE platform = ?1 AND realm = ?2
                 AND chat_id = ?3 AND tenant_id = ?4 AND until IS NULL)
             ON CONFLICT (platform, realm, chat_id, tenant_id, user_id)
                 DO UPDATE SET at = excluded.at, until = NULL, sealed = excluded.sealed",
            values![
                platform,
                realm,
                id,
                link.user.id.tenant().guid(),
                link.user.id.guid(),
                at(link.at),
                sealed,
            ],
            Or::Conflict,
        );
    }

    fn unlinked(&mut self, link: &IdentityLink, places: &[String]) {
        let [platform, realm, id] = chat(link);
        self.script.add(
            "UPDATE identity_link SET until = ? WHERE platform = ? AND realm = ? AND chat_id = ?
                 AND tenant_id = ? AND user_id = ? AND until IS NULL",
            values![
                self.at,
                platform,
                realm,
                id,
                link.user.id.tenant().guid(),
                link.user.id.guid(),
            ],
            Or::Conflict,
        );
        for key in places {
            self.script.add(
                "UPDATE conversation SET user_tenant = NULL, user_id = NULL
                 WHERE place_key = ? AND user_tenant = ? AND user_id = ?",
                values![key.as_str(), link.user.id.tenant().guid(), link.user.id.guid()],
                Or::Fine,
            );
        }
    }
}

fn chat(link: &IdentityLink) -> [String; 3] {
    let chat = &link.chat;
    [chat.platform.as_str().to_owned(), chat.realm.clone(), chat.id.clone()]
}
