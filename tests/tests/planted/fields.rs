//! No field that is named like a secret holds a plain text, so that nothing derived from it can show one.

use aerostack_contract::{here, rust_files};
use syn::visit::{self, Visit};
use syn::{Field, ItemEnum, ItemStruct, Type};

const CRATES: [&str; 3] = ["aerostack", "aerostack-api", "aerostack-realtime"];

/// Names, or last words of names, that only a secret has.
const SECRET: [&str; 9] = [
    "password",
    "secret",
    "token",
    "api_key",
    "key_bearer",
    "otp",
    "credential",
    "code",
    "jwt",
];

/// What may hold one: types that hide it, or a header, which is marked as sensitive when it is made.
const HIDING: [&str; 5] = [
    "Secret",
    "Token",
    "HeaderValue",
    "Credential",
    "TokenProvider",
];

/// Fields that have such a name and are none: names of failures and of reasons to close. A frame that is about to be
/// sent borrows the token, and cannot be printed.
const HARMLESS: [(&str, &str); 7] = [
    ("Repr", "code"),
    ("ErrorBody", "code"),
    ("Envelope", "code"),
    ("Said", "code"),
    ("Details", "code"),
    ("Details", "close_code"),
    ("ClientFrame", "token"),
];

#[derive(Default)]
struct Plain {
    inside: String,
    found: Vec<String>,
    secret: usize,
}

impl<'ast> Visit<'ast> for Plain {
    fn visit_item_enum(&mut self, item: &'ast ItemEnum) {
        let before = std::mem::replace(&mut self.inside, item.ident.to_string());
        visit::visit_item_enum(self, item);
        self.inside = before;
    }

    fn visit_item_struct(&mut self, item: &'ast ItemStruct) {
        let before = std::mem::replace(&mut self.inside, item.ident.to_string());
        visit::visit_item_struct(self, item);
        self.inside = before;
    }

    fn visit_field(&mut self, field: &'ast Field) {
        let Some(name) = &field.ident else { return };
        let name = name.to_string();
        let is_secret = SECRET
            .iter()
            .any(|secret| name == *secret || name.ends_with(&format!("_{secret}")));
        if !is_secret || HARMLESS.contains(&(self.inside.as_str(), name.as_str())) {
            return;
        }
        let of = words(&field.ty);
        match of.iter().any(|word| HIDING.contains(&word.as_str())) {
            true => self.secret += 1,
            false => self.found.push(format!("{}.{name}: {of:?}", self.inside)),
        }
    }
}

#[test]
fn what_is_named_like_a_secret_is_one() {
    let mut plain = Plain::default();
    for name in CRATES {
        for path in rust_files(&here().join("../crates").join(name).join("src")).unwrap() {
            let file = syn::parse_file(&std::fs::read_to_string(path).unwrap()).unwrap();
            plain.visit_file(&file);
        }
    }
    assert_eq!(plain.found, [""; 0]);
    assert!(
        plain.secret > 30,
        "only {} secrets were found",
        plain.secret
    );
}

/// All names in a type.
fn words(of: &Type) -> Vec<String> {
    #[derive(Default)]
    struct Words(Vec<String>);
    impl<'ast> Visit<'ast> for Words {
        fn visit_ident(&mut self, word: &'ast syn::Ident) {
            self.0.push(word.to_string());
        }
    }
    let mut words = Words::default();
    words.visit_type(of);
    words.0
}
