//! Names of topics: the short forms clients may send, and the full form everything else uses.

/// Expands a name to the full topic: `orders` is a table, anything with a slash is a path.
///
/// # Errors
/// A message for the client when the name is no topic.
pub(crate) fn full(name: &str, project: &str) -> Result<String, &'static str> {
    check(name)?;
    let Some((_, last)) = name.rsplit_once('/') else {
        return Ok(format!("table/{name}/{project}"));
    };
    Ok(if last == project {
        name.to_owned()
    } else {
        format!("{name}/{project}")
    })
}

/// The topic of a chat room.
pub(crate) fn chat(room: &str, project: &str) -> Result<String, &'static str> {
    check(room)?;
    Ok(format!("chat/{room}/{project}"))
}

/// The topic of a table's changes.
pub(crate) fn table(table: &str, project: &str) -> String {
    format!("table/{table}/{project}")
}

/// Whether a full topic is that of a table.
pub(crate) fn is_table(topic: &str) -> bool {
    topic.starts_with("table/")
}

fn check(name: &str) -> Result<(), &'static str> {
    if name.is_empty() {
        return Err("The topic is empty.");
    }
    if name.chars().any(char::is_control) {
        return Err("The topic holds a control character.");
    }
    if name.split('/').any(str::is_empty) {
        return Err("The topic has an empty segment; use no leading, trailing or double slash.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_become_full_topics_and_full_ones_stay() {
        let cases = [
            ("orders", Some("table/orders/proj-1")),
            ("table/orders", Some("table/orders/proj-1")),
            ("table/orders/proj-1", Some("table/orders/proj-1")),
            ("chat/general", Some("chat/general/proj-1")),
            ("chat/proj-1", Some("chat/proj-1")),
            ("table/orders/proj-10", Some("table/orders/proj-10/proj-1")),
            ("proj-1", Some("table/proj-1/proj-1")),
            ("größe", Some("table/größe/proj-1")),
            ("", None),
            ("/", None),
            ("orders/", None),
            ("/orders", None),
            ("a//b", None),
            ("a\nb", None),
        ];
        for (name, topic) in cases {
            assert_eq!(full(name, "proj-1").ok().as_deref(), topic, "{name:?}");
        }
        assert_eq!(chat("lobby", "p").as_deref(), Ok("chat/lobby/p"));
        assert!(chat("", "p").is_err());
    }
}
