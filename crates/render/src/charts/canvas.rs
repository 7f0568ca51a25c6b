// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What pictures are drawn on: shapes with classes instead of colours, and words whose places are kept, so that a test sees overlaps.

use std::fmt::Write as _;

use super::metrics::Words;

/// How wide a picture is drawn. Each has a layout of its own: a wide one that is shrunk cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// 720 units, for columns from 34 rem on.
    Wide,
    /// 320 units, for phones and magnified pages.
    Narrow,
}

impl Width {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Wide, Self::Narrow];

    /// In units.
    pub fn units(self) -> f64 {
        match self {
            Self::Wide => 720.0,
            Self::Narrow => 320.0,
        }
    }

    /// Size of words in units: at the narrowest place of each layout (544 px wide, 262 px narrow), they are still 11 px.
    pub fn text(self) -> f64 {
        match self {
            Self::Wide => 15.0,
            Self::Narrow => 14.0,
        }
    }

    /// Word for a class.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wide => "wide",
            Self::Narrow => "narrow",
        }
    }
}

/// Where words stand to their point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A rectangle in units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

impl Area {
    /// Where it ends on the right.
    #[cfg(test)]
    pub fn right(self) -> f64 {
        self.left + self.width
    }

    /// Where it ends below.
    #[cfg(test)]
    pub fn bottom(self) -> f64 {
        self.top + self.height
    }

    /// Whether both cover some place.
    #[cfg(test)]
    pub fn meets(self, other: Self) -> bool {
        let within = |low: f64, high: f64, other_low: f64, other_high: f64| low < other_high && other_low < high;
        within(self.left, self.right(), other.left, other.right())
            && within(self.top, self.bottom(), other.top, other.bottom())
    }
}

/// Words that were drawn, and where.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Label {
    pub text: String,
    pub area: Area,
}

/// Something to draw on.
#[derive(Debug)]
pub(super) struct Canvas {
    pub kind: Width,
    /// Grows as things are drawn below.
    pub height: f64,
    pub labels: Vec<Label>,
    pub has_links: bool,
    body: String,
}

impl Canvas {
    /// An empty one.
    pub fn new(kind: Width) -> Self {
        Self { kind, height: 0.0, labels: Vec::new(), has_links: false, body: String::new() }
    }

    /// How wide it is.
    pub fn width(&self) -> f64 {
        self.kind.units()
    }

    /// Size of words.
    pub fn text(&self) -> f64 {
        self.kind.text()
    }

    /// Whether it is the narrow one.
    pub fn is_narrow(&self) -> bool {
        self.kind == Width::Narrow
    }

    /// Words with their middle at a height. Gives where they end on the right.
    pub fn words(&mut self, x: f64, middle: f64, anchor: Anchor, class: &str, words: &Words) -> f64 {
        let size = self.text();
        let width = words.width * size;
        let left = match anchor {
            Anchor::Start => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::End => x - width,
        };
        if words.text.trim().is_empty() {
            return left;
        }
        let fixed = if words.is_fixed {
            format!(" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\"", number(width))
        } else {
            String::new()
        };
        // The baseline of Inter lies 0.36 of a size below the middle of its capitals. The words stand at their left end always: letters
        // that are written from the right would turn around any other anchor.
        self.put(format_args!(
            "<text x=\"{}\" y=\"{}\"{}{fixed}>{}</text> ",
            number(left),
            number(middle + 0.36 * size),
            classed(class),
            escaped(&words.text)
        ));
        self.labels.push(Label {
            text: words.text.clone(),
            area: Area { left, top: middle - 0.5 * size, width, height: size },
        });
        left + width
    }

    /// Words that surely fit, as they are.
    pub fn say(&mut self, x: f64, middle: f64, anchor: Anchor, class: &str, text: &str) -> f64 {
        let words = Words::new(text, is_strong(class));
        self.words(x, middle, anchor, class, &words)
    }

    /// Words cut to a room.
    pub fn fit(&mut self, x: f64, middle: f64, anchor: Anchor, class: &str, text: &str, room: f64) -> f64 {
        let words = Words::cut(text, is_strong(class), room / self.text());
        self.words(x, middle, anchor, class, &words)
    }

    /// A rectangle; one without width is not drawn.
    pub fn rect(&mut self, area: Area, class: &str) {
        if area.width <= 0.0 {
            return;
        }
        self.put(format_args!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"{}/>",
            number(area.left),
            number(area.top),
            number(area.width),
            number(area.height),
            classed(class)
        ));
    }

    /// A line from one point to another.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), class: &str) {
        let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(number);
        self.put(format_args!("<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"{}/>", classed(class)));
    }

    /// A line through points; closed along `base` when that is given.
    pub fn through(&mut self, points: &[(f64, f64)], base: Option<f64>, class: &str) {
        let (Some(first), Some(last)) = (points.first(), points.last()) else { return };
        let mut path = String::new();
        for (place, point) in points.iter().enumerate() {
            let _ = write!(path, "{}{} {}", if place == 0 { "M" } else { "L" }, number(point.0), number(point.1));
        }
        if let Some(base) = base {
            let _ = write!(path, "L{} {}L{} {}Z", number(last.0), number(base), number(first.0), number(base));
        }
        self.path(&path, class);
    }

    /// A path.
    pub fn path(&mut self, path: &str, class: &str) {
        self.put(format_args!("<path d=\"{path}\"{}/>", classed(class)));
    }

    /// A dot.
    pub fn dot(&mut self, at: (f64, f64), radius: f64, class: &str) {
        let [x, y, radius] = [at.0, at.1, radius].map(number);
        self.put(format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"{}/>", classed(class)));
    }

    /// What is drawn inside leads somewhere. All of `area` can be hit. A link is called by the words that are seen in it, so that
    /// people who speak to their computer can say them (WCAG 2.5.3); what leads nowhere is called `name`, and shows it to a pointer.
    pub fn link(&mut self, href: &str, name: &str, area: Area, draw: impl FnOnce(&mut Self)) {
        if href.is_empty() {
            self.put(format_args!("<g><title>{}</title>", escaped(name)));
            draw(self);
            self.put(format_args!("</g>"));
            return;
        }
        self.has_links = true;
        self.put(format_args!("<a href=\"{}\">", escaped(href)));
        self.rect(area, "hit");
        draw(self);
        self.put(format_args!("</a>"));
    }

    fn put(&mut self, what: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.body.write_fmt(what);
    }

    /// The whole picture. `id` makes the names of its parts the only ones on a page.
    pub fn finish(&self, id: &str, title: &str, description: &str) -> String {
        let kind = self.kind.as_str();
        // What leads somewhere must be reached with the keyboard, which the insides of an image cannot be.
        let role = if self.has_links { "group" } else { "img" };
        format!(
            "<svg class=\"chart {kind}\" viewBox=\"0 0 {} {}\" font-size=\"{}\" role=\"{role}\" aria-labelledby=\"{id}-{kind}-title\" \
             aria-describedby=\"{id}-{kind}-desc\"><title id=\"{id}-{kind}-title\">{}</title><desc id=\"{id}-{kind}-desc\">{}</desc>{}</svg>",
            number(self.width()),
            number(self.height),
            number(self.text()),
            escaped(title),
            escaped(description),
            self.body
        )
    }
}

/// Whether words of a class are written strong.
fn is_strong(class: &str) -> bool {
    class.split(' ').any(|class| class == "strong")
}

fn classed(class: &str) -> String {
    if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") }
}

/// A number of units with one digit behind the point at most.
pub(super) fn number(value: f64) -> String {
    let tenths = (value * 10.0).round() / 10.0;
    if tenths == 0.0 { "0".to_owned() } else { tenths.to_string() }
}

/// Words as text or as a value in markup.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter if letter.is_control() => safe.push(' '),
            letter => safe.push(letter),
        }
    }
    safe
}
