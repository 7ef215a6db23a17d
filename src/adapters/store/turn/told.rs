//! What will be told: messages, copies of cards, and what is remembered of talks.

use super::{
    super::{
        at::{at, not_before},
        database::{Sql, values},
        script::Or,
    },
    Sheet,
};
use crate::{
    domain::ids::{Digest, UserId},
    ports::store::{Conversation, Copy, HeardInThread, Instead, Say, SayTo, Turn},
};

impl Sheet<'_> {
    pub(super) fn telling(&mut self, turn: &Turn) {
        for say in &turn.say {
            self.say(say);
        }
        for instead in &turn.instead {
            self.instead(instead);
        }
        for request in &turn.redraw {
            self.script.add(
                // One that only waits for a doubt to end is drawn now.
                "UPDATE card_copy SET wanted = wanted + 1,
                     next_at = CASE WHEN drawn < wanted AND next_at <> doubtful_until
                         THEN next_at ELSE ?2 END
                 WHERE request_id = ?1",
                values![request.0, self.at],
                Or::Fine,
            );
        }
        if let Some((copy, until)) = &turn.in_answer {
            let doubt = Sql::Each {
                sqlite: "UPDATE card_copy SET doubtful_until = max(doubtful_until, ?2)
                     WHERE copy_id = ?1 AND drawn < wanted",
                postgres: "UPDATE card_copy SET doubtful_until = greatest(doubtful_until, ?2)
                     WHERE copy_id = ?1 AND drawn < wanted",
            };
            self.script.add(doubt, values![*copy, not_before(*until)], Or::Fine);
        }
        for copy in &turn.copies {
            self.copy(copy);
        }
        for heard in &turn.heard {
            self.heard(heard);
        }
        for conversation in &turn.conversations {
            self.conversation(conversation);
        }
    }

    fn say(&mut self, say: &Say) {
        self.script.add(
            "INSERT INTO outbox (message_id, tenant_id, lane, at, next_at, sealed) VALUES (?, ?, ?, ?4, ?4, ?)",
            values![
                say.id,
                self.tenant,
                lane(&say.to),
                self.at,
                self.sealing.seal_json("outbox", &say.id.to_string(), say),
            ],
            Or::Defect("a message was not written"),
        );
    }

    fn instead(&mut self, Instead { say, of, from }: &Instead) {
        self.script.add(
            "INSERT INTO outbox (message_id, tenant_id, lane, at, next_at, sealed, instead_of)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
            values![
                say.id,
                self.tenant,
                lane(&say.to),
                self.at,
                not_before(*from),
                self.sealing.seal_json("outbox", &say.id.to_string(), say),
                *of,
            ],
            Or::Defect("a message was not written"),
        );
    }

    fn copy(&mut self, copy: &Copy) {
        let row = copy.id.to_string();
        let sealed =
            self.sealing.seal_json("card_copy", &row, &Copy { card: None, ..copy.clone() });
        let card_row = format!("{row}/card");
        let card = copy.card.as_ref().map(|c| self.sealing.seal_json("card_copy", &card_row, c));
        self.script.add(
            "INSERT INTO card_copy (copy_id, request_id, tenant_id, next_at, sealed, sealed_card)
             VALUES (?1, ?2, (SELECT tenant_id FROM request WHERE request_id = ?2), ?3, ?4, ?5)",
            values![copy.id, copy.request.0, self.at, sealed, card],
            Or::Defect("a copy of a card was not written"),
        );
    }

    fn heard(&mut self, heard: &HeardInThread) {
        self.script.add(
            "INSERT INTO heard (tenant_id, place_key, at, until, sealed) VALUES (?, ?, ?, ?, ?)",
            values![
                heard.tenant.guid(),
                heard.place.clone(),
                at(heard.at),
                not_before(heard.until),
                self.sealing.seal_json("heard", &heard.place, heard),
            ],
            Or::Defect("words were not written"),
        );
    }

    /// The latest word about a conversation counts; whom it is with is not unlearned.
    fn conversation(&mut self, met: &Conversation) {
        let key = met.place.key();
        let with_row = format!("{key}/with");
        let with = met.with.as_ref().map(|w| self.sealing.seal_json("conversation", &with_row, w));
        self.script.add(
            "INSERT INTO conversation (place_key, user_tenant, user_id, open, at, sealed, sealed_with)
             VALUES (?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (place_key) DO UPDATE SET open = excluded.open, at = excluded.at,
                 sealed = excluded.sealed,
                 user_tenant = coalesce(excluded.user_tenant, conversation.user_tenant),
                 user_id = coalesce(excluded.user_id, conversation.user_id),
                 sealed_with = coalesce(excluded.sealed_with, conversation.sealed_with)
             WHERE excluded.at >= conversation.at",
            values![
                key.clone(),
                met.user.as_ref().map(|user| user.tenant().guid()),
                met.user.as_ref().map(UserId::guid),
                met.open,
                at(met.at),
                self.sealing.seal_json("conversation", &key, &met.place),
                with,
            ],
            Or::Fine,
        );
    }
}

/// The conversation a message goes to, as a hash.
fn lane(to: &SayTo) -> Vec<u8> {
    let to = serde_json::to_vec(to).expect("an address is plain data");
    Digest::of(&to).0[..8].to_vec()
}
