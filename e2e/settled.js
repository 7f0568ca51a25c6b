// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

// What axe cannot decide by itself, looked at by a person. Whatever it finds beside this list fails.

/** Rule of axe, part of the element's HTML, in which guise (all, when none is named), and why it is in order. */
export const SETTLED = [
  {
    rule: "color-contrast",
    html: "<text ",
    why: "words of a picture stand on the plain ground of its frame, in the ink, the soft ink or the link colour of all other words, which are checked there; axe does not see what lies under letters of a drawing",
  },
  {
    rule: "color-contrast",
    html: "<strong>",
    why: "the sign of the alert is drawn as a picture at its edge; the words stand on the plain ground of every alert",
  },
  {
    rule: "color-contrast",
    html: '<select class="ds-input"',
    why: "the arrow of the list is drawn as a picture at its edge; the words stand on the plain ground of every field",
  },
  {
    rule: "color-contrast",
    html: 'class="ds-button"',
    guise: "forced colours",
    why: "the browser draws it in the colours of the reader, letters and frame alike; axe reads the style of before",
  },
  {
    rule: "color-contrast",
    html: "<td>",
    why: "a wide table scrolls sideways in its frame; cells beyond its edge have letters and ground like all others",
  },
  {
    rule: "color-contrast",
    html: "<th>",
    why: "a wide table scrolls sideways in its frame; heads beyond its edge have letters and ground like all others",
  },
  {
    rule: "color-contrast",
    html: "<code>",
    why: "a wide table scrolls sideways in its frame; words in cells beyond its edge have letters and ground like all others",
  },
  {
    rule: "th-has-data-cells",
    html: '<table class="ds-table titled">',
    why: "each criterion is the head of a group of rows; its requirements, all with cells, stand in the same body below it",
  },
];
