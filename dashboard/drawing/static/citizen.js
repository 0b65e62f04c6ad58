// @ts-check
// One citizen: what it is, and why it acted.

/**
 * @typedef {object} Why
 * @property {string} domain
 * @property {number} week
 * @property {boolean} complies
 * @property {string} otherwise
 * @property {string} verdict
 * @property {Record<string, number>} terms
 * @property {number} utility
 * @property {number} probability
 * @property {number} draw
 *
 * @typedef {{ citizen: number, gone: true }} Gone
 *
 * @typedef {object} Here
 * @property {number} citizen
 * @property {false} [gone]
 * @property {number[]} neighbours
 * @property {number | null} score
 * @property {number} trust
 * @property {number} detection
 * @property {number} sanction
 * @property {Record<string, number>} conviction
 * @property {Why | null} why
 *
 * @typedef {object} Traits
 * @property {Record<string, string>} terms
 * @property {string} citizen
 */

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** @param {number} value */
const share = (value) => `${Math.round(100 * value)}%`;

/** @param {boolean} complies */
const act = (complies) => (complies ? "complies" : "deviates");

/** @type {import("@anywidget/types").Render<Traits>} */
function render({ model, el }) {
  el.classList.add("gh-citizen");
  const says = model.get("terms");

  const draw = () => {
    /** @type {Gone | Here | null} */
    const c = JSON.parse(model.get("citizen") || "null");
    if (!c) el.innerHTML = '<p class="gh-caption">Click a citizen to see why it acted.</p>';
    else if (c.gone) el.innerHTML = `<b>Citizen ${c.citizen}</b><p class="gh-caption">has emigrated.</p>`;
    else el.innerHTML = described(c, says);
  };

  draw();
  model.on("change:citizen", draw);
}

/** @type {(c: Here, says: Record<string, string>) => string} */
function described(c, says) {
  const score = c.score === null ? "" : ` · score ${c.score.toFixed(0)}`;
  const convictions = Object.entries(c.conviction).map(([domain, v]) => `${escaped(domain)} ${share(v)}`);
  return (
    `<b>Citizen ${c.citizen}</b> <span class="gh-unit">${c.neighbours.length} neighbours${score} · trust in the ` +
    `authority ${share(c.trust)} · thinks that an act becomes known ${share(c.detection)}, and that a known ` +
    `deviation is sanctioned ${share(c.sanction)}</span>` +
    (c.why ? explained(c.why, says) : '<p class="gh-caption">It has not acted yet.</p>') +
    `<p class="gh-caption">Convictions: ${convictions.join(" · ")}</p>`
  );
}

/** @type {(why: Why, says: Record<string, string>) => string} */
function explained(why, says) {
  const most = Math.max(0.2, ...Object.values(why.terms).map(Math.abs));
  const rows = Object.entries(why.terms).map(([name, value]) => {
    const bar = `width:${(50 * Math.abs(value)) / most}%;${value < 0 ? "right" : "left"}:50%`;
    return (
      `<tr><th title="${says[name]}">${name}</th>` +
      `<td class="gh-bar"><i style="${bar}" class="${value < 0 ? "against" : "for"}"></i></td>` +
      `<td class="gh-number">${value >= 0 ? "+" : "−"}${Math.abs(value).toFixed(3)}</td></tr>`
    );
  });
  return (
    `<p>In <b>${escaped(why.domain)}</b>, week ${why.week}: it <b>${act(why.complies)}</b>. ` +
    `${escaped(why.otherwise)} <b>${escaped(why.verdict)}</b></p>` +
    `<table>${rows.join("")}</table>` +
    `<p>Sum ${why.utility.toFixed(3)}: chance of complying <b>${share(why.probability)}</b>; its draw this week is ` +
    `${why.draw.toFixed(3)}, and it complies where the chance is at least the draw.</p>`
  );
}

export default { render };
