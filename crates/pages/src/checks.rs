//! What holds for every page, every message and the stylesheet.

mod html;
mod messages;
mod pages;
mod stylesheet;
