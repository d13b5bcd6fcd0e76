"""The one script of the pages: it keeps a marker's entries and saves them as a table."""

BAR = """<div class="save"><button type="button" id="save" hidden>Save marks</button>
<span id="count" class="faint" role="status">Without scripts, fill in marks.csv.</span></div>"""
SCRIPT = """
"use strict";
const articles = [...document.querySelectorAll("article")];
const place = "cs231n marks " + location.pathname;
const fields = a => [a.querySelector("input.points"), a.querySelector("input.comment")];
const key = a => a.dataset.question + " " + a.dataset.submissions;
const number = field => Number(field.value.replace(",", "."));
const wrong = field => field.value.trim() !== "" &&
  !(number(field) >= 0 && number(field) <= Number(field.dataset.worth));
const cell = text => '"' + (/^[=+\\-@|%]/.test(text) ? "'" : "") + text.replaceAll('"', '""') + '"';

function stored() {
  try { return JSON.parse(localStorage.getItem(place)) || {}; } catch { return {}; }
}

function keep() {
  const drafts = {};
  for (const a of articles)
    if (fields(a).some(f => f.value !== f.defaultValue))
      drafts[key(a)] = fields(a).map(f => f.value);
  try { localStorage.setItem(place, JSON.stringify(drafts)); } catch { /* private windows */ }
}

function count() {
  const points = articles.map(a => fields(a)[0]);
  for (const f of points) f.setCustomValidity(wrong(f) ? "0 to " + f.dataset.worth : "");
  const bad = points.filter(wrong).length, done = points.filter(f => f.value.trim() !== "").length;
  document.getElementById("count").textContent =
    done + " of " + points.length + " marked" + (bad ? "; " + bad + " not within range" : "");
}

function table() {
  const lines = ["submission,question,points,comment"];
  for (const a of articles) {
    const [points, comment] = fields(a).map(f => f.value.trim());
    if (points === "" && comment === "") continue;
    for (const name of JSON.parse(a.dataset.submissions))
      lines.push([name, a.dataset.question, points.replace(",", "."), comment].map(cell).join(","));
  }
  return "\\ufeff" + lines.join("\\r\\n") + "\\r\\n";
}

function save() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([table()], {type: "text/csv"}));
  const name = document.title.replace(/^Answers to /, "").replace(/\\W+/g, "-");
  link.download = "marks-" + name + ".csv";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

const drafts = stored();
for (const a of articles) {
  if (drafts[key(a)]) fields(a).forEach((f, i) => { f.value = drafts[key(a)][i]; });
  a.addEventListener("input", () => { keep(); count(); });
  a.querySelector("form").addEventListener("submit", event => event.preventDefault());
}
document.getElementById("save").hidden = false;
document.getElementById("save").addEventListener("click", save);
count();
"""
