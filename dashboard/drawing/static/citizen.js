// One citizen: what it is, and why it acted.

const TERMS = {
  conviction: "what it privately holds right", cost: "what complying costs", conformity: "what it expects others to do",
  image: "how a high score makes it look", stake: "what points are worth", fear: "what deviating may lead to",
  reactance: "resentment at intrusion",
};

function render({ model, el }) {
  el.classList.add("gh-citizen");
  const escape = (text) => String(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  const draw = () => {
    const c = JSON.parse(model.get("citizen") || "null");
    if (!c) { el.innerHTML = '<p class="gh-caption">Click a citizen to see why it acted.</p>'; return; }
    if (c.gone) { el.innerHTML = `<b>Citizen ${c.citizen}</b><p class="gh-caption">has emigrated.</p>`; return; }
    const share = (v) => `${Math.round(100 * v)}%`;
    let html = `<b>Citizen ${c.citizen}</b> <span class="gh-unit">${c.neighbours.length} neighbours${c.score === null ? "" : ` · score ${c.score.toFixed(0)}`} · trust in the authority ${share(c.trust)} · expects a sanction for deviating ${share(c.fear)}</span>`;
    if (c.why) {
      const w = c.why, most = Math.max(0.2, ...Object.values(w.terms).map(Math.abs)), act = (v) => (v ? "complies" : "deviates");
      html += `<p>In <b>${escape(c.domain)}</b>, week ${w.week}: it <b>${act(w.complies)}</b>. If nobody could see, it ${act(w.complies_unobserved)}; with the convictions it began with, it ${act(w.complies_unchanged)}.</p><table>`;
      for (const [name, value] of Object.entries(w.terms)) {
        const wide = (50 * Math.abs(value)) / most;
        html += `<tr><th title="${TERMS[name]}">${name}</th><td class="gh-bar"><i style="width:${wide}%;${value < 0 ? `right:50%` : `left:50%`}" class="${value < 0 ? "against" : "for"}"></i></td><td class="gh-number">${value >= 0 ? "+" : "−"}${Math.abs(value).toFixed(3)}</td></tr>`;
      }
      html += `</table><p>Sum ${w.utility.toFixed(3)}: chance of complying <b>${share(w.probability)}</b>; its draw this week is ${w.draw.toFixed(3)}, and it complies where the chance is at least the draw.</p>`;
    } else html += '<p class="gh-caption">It has not acted yet.</p>';
    html += `<p class="gh-caption">Convictions: ${Object.entries(c.conviction).map(([d, v]) => `${escape(d)} ${share(v)}`).join(" · ")}</p>`;
    el.innerHTML = html;
  };
  draw();
  model.on("change:citizen", draw);
}

export default { render };
