//! Accounts: switching sign-in on and off.

use reqwest::Method;
use serde_json::json;

use super::{Behind, Calls, Door, Found, Read, With, known, user_path, user_read, user_sight};
use crate::{
    adapters::graph::answer::Ask,
    domain::{
        change::{AccountChange, Sight},
        trouble::Reason,
    },
};

impl Calls for AccountChange {
    fn reads(&self) -> Result<Vec<Read>, Reason> {
        let (Self::DisableSignIn { user } | Self::EnableSignIn { user }) = self;
        Ok(vec![user_read(known(user)?)])
    }

    fn sight(&self, found: &[&Found]) -> anyhow::Result<Sight> {
        user_sight(found[0])
    }

    fn call(&self, _with: &With<'_>) -> Result<Door, Reason> {
        let (Self::DisableSignIn { user } | Self::EnableSignIn { user }) = self;
        let enabled = matches!(self, Self::EnableSignIn { .. });
        let body = json!({ "accountEnabled": enabled });
        Ok(Door::Graph(Ask::of(Method::PATCH, user_path(known(user)?), Some(body))))
    }

    fn behind_403(&self) -> Behind<'_> {
        let (Self::DisableSignIn { user } | Self::EnableSignIn { user }) = self;
        user.known().map_or(Behind::Nothing, Behind::User)
    }
}
