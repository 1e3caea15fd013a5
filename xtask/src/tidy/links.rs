//! Links between pages: every file and heading a page names is there, and the guide's table of contents is complete.

use std::collections::BTreeSet;

use super::Problem;

/// Links that name a file of this repository by its address.
const REPOSITORY: &[&str] = &[
    "https://github.com/aerostackdev/aerostack-rust/blob/main/",
    "https://github.com/aerostackdev/aerostack-rust/tree/main/",
];

const CHAPTERS: &str = "docs/src/";
const CONTENTS: &str = "docs/src/SUMMARY.md";

/// The broken links of one page. `files` are all paths from the workspace root; `read` gives the text of one.
pub(super) fn check(
    path: &str,
    text: &str,
    files: &BTreeSet<&str>,
    read: &dyn Fn(&str) -> Option<String>,
) -> Vec<Problem> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut problems = Vec::new();
    for (line, target) in links(text) {
        let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
        let within = REPOSITORY.iter().find_map(|start| file.strip_prefix(start));
        let file = match within {
            Some(file) => file.to_owned(),
            None if file.contains("://") || file.starts_with("mailto:") => continue,
            None if file.is_empty() => path.to_owned(),
            None => joined(folder, file),
        };
        let is_folder = || {
            files
                .iter()
                .any(|other| other.starts_with(&format!("{file}/")))
        };
        if !files.contains(file.as_str()) && !is_folder() {
            problems.push(Problem::new(
                path,
                line,
                format!("links to {file}, which is not there"),
            ));
        } else if !anchor.is_empty() && file.ends_with(".md") {
            let headings = read(&file).map(|text| headings(&text)).unwrap_or_default();
            if !headings.contains(anchor) {
                let text = format!("links to the heading #{anchor} of {file}, which is not there");
                problems.push(Problem::new(path, line, text));
            }
        }
    }
    if path == CONTENTS {
        let listed: BTreeSet<String> = links(text)
            .map(|(_, target)| joined(folder, target))
            .collect();
        let chapters = files
            .iter()
            .filter(|file| file.starts_with(CHAPTERS) && file.ends_with(".md"));
        for chapter in chapters.filter(|file| **file != CONTENTS && !listed.contains(**file)) {
            problems.push(Problem::new(path, 0, format!("does not list {chapter}")));
        }
    }
    problems
}

/// The targets of links outside of code, and their lines.
fn links(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut code = false;
    let lines = text.lines().enumerate().filter(move |(_, line)| {
        let fence = line.trim_start().starts_with("```");
        code ^= fence;
        !code && !fence
    });
    lines.flat_map(|(index, line)| {
        let starts = line.match_indices("](").map(|(at, _)| &line[at + 2..]);
        starts.filter_map(move |rest| Some((index + 1, rest.split_once(')')?.0)))
    })
}

/// `file` as seen from `folder`.
fn joined(folder: &str, file: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in file.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The anchors GitHub and mdBook give the headings of a page.
fn headings(text: &str) -> BTreeSet<String> {
    text.lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            let kept = title
                .chars()
                .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
            kept.collect::<String>().replace(' ', "-")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(path: &str, text: &str) -> Vec<String> {
        let files = BTreeSet::from([
            "README.md",
            "docs/src/SUMMARY.md",
            "docs/src/cache.md",
            "docs/src/db.md",
        ]);
        let read = |file: &str| {
            (file == "docs/src/cache.md").then(|| "# Cache\n## Many keys\n".to_owned())
        };
        check(path, text, &files, &read)
            .iter()
            .map(Problem::to_string)
            .collect()
    }

    #[test]
    fn links_to_files_headings_folders_and_elsewhere_pass() {
        let text = "[a](cache.md) [b](cache.md#many-keys) [c](../../README.md) [d](https://example.com/x)\n\
                    [e](https://github.com/aerostackdev/aerostack-rust/blob/main/README.md) [f](../src)\n\
                    ```text\n[g](nothing.md)\n```\n";
        assert_eq!(problems("docs/src/db.md", text), [""; 0]);
    }

    #[test]
    fn a_link_to_what_is_not_there_fails() {
        for (text, expected) in [
            ("[a](nothing.md)", "links to docs/src/nothing.md"),
            ("[a](cache.md#few-keys)", "the heading #few-keys"),
            ("[a](../cache.md)", "links to docs/cache.md"),
            (
                "[a](https://github.com/aerostackdev/aerostack-rust/blob/main/nothing.md)",
                "links to nothing.md",
            ),
        ] {
            let found = problems("docs/src/db.md", text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert!(
                found[0].starts_with("docs/src/db.md:1: ") && found[0].contains(expected),
                "{found:?}"
            );
        }
    }

    #[test]
    fn the_table_of_contents_lists_every_chapter() {
        let text = "- [Cache](cache.md)\n";
        assert_eq!(
            problems("docs/src/SUMMARY.md", text),
            ["docs/src/SUMMARY.md: does not list docs/src/db.md"]
        );
    }
}
