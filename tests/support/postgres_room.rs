//! A room of its own on the PostgreSQL server of the tests: a schema.
//!
//! `COUNTERSIGN_TEST_POSTGRES` names the server. `scripts/test.sh` starts one; by hand:
//! `. scripts/need.sh; . scripts/postgres.sh; start_postgres`.

use sqlx::{Connection as _, Executor as _, PgConnection};
use uuid::Uuid;

/// Where the server is.
pub const SERVER: &str = "COUNTERSIGN_TEST_POSTGRES";

/// Makes an empty schema, and gives the address of a database that has only it.
pub async fn new_room() -> String {
    let server = std::env::var_os(SERVER).unwrap_or_else(|| {
        panic!("{SERVER} names no PostgreSQL server; `make test` starts one for these tests")
    });
    let server = server.into_string().unwrap();
    let mut chance = [0; 16];
    getrandom::fill(&mut chance).unwrap();
    let schema = format!("room_{}", Uuid::from_bytes(chance).simple());
    let mut connection = PgConnection::connect(&server).await.unwrap();
    connection.execute(&*format!("CREATE SCHEMA {schema}")).await.unwrap();
    connection.close().await.unwrap();
    let and = if server.contains('?') { '&' } else { '?' };
    format!("{server}{and}options[search_path]={schema}")
}
