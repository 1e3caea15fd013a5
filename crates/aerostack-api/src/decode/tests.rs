use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::*;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Task {
    done: bool,
    maybe: Option<bool>,
    many: Vec<bool>,
    kind: Kind,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Kind {
    Plain,
    Flagged { on: bool },
}

#[derive(Debug, PartialEq, Deserialize)]
struct Flags {
    active: bool,
    hidden: Option<bool>,
    level: u8,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Flat {
    id: i64,
    #[serde(flatten)]
    flags: Flags,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Tagged {
    Switch { on: bool },
    Dial { on: u8 },
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "lowercase")]
enum Adjacent {
    Switch { on: bool, steps: i64 },
}

#[test]
fn zero_and_one_are_booleans_at_any_depth() {
    let task: Task =
        decode(r#"{"done":1,"maybe":0,"many":[1,true,0],"kind":{"Flagged":{"on":1}}}"#).unwrap();
    assert_eq!(
        task,
        Task {
            done: true,
            maybe: Some(false),
            many: vec![true, true, false],
            kind: Kind::Flagged { on: true }
        }
    );
    assert!(decode::<bool>("2").is_err());
    assert!(decode::<bool>("-1").is_err());
    assert!(decode::<bool>("\"true\"").is_err());
    assert_eq!(decode::<i64>("1").unwrap(), 1);
}

#[test]
fn zero_and_one_are_booleans_below_flatten_and_in_enums() {
    let flags = |active, hidden, level| Flags {
        active,
        hidden,
        level,
    };
    assert_eq!(
        decode::<Flat>(r#"{"id":1,"level":1,"hidden":0,"active":1}"#),
        Ok(Flat {
            id: 1,
            flags: flags(true, Some(false), 1)
        })
    );
    assert_eq!(
        decode::<Vec<Tagged>>(r#"[{"kind":"switch","on":1},{"on":0,"kind":"switch"}]"#),
        Ok(vec![
            Tagged::Switch { on: true },
            Tagged::Switch { on: false }
        ])
    );
    assert_eq!(
        decode::<Tagged>(r#"{"kind":"dial","on":1}"#),
        Ok(Tagged::Dial { on: 1 })
    );
    assert_eq!(
        decode::<Adjacent>(r#"{"data":{"on":1,"steps":1},"kind":"switch"}"#),
        Ok(Adjacent::Switch { on: true, steps: 1 })
    );
}

#[test]
fn many_rows_with_booleans_below_flatten_need_few_passes() {
    let rows: Vec<Value> = (0..2_000)
        .map(|id| json!({"id": id, "active": id % 2, "hidden": null, "level": id % 2}))
        .collect();
    let rows: Vec<Flat> = decode(&json!(rows).to_string()).unwrap();
    for (id, row) in rows.iter().enumerate() {
        assert_eq!(row.flags.active, id % 2 == 1);
        assert_eq!(usize::from(row.flags.level), id % 2);
    }
}

/// The first variant that fits is taken, and a number asked for as a boolean is one: serde's own rule, had it not
/// buffered the number.
#[test]
fn an_untagged_enum_takes_the_variant_it_would_take_of_booleans() {
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(untagged)]
    enum Either {
        Flag { on: bool, name: String },
        Level { on: i64, unit: String },
        Other(HashMap<String, Value>),
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(untagged)]
    enum LevelFirst {
        Level { on: i64, unit: String },
        Flag { on: bool, name: String },
        Other(HashMap<String, Value>),
    }

    assert_eq!(
        decode::<Either>(r#"{"on":1,"name":"lamp"}"#),
        Ok(Either::Flag {
            on: true,
            name: "lamp".to_owned()
        })
    );
    assert_eq!(
        decode::<Either>(r#"{"on":1,"unit":"V"}"#),
        Ok(Either::Level {
            on: 1,
            unit: "V".to_owned()
        })
    );
    assert_eq!(
        decode::<Either>(r#"{"on":1}"#),
        Ok(Either::Other(HashMap::from([("on".to_owned(), json!(1))])))
    );
    assert_eq!(
        decode::<LevelFirst>(r#"{"on":1,"unit":"V","name":"lamp"}"#),
        Ok(LevelFirst::Level {
            on: 1,
            unit: "V".to_owned()
        })
    );
    assert_eq!(
        decode::<LevelFirst>(r#"{"on":0,"name":"lamp"}"#),
        Ok(LevelFirst::Flag {
            on: false,
            name: "lamp".to_owned()
        })
    );
}

#[test]
fn what_fits_in_no_reading_is_an_error_that_names_the_column_and_the_remedy() {
    let error = decode::<Flat>(r#"{"id":1,"active":1,"hidden":2,"level":0}"#).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("expected a boolean"), "{text}");
    let error = decode::<Vec<Tagged>>(
        r#"[{"kind":"switch","on":1},{"kind":"dial","on":1},{"kind":"dial","on":1}]"#,
    )
    .unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("`on`") && text.contains("aerostack::db::bool01"),
        "{text}"
    );
}

#[test]
fn integers_read_from_the_forms_in_which_drivers_and_javascript_write_them() {
    assert_eq!(
        decode::<i64>("\"-9007199254740993\""),
        Ok(-9_007_199_254_740_993)
    );
    assert_eq!(decode::<u64>("\"18446744073709551615\""), Ok(u64::MAX));
    assert_eq!(decode::<i64>("3.0"), Ok(3));
    assert_eq!(decode::<f64>("3"), Ok(3.0));
    assert_eq!(decode::<Option<i64>>("\"7\""), Ok(Some(7)));
    for unfit in [
        "\"\"", "\"1.5\"", "\" 1\"", "\"1e3\"", "1.5", "1e300", "true", "{}", "[1]",
    ] {
        assert!(decode::<i64>(unfit).is_err(), "{unfit}");
    }
    assert!(decode::<u8>("\"256\"").is_err());
    assert!(decode::<String>("1").is_err(), "text is text");
    assert_eq!(
        decode::<BTreeMap<i64, bool>>(r#"{"7":1}"#),
        Ok(BTreeMap::from([(7, true)]))
    );
}

#[test]
fn a_mismatch_names_its_place() {
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only decoded")]
    struct Outer {
        rows: Vec<BTreeMap<String, Kind>>,
    }
    for (json, place) in [
        (
            r#"{"rows":[{},{"a":{"Flagged":{"on":"x"}}}]}"#,
            "rows[1].a.Flagged.on",
        ),
        (r#"{"rows":[{"b":"Plain","a":"Odd"}]}"#, "rows[0].a"),
        (r#"{"rows":7}"#, "rows"),
    ] {
        let mismatch = decode::<Outer>(json).unwrap_err();
        let said = mismatch.describe("it");
        assert!(
            said.starts_with(&format!("it.{place} does not fit")),
            "{said}"
        );
    }
    assert!(decode::<Outer>("[").is_err());
    assert!(decode::<i64>("1 2").is_err(), "something follows");
}

/// Stands in for a part that is kept as its text.
#[derive(Debug, Deserialize)]
struct Raw(crate::RawJson);

impl PartialEq for Raw {
    fn eq(&self, other: &Self) -> bool {
        self.0.text() == other.0.text()
    }
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Answer {
    url: Option<String>,
    size: Option<i64>,
    share: Option<f64>,
    done: Option<bool>,
    entries: Option<Vec<Answer>>,
    raw: Option<Raw>,
}

#[test]
fn optional_scalars_of_an_answer_convert_or_are_absent() {
    let read = |json: &str| decode_answer::<Answer>(json.as_bytes()).unwrap();
    let odd = read(
        r#"{"url":7,"size":"5","share":"0.5","done":1,"raw":{"size":{}},"entries":[{"size":{}},{"size":3},{"size":"soon","url":"u"}]}"#,
    );
    assert_eq!(odd.url.as_deref(), Some("7"));
    assert_eq!(
        (odd.size, odd.share, odd.done),
        (Some(5), Some(0.5), Some(true))
    );
    assert_eq!(odd.raw.unwrap().0.text(), r#"{"size":{}}"#);
    let entries = odd.entries.unwrap();
    let sizes: Vec<_> = entries.iter().map(|entry| entry.size).collect();
    assert_eq!(sizes, [None, Some(3), None]);
    assert_eq!(entries[2].url.as_deref(), Some("u"));
}

#[test]
fn a_wanted_part_that_does_not_fit_is_named() {
    let mismatch = decode_answer::<Answer>(br#"{"entries":[{"url":[]},7]}"#).unwrap_err();
    assert!(
        mismatch.to_string().starts_with("`entries[1]`: "),
        "{mismatch}"
    );
    assert!(decode_answer::<Answer>(b"\xff").is_err());
    assert!(decode_answer::<Answer>(b"{\"size\":").is_err());
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (0u8..3).prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,4}", inner, 0..4).prop_map(|map| json!(map)),
        ]
    })
}

/// A struct of booleans and integers, read directly and by way of serde's buffer.
#[derive(Debug, PartialEq, Deserialize)]
struct Direct {
    a: bool,
    b: i64,
    c: Option<bool>,
    d: u8,
    e: bool,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Buffered {
    #[serde(flatten)]
    direct: Direct,
}

proptest! {
    #[test]
    fn everything_else_reads_as_without_it(value in any_json()) {
        let text = value.to_string();
        prop_assert_eq!(decode::<Value>(&text).unwrap(), value.clone());
        prop_assert_eq!(decode_answer::<Value>(text.as_bytes()).unwrap(), value);
    }

    #[test]
    fn well_formed_values_round_trip(done: bool, maybe: Option<bool>, many: Vec<bool>, on: bool) {
        let task = Task { done, maybe, many, kind: if on { Kind::Plain } else { Kind::Flagged { on } } };
        prop_assert_eq!(decode::<Task>(&serde_json::to_string(&task).unwrap()).unwrap(), task);
    }

    #[test]
    fn a_buffer_changes_nothing(
        a in 0u8..3, b in -1i64..3, c in prop::option::of(0u8..3), d in 0u8..3, e in 0u8..3, keys in Just(["a", "b", "c", "d", "e"]).prop_shuffle(),
    ) {
        let value = json!({"a": a, "b": b, "c": c, "d": d, "e": e});
        let fields: Vec<String> = keys.iter().map(|key| format!("\"{key}\":{}", value[*key])).collect();
        let text = format!("{{{}}}", fields.join(","));
        let direct = decode::<Direct>(&text).ok();
        prop_assert_eq!(decode::<Buffered>(&text).ok().map(|buffered| buffered.direct), direct);
    }
}
