//! The pages by which people sign in, over HTTP, on every setup.

mod by_code;
mod code_binding;
mod code_guesses;
mod code_limits;
mod code_secrecy;
mod cookies;
mod cross_site;
mod enumeration;
mod experience;
mod forgotten_password;
mod headers;
mod identifiers;
mod language;
mod lockout;
mod message_limits;
mod pages;
mod phone;
mod records;
mod register_by_code;
mod registration;
mod session;
mod setup_link;
mod sign_in_under_way;
mod suspension;
