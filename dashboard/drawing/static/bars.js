// Distributions as plain bars.

function render({ model, el }) {
  el.classList.add("gh-bars");
  const draw = () => {
    const found = JSON.parse(model.get("bars") || "{}"), titles = model.get("titles");
    el.textContent = "";
    for (const [name, title] of Object.entries(titles)) {
      const part = found[name];
      const box = document.createElement("figure");
      box.innerHTML = `<figcaption><b>${title}</b></figcaption>`;
      if (part) {
        const most = Math.max(1, ...part.counts), step = (part.high - part.low) / part.counts.length;
        const word = (v) => (part.high > 2 ? v.toFixed(0) : v.toFixed(2));
        const row = document.createElement("div");
        row.className = "gh-row";
        part.counts.forEach((count, k) => {
          const bar = document.createElement("i");
          bar.style.height = `${(100 * count) / most}%`;
          bar.title = `${word(part.low + k * step)} to ${word(part.low + (k + 1) * step)}: ${count} citizens`;
          row.append(bar);
        });
        const ends = document.createElement("div");
        ends.className = "gh-ends";
        ends.innerHTML = `<span>${word(part.low)}</span><span>${word(part.high)}</span>`;
        box.append(row, ends);
      } else box.append(Object.assign(document.createElement("p"), { className: "gh-caption", textContent: "There is no score in this scenario." }));
      el.append(box);
    }
  };
  draw();
  model.on("change:bars", draw);
}

export default { render };
