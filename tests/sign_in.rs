//! The pages by which people sign in, over HTTP, on every setup.

mod cookies;
mod cross_site;
mod enumeration;
mod experience;
mod headers;
mod identifiers;
mod language;
mod lockout;
mod pages;
mod registration;
mod session;
mod setup_link;
mod sign_in_under_way;
mod suspension;
