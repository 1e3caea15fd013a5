//! The wire of the Aerostack platform: the generated low-level client and what every Aerostack crate shares.
