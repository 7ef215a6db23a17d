//! What ends access when somebody leaves.

use super::{LeaveOut, OffboardUser};
use crate::{
    actions::{
        Asked,
        devices::wipe_device::WipeDevice,
        lifecycle::{leaver::Stage, process::Piece},
        passwords_and_security::{
            reset_mfa::ResetMfa, reset_password::ResetPassword, revoke_sessions::RevokeSessions,
        },
        roles::remove_role::RemoveRole,
        users::disable_user::DisableUser,
    },
    domain::{
        change::PasswordChange,
        devices::{ManagedDevice, ManagedFilter},
        plan::{Draft, Note, Value},
        trouble::{Reason, Result},
        users::Dossier,
    },
    ports::world::World,
};

/// Devices wiped by one request.
const DEVICES_MAX: usize = 20;

/// The old password is over, whatever knows it. Of a guest or a synchronised account the
/// password is held elsewhere.
fn drop_password(found: &Dossier) -> Draft {
    let user = &found.user;
    let mut draft = Draft::about(user.to_ref());
    if !user.guest && !user.synced {
        draft
            .step(
                PasswordChange::DropPassword { user: user.id.clone().into() },
                &[("user", &user.name)],
                vec![Value::new("password", "=unchanged_unknown", "=nobodys")],
            )
            .cannot_be_undone("password_replaced");
    }
    draft
}

impl OffboardUser {
    /// What ends access.
    pub(super) async fn access(
        &self,
        look: &dyn World,
        found: &Dossier,
    ) -> Result<Vec<Piece<Stage>>> {
        let user = found.user.id.to_string();
        let sign_out = RevokeSessions { user: user.clone() };
        let reset = ResetPassword { user: user.clone(), force_change: false };
        let mut pieces = vec![
            Piece::vital(Stage::Block, &DisableUser { user: user.clone() }),
            Piece::offered(Stage::SignOut, &sign_out),
            Piece::drafted(Stage::Password, &reset, drop_password(found)),
        ];
        if self.does(LeaveOut::Methods) {
            let reset = ResetMfa { user: user.clone(), method: None, method_id: None };
            pieces.push(Piece::offered(Stage::Methods, &reset));
        }
        if self.hostile {
            pieces.push(Piece::offered(Stage::SignOutAgain, &sign_out));
        }
        if self.does(LeaveOut::Roles) && !found.roles.is_empty() {
            let held = look.standings(&found.user.id).await?;
            for own in held.direct.iter().filter(|own| own.whole_tenant()) {
                let role = RemoveRole { user: user.clone(), role: own.role.id.to_string() };
                pieces.push(Piece::vital(Stage::Roles, &role));
            }
        }
        Ok(pieces)
    }

    /// Each device that Intune manages for them.
    pub(super) async fn devices(
        &self,
        look: &dyn World,
        asked: &Asked,
        found: &Dossier,
        about: &mut Draft,
    ) -> Result<Vec<Piece<Stage>>> {
        let user = Some(found.user.upn.to_string());
        let filter = ManagedFilter { user, ..ManagedFilter::default() };
        let (all, more) = look.managed_devices(&asked.tenant, &filter, DEVICES_MAX).await?;
        if more {
            let what = format!("one request wipes at most {DEVICES_MAX} devices");
            return Err(Reason::TooMuch { what }.into());
        }
        if all.is_empty() {
            about.notes.push(Note::new("leaver_no_devices", &[("user", &found.user.name)]));
        }
        let wipe = |device: &ManagedDevice| {
            let device = device.id.to_string();
            let wipe = WipeDevice { device, keep_enrollment: false, keep_user_data: false };
            Piece::vital(Stage::Devices, &wipe)
        };
        Ok(all.iter().map(wipe).collect())
    }
}
