//! HTTP in, HTTP out. Every service answers on one origin.

use std::{convert::Infallible, io, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body as HttpBody, Bytes, to_bytes},
    extract::{ConnectInfo, FromRequestParts, State},
    http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header, request::Parts},
    routing::any,
};
use jiff::SignedDuration;
use tokio::net::TcpListener;
use uuid::Uuid;

use super::{
    call::{Answer, Body, Call, header_pairs},
    control::control_router,
    cut::{Cord, CuttingListener},
    exchange,
    faults::{FaultKind, Place},
    graph, refusals,
    requests::{Logged, clean_body, clean_headers},
    sign_in, token,
    turn::{Caller, Turn},
    world::World,
};

/// Graph takes no more than 4 MB in one request.
const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;

/// No command makes an answer wait longer than this.
const LATENCY_MAX: Duration = Duration::from_mins(5);

/// The token endpoint, Graph v1.0 and Exchange's admin endpoint, all on one origin.
pub fn router(world: World) -> Router {
    Router::new()
        .route("/v1.0/{*path}", any(door))
        .route("/adminapi/beta/{tenant}/{command}", any(door))
        .route("/{tenant}/oauth2/v2.0/token", any(door))
        .route("/{tenant}/oauth2/v2.0/authorize", any(door))
        .route("/{tenant}/discovery/v2.0/keys", any(door))
        .route("/{tenant}/v2.0/.well-known/openid-configuration", any(door))
        .with_state(world)
}

/// Serves the world and its controls until the task is dropped. Only behind this function
/// can a fault break a connection before the first byte of an answer.
pub async fn serve(listener: TcpListener, world: World) -> io::Result<()> {
    let both = router(world.clone()).merge(control_router(world));
    let service = both.into_make_service_with_connect_info::<Cord>();
    axum::serve(CuttingListener(listener), service).await
}

/// The cord of the connection, when [`serve`] made it.
pub(super) struct MaybeCord(Option<Cord>);

impl<S: Sync> FromRequestParts<S> for MaybeCord {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let cord = parts.extensions.get::<ConnectInfo<Cord>>();
        Ok(Self(cord.map(|ConnectInfo(cord)| cord.clone())))
    }
}

/// A request, read and counted.
struct Incoming {
    method: String,
    path: String,
    query: Option<String>,
    headers: HeaderMap,
    body: Bytes,
    too_large: bool,
    request_id: Uuid,
    client_request_id: String,
}

impl Incoming {
    async fn read(request: Request<HttpBody>, world: &World) -> Self {
        let (parts, body) = request.into_parts();
        let (body, too_large) = match to_bytes(body, BODY_BYTES_MAX).await {
            Ok(bytes) => (bytes, false),
            Err(_) => (Bytes::new(), true),
        };
        let request_id = world.clock().uuid();
        let given = parts.headers.get("client-request-id").and_then(|value| value.to_str().ok());
        let client_request_id = given.map_or_else(|| request_id.to_string(), str::to_owned);
        Self {
            method: parts.method.as_str().to_owned(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().map(str::to_owned),
            headers: parts.headers,
            body,
            too_large,
            request_id,
            client_request_id,
        }
    }

    fn is_form(&self) -> bool {
        let kind = self.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
    }

    fn address(&self) -> String {
        match &self.query {
            Some(query) => format!("{}?{query}", self.path),
            None => self.path.clone(),
        }
    }

    fn origin(&self) -> String {
        let host = self.headers.get(header::HOST).and_then(|value| value.to_str().ok());
        format!("http://{}", host.unwrap_or("localhost"))
    }

    fn body(&self) -> Body {
        if self.body.is_empty() {
            return Body::Empty;
        }
        serde_json::from_slice(&self.body).map_or(Body::Unreadable, Body::Json)
    }
}

pub(super) async fn door(
    State(world): State<World>,
    MaybeCord(cord): MaybeCord,
    request: Request<HttpBody>,
) -> Response<HttpBody> {
    let incoming = Incoming::read(request, &world).await;
    let (answer, strike, latency_ms) = answer(&world, &incoming);
    let cut = matches!(strike, Some(FaultKind::CutBefore | FaultKind::CutAfter));
    world.core().requests.append(Logged {
        method: incoming.method.clone(),
        path: incoming.address(),
        headers: clean_headers(&incoming.headers),
        body: clean_body(&incoming.body, incoming.is_form()),
        status: (!cut).then_some(answer.status),
    });
    if latency_ms > 0 {
        tokio::time::sleep(Duration::from_millis(latency_ms).min(LATENCY_MAX)).await;
    }
    if cut {
        return broken(cord.as_ref());
    }
    let body = match strike {
        Some(FaultKind::Html) => return html(),
        Some(FaultKind::Truncated) => {
            let whole = answer.body.as_ref().map(ToString::to_string).unwrap_or_default();
            let half = whole.floor_char_boundary(whole.len() / 2);
            whole[..half].to_owned()
        }
        _ => match (&answer.body, &answer.page) {
            (Some(body), _) => body.to_string(),
            (None, page) => page.clone().unwrap_or_default(),
        },
    };
    respond(&incoming, &answer, body)
}

/// Decides on faults, then answers. The lock is held from the first look to the last effect.
fn answer(world: &World, incoming: &Incoming) -> (Answer, Option<FaultKind>, u64) {
    let now = world.now();
    let mut core = world.core();
    let verdict = core.faults.decide(&incoming.method, &incoming.path, Place::Request);
    let stale = verdict.stale_ms.map(|ms| {
        let then = now - SignedDuration::from_millis(ms);
        core.as_of(then).unwrap_or_else(|| Arc::clone(&core.state))
    });
    let mut turn = Turn {
        core: &mut core,
        clock: world.clock(),
        now,
        caller: Caller::default(),
        origin: incoming.origin(),
        request_id: incoming.request_id,
        client_request_id: incoming.client_request_id.clone(),
        stale,
        latency_ms: verdict.latency_ms,
    };
    let answer = match &verdict.strike {
        Some(FaultKind::CutBefore | FaultKind::Html) => Answer::empty(200),
        Some(FaultKind::Status { status, retry_after, after_effect }) => {
            if *after_effect {
                dispatch(&mut turn, incoming);
            }
            refusals::on_command(*status, retry_after.0.clone()).answer(&turn)
        }
        _ => dispatch(&mut turn, incoming),
    };
    (answer, verdict.strike, turn.latency_ms)
}

fn dispatch(turn: &mut Turn<'_>, incoming: &Incoming) -> Answer {
    if incoming.too_large {
        return refusals::body_too_large().answer(turn);
    }
    let segments: Vec<&str> = incoming.path.split('/').skip(1).collect();
    match segments.as_slice() {
        ["v1.0", ..] => graph_call(turn, incoming),
        ["adminapi", "beta", tenant, command] => exchange_call(turn, incoming, tenant, command),
        [tenant, "oauth2", "v2.0", "token"] if incoming.method == "POST" => {
            token::endpoint(turn, tenant, &String::from_utf8_lossy(&incoming.body))
        }
        [tenant, "oauth2", "v2.0", "authorize"] => {
            let body = String::from_utf8_lossy(&incoming.body);
            let sent = (incoming.method == "POST").then_some(&*body);
            sign_in::authorize(turn, tenant, &incoming.address(), sent)
        }
        [tenant, "discovery", "v2.0", "keys"] => token::keys(turn, tenant),
        [tenant, "v2.0", ".well-known", "openid-configuration"] => token::discovery(turn, tenant),
        _ => refusals::no_method().answer(turn),
    }
}

fn authorization(incoming: &Incoming) -> Option<&str> {
    incoming.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok())
}

fn graph_call(turn: &mut Turn<'_>, incoming: &Incoming) -> Answer {
    let tenant = turn.core.state.tenant.clone();
    match token::read(authorization(incoming), token::GRAPH, &tenant, turn.now) {
        Ok(caller) => turn.caller = caller,
        Err(refusal) => return refusal.answer(turn),
    }
    let address = incoming.address();
    let address = address.trim_start_matches("/v1.0");
    let headers = header_pairs(&incoming.headers);
    let call = Call::new(&incoming.method, address, headers, incoming.body());
    if call.path == ["$batch"] {
        if call.method != "POST" {
            return refusals::no_method().answer(turn);
        }
        return graph::answer_batch(turn, &call);
    }
    let typed = call.header("Content-Type").is_some_and(|kind| kind.contains("application/json"));
    if matches!(call.body, Body::Json(_)) && !typed {
        return refusals::unreadable_body().answer(turn);
    }
    graph::answer(turn, &call)
}

fn exchange_call(turn: &mut Turn<'_>, incoming: &Incoming, tenant: &str, command: &str) -> Answer {
    let ours = turn.core.state.tenant.clone();
    match token::read(authorization(incoming), token::EXCHANGE, &ours, turn.now) {
        Ok(caller) => turn.caller = caller,
        Err(refusal) => return refusal.answer(turn),
    }
    let named = [ours.id.to_string(), ours.domain.clone(), ours.onmicrosoft.clone()];
    if !named.iter().any(|name| name.eq_ignore_ascii_case(tenant)) {
        return refusals::wrong_audience().answer(turn);
    }
    let headers = header_pairs(&incoming.headers);
    let address = match &incoming.query {
        Some(query) => format!("{command}?{query}"),
        None => command.to_owned(),
    };
    let call = Call::new(&incoming.method, &address, headers, incoming.body());
    match (incoming.method.as_str(), command) {
        ("POST", "InvokeCommand") => exchange::answer(turn, &call),
        ("POST", "$batch") => exchange::answer_batch(turn, &call, tenant),
        (_, "InvokeCommand" | "$batch") => refusals::no_method().answer(turn),
        _ => refusals::no_segment(command).answer(turn),
    }
}

fn respond(incoming: &Incoming, answer: &Answer, body: String) -> Response<HttpBody> {
    let mut response = Response::new(HttpBody::from(body));
    *response.status_mut() =
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    let mut put = |name: &str, value: &str| {
        let name = header::HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    };
    put("request-id", &incoming.request_id.to_string());
    put("client-request-id", &incoming.client_request_id);
    put("Cache-Control", "no-cache");
    if answer.body.is_some() {
        let token = incoming.path.ends_with("/token");
        put(
            "Content-Type",
            if token {
                "application/json; charset=utf-8"
            } else {
                "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
            },
        );
        put("OData-Version", "4.0");
    }
    for (name, value) in &answer.headers {
        put(name, value);
    }
    response
}

/// A page of a proxy, with a status that says all is well.
fn html() -> Response<HttpBody> {
    let mut response = Response::new(HttpBody::from(
        "<!DOCTYPE html><html><body><h1>Sign in to the network</h1></body></html>",
    ));
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// No answer. Without a cord the headers may leave, but the body never ends well.
fn broken(cord: Option<&Cord>) -> Response<HttpBody> {
    if let Some(cord) = cord {
        cord.pull();
    }
    let cut = io::Error::new(io::ErrorKind::ConnectionReset, "cut on command");
    Response::new(HttpBody::from_stream(futures::stream::once(async {
        Err::<Bytes, io::Error>(cut)
    })))
}
