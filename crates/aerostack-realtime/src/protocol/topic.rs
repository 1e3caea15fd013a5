//! Names of channels and how they become topics on the wire.

use crate::{
    error::{Error, ErrorKind},
    protocol::frame::inbound::PRESENCE,
};

/// A channel as the caller named it. The three kinds keep apart what one string could mean.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Name {
    /// Changes of a table: `orders`.
    Table(String),
    /// A path without the project id: `chat/lobby`.
    Path(String),
    /// A whole topic, project id included.
    Raw(String),
}

impl Name {
    /// A table's changes.
    pub(crate) fn table(table: &str) -> Result<Self, Error> {
        validate(table, "table name")?;
        if table.contains('/') {
            return Err(invalid(
                "table name",
                "holds a `/`; name the table alone, or use `path` for a path",
            ));
        }
        Ok(Self::Table(table.to_owned()))
    }

    /// A path, to which the project id is added.
    pub(crate) fn path(path: &str) -> Result<Self, Error> {
        validate(path, "channel path")?;
        Ok(match path.strip_prefix("table/") {
            Some(table) if !table.contains('/') => Self::Table(table.to_owned()),
            _ => Self::Path(path.to_owned()),
        })
    }

    /// A topic as it is on the wire. One of this project is the same channel as its path.
    pub(crate) fn raw(topic: &str, project: Option<&str>) -> Result<Self, Error> {
        validate(topic, "topic")?;
        match project.and_then(|project| topic.strip_suffix(project)?.strip_suffix('/')) {
            Some(path) => Self::path(path),
            None => Ok(Self::Raw(topic.to_owned())),
        }
    }

    /// The same channel, once its project is known: a whole topic of it is the same as its path.
    pub(crate) fn in_project(self, project: Option<&str>) -> Self {
        match &self {
            Self::Raw(topic) => Self::raw(topic, project).unwrap_or(self),
            _ => self,
        }
    }

    /// The platform's rule for one string: without a slash a table, ending in the project id a whole topic, else a path.
    pub(crate) fn guess(name: &str, project: Option<&str>) -> Result<Self, Error> {
        validate(name, "channel name")?;
        let whole = project.is_some_and(|project| {
            name.strip_suffix(project)
                .is_some_and(|rest| rest.ends_with('/'))
        });
        if whole {
            Self::raw(name, project)
        } else if name.contains('/') {
            Self::path(name)
        } else {
            Self::table(name)
        }
    }

    /// The topic to put on the wire: the whole one, or a short form the server completes when the project id is not
    /// known yet.
    pub(crate) fn wire(&self, project: Option<&str>) -> String {
        match (self, project) {
            (Self::Table(table), Some(project)) => format!("table/{table}/{project}"),
            (Self::Table(table), None) => format!("table/{table}"),
            (Self::Path(path), Some(project)) => format!("{path}/{project}"),
            (Self::Path(path), None) => path.clone(),
            (Self::Raw(topic), _) => topic.clone(),
        }
    }

    /// Whether the topic carries a table's changes, which no history keeps.
    pub(crate) fn is_table(&self) -> bool {
        match self {
            Self::Table(_) => true,
            Self::Path(_) => false,
            Self::Raw(topic) => topic.starts_with("table/"),
        }
    }
}

/// If `topic` is the server's completion of the short form `requested`, the project id it was completed with.
pub(crate) fn completed<'t>(topic: &'t str, requested: &str) -> Option<&'t str> {
    let rest = topic
        .strip_prefix(requested)
        .or_else(|| topic.strip_prefix("table/")?.strip_prefix(requested))?;
    let project = rest.strip_prefix('/')?;
    (!project.is_empty() && !project.contains('/')).then_some(project)
}

/// Checks an event name or a room id, which may hold anything printable.
pub(crate) fn validate_text(text: &str, what: &'static str) -> Result<(), Error> {
    if text.is_empty() {
        return Err(invalid(what, "is empty"));
    }
    // Most names are ASCII, which is told by its bytes.
    let plain = text.bytes().all(|byte| (b' '..0x7f).contains(&byte));
    if !plain && text.chars().any(char::is_control) {
        return Err(invalid(what, "holds a control character"));
    }
    Ok(())
}

/// Checks the name of an event of the application's. Names under `presence:` are the protocol's: one that is published
/// would change the member lists of others, and one that arrives is no event.
pub(crate) fn validate_event(name: &str) -> Result<(), Error> {
    validate_text(name, "event name")?;
    if name.starts_with(PRESENCE) {
        return Err(invalid(
            "event name",
            "begins with `presence:`, which the protocol uses itself; use `track`, `presence` or another name",
        ));
    }
    Ok(())
}

fn validate(name: &str, what: &'static str) -> Result<(), Error> {
    validate_text(name, what)?;
    if name.split('/').any(str::is_empty) {
        return Err(invalid(
            what,
            "has an empty segment; remove leading, trailing and doubled slashes",
        ));
    }
    Ok(())
}

fn invalid(what: &str, why: &str) -> Error {
    Error::new(ErrorKind::InvalidName, format!("the {what} {why}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_string_means_what_the_platform_says() {
        for (given, wire) in [
            ("orders", "table/orders/proj-1"),
            ("table/orders", "table/orders/proj-1"),
            ("table/orders/proj-1", "table/orders/proj-1"),
            ("chat/general", "chat/general/proj-1"),
            ("chat/proj-1", "chat/proj-1"),
            ("game/room-42", "game/room-42/proj-1"),
        ] {
            let name = Name::guess(given, Some("proj-1")).unwrap();
            assert_eq!(name.wire(Some("proj-1")), wire, "{given}");
        }
    }

    #[test]
    fn explicit_constructors_leave_no_doubt() {
        let project = Some("proj-1");
        for (name, wire) in [
            (Name::table("orders"), "table/orders/proj-1"),
            (Name::path("chat/proj-1"), "chat/proj-1/proj-1"),
            (Name::path("lobby"), "lobby/proj-1"),
            (Name::raw("chat/proj-1", project), "chat/proj-1"),
        ] {
            assert_eq!(name.unwrap().wire(project), wire);
        }
        assert_eq!(
            Name::path("table/orders").unwrap(),
            Name::table("orders").unwrap()
        );
    }

    #[test]
    fn one_topic_is_one_channel_however_it_is_named() {
        let project = Some("p");
        for (raw, same) in [
            ("table/orders/p", Name::table("orders")),
            ("chat/lobby/p", Name::path("chat/lobby")),
        ] {
            assert_eq!(Name::raw(raw, project).unwrap(), same.unwrap());
        }
    }

    #[test]
    fn without_a_project_the_short_form_goes_out() {
        for (name, wire) in [
            (Name::table("orders"), "table/orders"),
            (Name::path("chat/lobby"), "chat/lobby"),
            (Name::raw("chat/lobby/p", None), "chat/lobby/p"),
        ] {
            assert_eq!(name.unwrap().wire(None), wire);
        }
    }

    #[test]
    fn names_the_platform_would_not_take_are_refused() {
        for given in ["", "/", "orders/", "/orders", "a//b", "a\nb", "a/\u{0}"] {
            let error = Name::guess(given, Some("p")).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidName, "{given:?}");
        }
        assert!(Name::table("a/b").is_err());
    }

    #[test]
    fn a_completion_is_exact_and_never_a_prefix() {
        for (topic, requested, project) in [
            ("chat/room-1/p", "chat/room-1", Some("p")),
            ("chat/room-10/p", "chat/room-1", None),
            ("table/orders/p", "orders", Some("p")),
            ("table/orders/p", "table/orders", Some("p")),
            ("chat/room-1", "chat/room-1", None),
            ("chat/room-1/", "chat/room-1", None),
            ("chat/room-1/x/p", "chat/room-1", None),
        ] {
            assert_eq!(completed(topic, requested), project, "{topic} {requested}");
        }
    }

    proptest! {
        #[test]
        fn what_the_server_completes_leads_back_to_the_name(path in "[a-z]{1,5}(/[a-z0-9-]{1,5}){0,3}", project in "[a-z0-9_]{1,8}") {
            for name in [Name::guess(&path, None).unwrap(), Name::path(&path).unwrap()] {
                let short = name.wire(None);
                let whole = name.wire(Some(&project));
                prop_assert_eq!(completed(&whole, &short), Some(project.as_str()));
            }
        }
    }
}
