//! Several tenants behind one origin, as Microsoft has them.
//!
//! The sign-in service and Exchange name the tenant in the path. Graph does not: whose directory
//! a request is about follows from the `tid` of its token alone
//! (learn.microsoft.com/entra/identity-platform/access-token-claims-reference, "tid"). So a
//! token of another tenant opens that other tenant at Graph, and is refused with 401 at
//! Exchange; keeping them apart is the caller's affair.

use std::{io, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{HeaderMap, Request, Response, header},
    routing::any,
};
use tokio::net::TcpListener;

use super::{
    control::control_router,
    cut::{Cord, CuttingListener},
    door::{MaybeCord, door},
    token,
    world::World,
};

#[derive(Clone)]
struct Several(Arc<[World]>);

impl Several {
    /// The world that a request is about; the first one refuses what is about none.
    fn about(&self, path: &str, headers: &HeaderMap) -> World {
        let mut segments = path.split('/').skip(1);
        let found = match (segments.next(), segments.next(), segments.next()) {
            (Some("v1.0"), ..) => {
                let bearer = headers.get(header::AUTHORIZATION);
                let tid = token::tenant_of(bearer.and_then(|value| value.to_str().ok()));
                tid.and_then(|tid| self.called(&tid))
            }
            (Some("adminapi"), Some("beta"), Some(tenant)) | (Some(tenant), ..) => {
                self.called(tenant)
            }
            _ => None,
        };
        found.unwrap_or(&self.0[0]).clone()
    }

    fn called(&self, name: &str) -> Option<&World> {
        self.0.iter().find(|world| world.is_called(name))
    }
}

/// The same routes for all of these worlds; there is at least one.
pub fn router_of(worlds: &[World]) -> Router {
    Router::new()
        .route("/v1.0/{*path}", any(choose))
        .route("/adminapi/beta/{tenant}/{command}", any(choose))
        .route("/{tenant}/oauth2/v2.0/token", any(choose))
        .route("/{tenant}/oauth2/v2.0/authorize", any(choose))
        .route("/{tenant}/discovery/v2.0/keys", any(choose))
        .route("/{tenant}/v2.0/.well-known/openid-configuration", any(choose))
        .with_state(Several(worlds.into()))
}

async fn choose(
    State(several): State<Several>,
    cord: MaybeCord,
    request: Request<Body>,
) -> Response<Body> {
    let world = several.about(request.uri().path(), request.headers());
    door(State(world), cord, request).await
}

/// Serves the worlds until the task is dropped. The controls of the first are at `/_sim/`, those
/// of each at `/TENANT-ID/_sim/`.
pub async fn serve_all(listener: TcpListener, worlds: &[World]) -> io::Result<()> {
    let mut all = router_of(worlds).merge(control_router(worlds[0].clone()));
    for world in worlds {
        all = all.nest(&format!("/{}", world.tenant_id()), control_router(world.clone()));
    }
    let service = all.into_make_service_with_connect_info::<Cord>();
    axum::serve(CuttingListener(listener), service).await
}
