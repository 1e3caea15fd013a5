//! Realtime channels of the Aerostack platform: subscriptions that survive the network.
