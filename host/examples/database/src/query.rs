//! One statement on one database.

use std::path::Path;

use airssys_wasm::host_interface::Deadline;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Error, ErrorCode, OpenFlags, ToSql};

use crate::bindings::acme::database::client::{Failure, Value};

/// Rows of one answer.
const MAX_ROWS: usize = 10_000;
/// Texts and bytes of one answer: 4 MiB.
const MAX_ANSWER_BYTES: usize = 4 << 20;
/// Bytes of one statement, or of one parameter: 1 MiB.
const MAX_TEXT_BYTES: i32 = 1 << 20;
/// Steps of SQLite's machine between two looks at the deadline: some microseconds.
const STEPS_BETWEEN_LOOKS: i32 = 1_000;

/// What SQLite may keep in memory for all statements together, such as rows that are sorted: 64 MiB. It keeps nothing of
/// that on disk.
const MAX_HEAP_BYTES: i64 = 64 << 20;

/// Whether a name is that of a file in one folder, whatever else it is.
pub fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 64
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// Runs a statement. `may` is asked for each table: `query` for those that are read, `change` for those that are changed.
pub fn run(
    file: &Path,
    sql: &str,
    parameters: &[Value],
    deadline: Deadline,
    may: impl Fn(&str, &str) -> bool + Send + 'static,
) -> Result<Vec<Vec<Value>>, Failure> {
    if sql.len() > MAX_TEXT_BYTES as usize {
        return Err(Failure::TooLarge);
    }
    // The database is there already: nothing is made by asking for it.
    let mut connection =
        Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(failure)?;
    connection.set_limit(rusqlite::limits::Limit::SQLITE_LIMIT_LENGTH, MAX_TEXT_BYTES).map_err(failure)?;
    connection.pragma_update(None, "temp_store", "MEMORY").map_err(failure)?;
    connection.pragma_update(None, "hard_heap_limit", MAX_HEAP_BYTES).map_err(failure)?;
    connection.progress_handler(STEPS_BETWEEN_LOOKS, Some(move || deadline.is_over())).map_err(failure)?;
    let authorizer = move |context: AuthContext<'_>| match allows(context.action, &may) {
        true => Authorization::Allow,
        false => Authorization::Deny,
    };
    connection.authorizer(Some(authorizer)).map_err(failure)?;
    let mut statement = connection.prepare(sql).map_err(failure)?;
    let bound: Vec<Parameter<'_>> = parameters.iter().map(Parameter).collect();
    let columns = statement.column_count();
    let mut rows = statement.query(rusqlite::params_from_iter(bound)).map_err(failure)?;
    let (mut answer, mut bytes) = (Vec::new(), 0);
    while let Some(row) = rows.next().map_err(failure)? {
        let values: Vec<Value> = (0..columns)
            .map(|column| Ok(value(row.get_ref(column)?)))
            .collect::<Result<_, Error>>()
            .map_err(failure)?;
        bytes += values.iter().map(size).sum::<usize>();
        if answer.len() == MAX_ROWS || bytes > MAX_ANSWER_BYTES {
            return Err(Failure::TooLarge);
        }
        answer.push(values);
    }
    Ok(answer)
}

/// Whether a statement may do one thing. What is not listed may not be done: `ATTACH`, `PRAGMA`, `load_extension`, triggers.
fn allows(action: AuthAction<'_>, may: &impl Fn(&str, &str) -> bool) -> bool {
    match action {
        AuthAction::Select | AuthAction::Recursive => true,
        AuthAction::Function { function_name } => !function_name.eq_ignore_ascii_case("load_extension"),
        AuthAction::Read { table_name, .. } => may("query", table_name),
        AuthAction::Insert { table_name } | AuthAction::Delete { table_name } => may("change", table_name),
        AuthAction::Update { table_name, .. } => may("change", table_name),
        AuthAction::Transaction { .. } => true,
        _ => false,
    }
}

struct Parameter<'a>(&'a Value);

impl ToSql for Parameter<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Number(number) => ValueRef::Real(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        // Whole numbers of more than 53 bits lose their last digits, for no guest has another type for them.
        ValueRef::Integer(number) => Value::Number(number as f64),
        ValueRef::Real(number) => Value::Number(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
    }
}

/// What a value takes of an answer, in bytes.
fn size(value: &Value) -> usize {
    size_of::<Value>()
        + match value {
            Value::Text(text) => text.len(),
            Value::Blob(bytes) => bytes.len(),
            Value::Null | Value::Number(_) => 0,
        }
}

fn failure(error: Error) -> Failure {
    match error.sqlite_error_code() {
        Some(ErrorCode::OperationInterrupted) => Failure::TimedOut,
        Some(ErrorCode::TooBig | ErrorCode::OutOfMemory) => Failure::TooLarge,
        Some(ErrorCode::CannotOpen) => Failure::InvalidSql("no such database".to_owned()),
        _ => Failure::InvalidSql(error.to_string()),
    }
}
