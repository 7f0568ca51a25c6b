// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The book, inside the program: its contents and its pages as HTML.
//!
//! Architecture invariant: what comes out is made from Markdown and the pictures that lie beside it alone. Raw HTML in a page is shown
//! as text, never passed on.

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd, html};

const SUMMARY: &str = include_str!("../../../book/src/SUMMARY.md");

macro_rules! pages {
    ($($path:literal,)*) => {
        /// Every page: its path without the ending, and its Markdown.
        const PAGES: &[(&str, &str)] = &[$(($path, include_str!(concat!("../../../book/src/", $path, ".md"))),)*];
    };
}

pages! {
    "introduction",
    "tutorial/first-evidence",
    "how-to/onboard-an-agency",
    "how-to/collect-with-nothing",
    "how-to/bind-documents",
    "how-to/answer-an-incident",
    "how-to/report-under-the-law",
    "how-to/watch-for-vulnerabilities",
    "how-to/decide-once",
    "how-to/warn-before-others",
    "how-to/publish",
    "how-to/plan-support",
    "how-to/write-to-a-project",
    "how-to/spare-the-questions",
    "how-to/choose-roles",
    "how-to/carry-patches",
    "how-to/check-a-repository",
    "how-to/judge-a-bill-of-materials",
    "how-to/try-a-draft-law",
    "how-to/ask-rules",
    "how-to/pass-rules-on",
    "how-to/accept-bills-of-materials",
    "how-to/publish-open-data",
    "how-to/assess-dependencies",
    "how-to/keep-the-catalogue",
    "how-to/ask-in-sql",
    "how-to/open-the-web-house",
    "how-to/purge-a-secret",
    "how-to/migrate-dependency-track",
    "how-to/use-postgresql",
    "how-to/keep-evidence-in-an-object-store",
    "how-to/run-several-servers",
    "how-to/back-up",
    "reference/words",
    "reference/commands",
    "reference/settings",
    "reference/formats",
    "reference/json",
    "reference/gap-codes",
    "reference/archive-codes",
    "reference/limits",
    "reference/tables",
    "reference/practices",
    "reference/own-verdicts",
    "reference/api",
    "reference/page-weights",
    "explanation/evidence-and-decisions",
    "explanation/identity",
    "explanation/coverage",
    "explanation/matching",
    "explanation/public-matchers",
    "explanation/dependence",
    "explanation/authorisation",
    "explanation/scale",
}

macro_rules! pictures {
    ($($path:literal,)*) => {
        /// Every picture: its path, and what is drawn.
        const PICTURES: &[(&str, &str)] = &[$(($path, include_str!(concat!("../../../book/src/", $path))),)*];
    };
}

// Made by the program itself (`underpin bench scale --page`).
pictures! {
    "explanation/scale-disk.svg",
    "explanation/scale-memory.svg",
    "explanation/scale-time.svg",
}

/// A part of the book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// Its title; empty for what stands before the first one.
    pub title: &'static str,
    /// Its pages: title, and path without the ending.
    pub pages: Vec<(&'static str, &'static str)>,
}

/// A page of the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its title in the contents.
    pub title: &'static str,
    /// Its body, made from Markdown.
    pub html: String,
}

/// Every page as it is written: its path without the ending, and its Markdown.
pub fn sources() -> &'static [(&'static str, &'static str)] {
    PAGES
}

/// The contents, as the book's own list has them.
pub fn contents() -> Vec<Section> {
    let mut sections = vec![Section::default()];
    for line in SUMMARY.lines().map(str::trim) {
        if let Some(title) = line.strip_prefix("# ").filter(|title| *title != "Summary") {
            sections.push(Section { title, pages: Vec::new() });
        } else if let Some(entry) = line.trim_start_matches("- ").strip_prefix('[').and_then(entry)
            && let Some(section) = sections.last_mut()
        {
            section.pages.push(entry);
        }
    }
    sections.retain(|section| !section.pages.is_empty());
    sections
}

/// `Title](path.md)`.
fn entry(rest: &'static str) -> Option<(&'static str, &'static str)> {
    let (title, rest) = rest.split_once("](")?;
    Some((title, rest.split(')').next()?.strip_suffix(".md")?))
}

/// A page by its path without the ending.
pub fn page(path: &str) -> Option<Page> {
    let (path, markdown) = PAGES.iter().find(|(own, _)| *own == path)?;
    let listed = contents().into_iter().flat_map(|section| section.pages).find(|(_, own)| own == path);
    Some(Page { title: listed.map_or(*path, |(title, _)| title), html: html_of(path, markdown) })
}

/// Markdown as HTML; `path` is the page that its links start from.
fn html_of(path: &str, markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_GFM;
    let mut events: Vec<Event<'_>> = Vec::new();
    let mut heading: Option<usize> = None;
    let mut drawing = false;
    for event in Parser::new_ext(markdown, options) {
        // A picture has its words in it.
        if drawing && event != Event::End(TagEnd::Image) {
            continue;
        }
        match event {
            Event::Html(raw) | Event::InlineHtml(raw) => {
                if !raw.trim_start().starts_with("<!--") {
                    events.push(Event::Text(raw));
                }
            }
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => {}
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let dest_url = CowStr::from(address(path, &dest_url));
                events.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                drawing = true;
                events.extend(picture(path, &dest_url).map(|picture| Event::Html(picture.into())));
            }
            Event::End(TagEnd::Image) => drawing = false,
            Event::Start(Tag::Table(columns)) => {
                events.push(Event::Html("<div class=\"scroll\" tabindex=\"0\">".into()));
                events.push(Event::Start(Tag::Table(columns)));
            }
            Event::End(TagEnd::Table) => {
                events.push(Event::End(TagEnd::Table));
                events.push(Event::Html("</div>".into()));
            }
            // A wide line of code is scrolled; for that the keyboard must reach it.
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented)) => {
                events.push(Event::Html("<pre tabindex=\"0\"><code>".into()));
            }
            Event::End(TagEnd::CodeBlock) => events.push(Event::Html("</code></pre>\n".into())),
            Event::Start(Tag::Heading { .. }) => {
                heading = Some(events.len());
                events.push(event);
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some(begin) = heading.take() {
                    name(&mut events, begin);
                }
                events.push(event);
            }
            other => events.push(other),
        }
    }
    let mut out = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut out, events.into_iter());
    out
}

/// Gives the heading that begins there a name made of its words, so that links can point at it.
fn name(events: &mut [Event<'_>], begin: usize) {
    let mut words = String::new();
    for event in &events[begin + 1..] {
        if let Event::Text(text) | Event::Code(text) = event {
            words.push_str(text);
        }
    }
    if let Some(Event::Start(Tag::Heading { id, .. })) = events.get_mut(begin) {
        *id = Some(CowStr::from(slug(&words)));
    }
}

/// `What is kept?` as `what-is-kept`.
fn slug(words: &str) -> String {
    let plain = words.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
    plain.map(|letter| if letter == ' ' { '-' } else { letter.to_ascii_lowercase() }).collect()
}

/// A picture of the book that lies beside the page, without colours of its own: a page has the house's. Nothing else is a picture.
fn picture(path: &str, target: &str) -> Option<String> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let (_, drawn) = PICTURES.iter().find(|(own, _)| *own == format!("{folder}/{target}"))?;
    let (before, rest) = drawn.split_once("<style>")?;
    // A figure of the house has two widths and shows one; here there is one alone, and it has the room that there is.
    Some(format!("{}{}", before.replacen("chart wide", "chart", 1), rest.split_once("</style>")?.1))
}

/// Where a link of a page leads in the house: pages of the book lie below `/help/`. What leads elsewhere stays as it is, if it is a web
/// address; anything else leads nowhere.
fn address(path: &str, target: &str) -> String {
    if target.starts_with("https://") || target.starts_with('#') {
        return target.to_owned();
    }
    let (file, fragment) = target.split_once('#').map_or((target, ""), |(file, fragment)| (file, fragment));
    let Some(file) = file.strip_suffix(".md") else { return "#".to_owned() };
    let mut steps: Vec<&str> = path.split('/').collect();
    steps.pop();
    for step in file.split('/') {
        match step {
            ".." => drop(steps.pop()),
            "." | "" => {}
            step => steps.push(step),
        }
    }
    let mark = if fragment.is_empty() { "" } else { "#" };
    format!("/help/{}{mark}{fragment}", steps.join("/"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_contents_name_every_page_and_no_other() {
        let listed: BTreeSet<&str> =
            contents().iter().flat_map(|section| &section.pages).map(|(_, path)| *path).collect();
        let kept: BTreeSet<&str> = PAGES.iter().map(|(path, _)| *path).collect();
        assert_eq!(listed, kept);
        assert!(contents().len() > 3, "{:?}", contents());
        assert_eq!(page("no/such"), None);
        assert_eq!(page("../SUMMARY"), None);
    }

    #[test]
    fn links_between_pages_lead_to_pages() {
        for (path, _) in PAGES {
            let page = page(path).expect("a page that is kept");
            for part in page.html.split("href=\"").skip(1) {
                let target = part.split('"').next().unwrap_or_default();
                let Some(inside) = target.strip_prefix("/help/") else {
                    assert!(target.starts_with("https://") || target.len() > 1, "{path} links to {target:?}");
                    continue;
                };
                let inside = inside.split('#').next().unwrap_or_default();
                assert!(PAGES.iter().any(|(own, _)| *own == inside), "{path} links to {inside}");
            }
            assert_eq!(page.html.matches("<h1").count(), 1, "{path}");
            assert!(!page.html.contains("The Underpin authors"), "{path} shows its comment");
        }
    }

    #[test]
    fn addresses_start_from_the_page() {
        for (path, target, expected) in [
            ("introduction", "tutorial/a.md", "/help/tutorial/a"),
            ("how-to/b", "../reference/settings.md#x", "/help/reference/settings#x"),
            ("how-to/b", "c.md", "/help/how-to/c"),
            ("how-to/b", "#here", "#here"),
            ("how-to/b", "https://example.org/", "https://example.org/"),
            ("how-to/b", "javascript:alert(1)", "#"),
            ("how-to/b", "http://example.org/", "#"),
        ] {
            assert_eq!(address(path, target), expected);
        }
    }

    #[test]
    fn pictures_of_the_book_are_drawn_and_no_others() {
        for (path, drawn) in PICTURES {
            let (folder, file) = path.rsplit_once('/').expect("a folder");
            let html = html_of(&format!("{folder}/page"), &format!("# A\n\n![words]({file})\n"));
            assert!(
                html.contains("<svg class=\"chart\"") && !html.contains("<style") && !html.contains("<img"),
                "{html}"
            );
            assert!(!html.contains("words") && drawn.contains("role=\"img\""), "{html}");
        }
        for other in ["../explanation/scale-disk.svg", "https://example.org/x.svg", "none.svg", "javascript:alert(1)"] {
            let html = html_of("explanation/page", &format!("# A\n\n![words]({other})\n"));
            assert!(!html.contains("<svg") && !html.contains("<img") && !html.contains("src="), "{html}");
        }
    }

    #[test]
    fn raw_html_is_shown_and_not_done() {
        let html = html_of(
            "a",
            "# A b\n\n<script>x</script>\n\ntext <b onclick=1>c</b>\n\n<!-- gone -->\n\n```sh\na < b\n```\n",
        );
        assert!(!html.contains("<script") && !html.contains("<b ") && !html.contains("gone"), "{html}");
        assert!(html.contains("&lt;script&gt;") && html.contains("<h1 id=\"a-b\">A b</h1>"), "{html}");
        assert!(html.contains("<pre tabindex=\"0\"><code>a &lt; b\n</code></pre>"), "{html}");
    }
}
