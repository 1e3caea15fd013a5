//! The memory of a secret that is gone, as the operating system shows it.
#![cfg(target_os = "linux")]

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::sync::LazyLock;

/// Too long for the first bytes alone, which the allocator writes over.
const PLANTED: &str =
    "Planted-0123456789-0123456789-0123456789-0123456789-0123456789-0123456789-0123456789";
/// What of it the allocator leaves alone.
const END: &str = "6789-0123456789";

/// Whether the text is still where it was. None of it is borrowed any longer; the file is read, not the pointer. Nothing
/// is allocated, so that what was given back is not taken again by looking at it.
fn is_there(at: usize) -> bool {
    static MEMORY: LazyLock<File> = LazyLock::new(|| File::open("/proc/self/mem").unwrap());
    let mut found = [0; PLANTED.len()];
    // A page that was given back is read as an error, and holds nothing.
    let _ = MEMORY.read_at(&mut found, at as u64);
    found
        .windows(END.len())
        .any(|window| window == END.as_bytes())
}

/// Where the text is that `of` makes and `shown` shows, and whether it is still there when its owner is gone.
fn survives<T>(of: impl Fn() -> T, shown: impl Fn(&T) -> &str) -> bool {
    (0..20).any(|_| {
        let owner = of();
        let at = shown(&owner).as_ptr() as usize;
        assert!(is_there(at), "it was not where it should be");
        drop(owner);
        is_there(at)
    })
}

#[test]
fn a_secret_that_is_gone_is_wiped() {
    assert!(
        survives(|| PLANTED.to_owned(), |text| text),
        "a text that is no secret was not seen either"
    );
    use aerostack_api::Secret as Wire;
    assert!(!survives(|| Wire::new(PLANTED), Wire::expose));
    assert!(!survives(|| Wire::from(PLANTED), Wire::expose));
    let json = format!("{PLANTED:?}");
    let decoded = || serde_json::from_str::<Wire>(&json).unwrap();
    assert!(!survives(decoded, Wire::expose));
    use aerostack::Secret;
    assert!(!survives(|| Secret::new(PLANTED), Secret::expose));
    assert!(!survives(|| Secret::new(PLANTED).clone(), Secret::expose));
}

/// The text a secret is made of may be longer than it looks, and is then moved on the way.
#[test]
fn the_text_that_a_secret_is_made_of_is_wiped_as_well() {
    let left = (0..20).any(|_| {
        let mut text = String::with_capacity(4096);
        text.push_str(PLANTED);
        let at = text.as_ptr() as usize;
        let secret = aerostack_api::Secret::new(text);
        let there = is_there(at);
        drop(secret);
        there
    });
    assert!(!left);
}
