use super::*;

fn record_with(job: Value) -> Result<Value> {
    let schema = json!({ "type": "object", "properties": { "job": job } });
    match component(
        "Reply",
        &Node::new(Place::default(), &schema).unwrap(),
        true,
    )? {
        Component::Schema(schema) => Ok(schema["properties"]["job"].clone()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_reference_that_may_be_null_is_an_option_once_and_only_there() {
    let job = json!({ "$ref": "#/components/schemas/Job" });
    let none = json!({ "type": "object", "nullable": true, "enum": [null] });
    let optional = json!({ "oneOf": [job, none] });
    assert_eq!(
        record_with(optional.clone()).unwrap(),
        json!({ "allOf": [job] })
    );
    assert_eq!(
        record_with(json!({ "type": "array", "items": optional })).unwrap(),
        json!({ "type": "array", "items": { "allOf": [job], "nullable": true }, "nullable": true })
    );
    assert_eq!(
        record_with(json!({ "type": "array", "items": job })).unwrap(),
        json!({ "type": "array", "items": job, "nullable": true })
    );
}

#[test]
fn other_ways_to_write_null_beside_a_reference_are_refused() {
    let job = json!({ "$ref": "#/components/schemas/Job" });
    for (schema, says) in [
        (
            json!({ "allOf": [job], "nullable": true }),
            "has no effect without `type`",
        ),
        (
            json!({ "oneOf": [job] }),
            "may only be `oneOf: [{ $ref: .. }",
        ),
        (
            json!({ "oneOf": [job, job] }),
            "may only be `oneOf: [{ $ref: .. }",
        ),
        (json!({ "allOf": [job, job] }), "may only wrap one `$ref`"),
        (
            json!({ "allOf": [{ "type": "string" }] }),
            "is not a `$ref`",
        ),
    ] {
        let error = record_with(schema).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
        assert!(error.contains("/properties/job/"), "{error}");
    }
}
