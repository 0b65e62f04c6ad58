// Charts that grow with the run (uPlot, which stands above this text), and distributions as plain bars.

const MOST_POINTS = 1500;
const DAY = { text: "#333", grid: "rgba(0,0,0,0.07)" }, NIGHT = { text: "#ddd", grid: "rgba(255,255,255,0.09)" };

function render({ model, el }) {
  el.classList.add("gh-charts");
  const plans = model.get("charts");
  let plots = [], weeks = [], columns = [], run = -1, events = [];

  const marks = (plot) => {
    const g = plot.ctx, { left, top, width, height } = plot.bbox;
    g.save();
    g.font = `${10 * devicePixelRatio}px sans-serif`;
    g.fillStyle = g.strokeStyle = (model.get("dark") ? NIGHT : DAY).text;
    g.setLineDash([3, 3]);
    events.forEach(([week], k) => {
      const x = plot.valToPos(week, "x", true);
      if (x < left || x > left + width) return;
      g.beginPath(); g.moveTo(x, top); g.lineTo(x, top + height); g.stroke();
      g.fillText(String.fromCharCode(65 + (k % 26)), x + 2, top + 9 * devicePixelRatio);
    });
    g.restore();
  };

  const build = () => {
    plots.forEach((plot) => plot.destroy());
    el.textContent = "";
    const colours = model.get("dark") ? NIGHT : DAY;
    plots = plans.map((plan) => {
      const box = document.createElement("figure"), title = document.createElement("figcaption");
      title.innerHTML = `<b>${plan.title}</b> <span class="gh-unit">${plan.unit}</span>`;
      title.title = plan.caption;
      box.append(title);
      const area = document.createElement("div"), caption = document.createElement("p");
      caption.className = "gh-caption"; caption.textContent = plan.caption;
      box.append(area, caption);
      el.append(box);
      const axis = { stroke: colours.text, grid: { stroke: colours.grid, width: 1 }, ticks: { stroke: colours.grid, width: 1 }, font: "11px sans-serif" };
      return new uPlot({
        width: 300, height: plan.height || 150, cursor: { y: false, points: { show: false } }, legend: { live: true },
        scales: { x: { time: false }, y: { range: (_, low, high) => plan.floor === 0 ? [0, Math.max(high * 1.08, 0.02)] : low === null ? [0, 1] : [low - 0.04 * (high - low || 0.2), high + 0.04 * (high - low || 0.2)] } },
        axes: [{ ...axis, size: 26, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] }, { ...axis, size: 46 }],
        series: [{ label: "week", value: (_, v) => v ?? "–" }, ...plan.series.map((s) => ({
          label: s.label, stroke: s.colour, width: s.fill ? 1 : 1.6, fill: s.fill ? s.colour + "cc" : undefined, dash: s.dash, points: { show: false },
          value: (_, v) => (v == null ? "–" : v.toFixed(3)),
        }))],
        hooks: { draw: [marks] },
      }, [[], ...plan.series.map(() => [])], area);
    });
    fit();
    show();
  };

  // Value of a line in a week: a sum of measures, or the difference of the two worlds.
  const value = (spec) => {
    const of = (name, world = 0) => (columns[world] && columns[world][name]) || [];
    if (spec.difference) { const a = of(spec.difference, 0), b = of(spec.difference, 1); return (k) => b[k] - a[k]; }
    const parts = spec.sum.map((name) => of(name)), sum = (k) => parts.reduce((s, p) => s + p[k], 0);
    // Where what was internalised is negative, what is left of the unchanged part is what shows.
    const least = spec.least && of(spec.least);
    return least ? (k) => Math.min(sum(k), sum(k) + least[k]) : sum;
  };

  // Long runs are drawn as means of equal stretches: no screen shows more, and no memory is filled with it.
  const show = () => {
    const stretch = Math.max(1, Math.ceil(weeks.length / MOST_POINTS)), points = Math.floor(weeks.length / stretch);
    const x = Array.from({ length: points }, (_, p) => weeks[(p + 1) * stretch - 1]);
    plots.forEach((plot, k) => plot.setData([x, ...plans[k].series.map((spec) => {
      const at = value(spec);
      return x.map((_, p) => {
        let total = 0;
        for (let j = p * stretch; j < (p + 1) * stretch; j++) total += at(j);
        return Number.isFinite(total) ? total / stretch : null;
      });
    })]));
  };

  const take = () => {
    const text = model.get("more");
    if (!text) return;
    const more = JSON.parse(text);
    if (more.run !== run || more.from !== weeks.length) {
      if (more.from !== 0) { model.set("wanted", model.get("wanted") + 1); model.save_changes(); return; }
      run = more.run; weeks = []; columns = [];
    }
    more.worlds.forEach((rows, w) => {
      columns[w] ||= Object.fromEntries(more.names.map((name) => [name, []]));
      rows.forEach((row) => more.names.forEach((name, k) => columns[w][name].push(row[k] === null ? NaN : row[k])));
    });
    columns.length = more.worlds.length;
    while (weeks.length < columns[0][more.names[0]].length) weeks.push(weeks.length + 1);
    events = more.events;
    el.dataset.weeks = weeks.length;
    show();
  };

  const fit = () => plots.forEach((plot) => {
    const wide = plot.root.parentElement.clientWidth;
    if (wide > 60 && wide !== plot.width) plot.setSize({ width: wide, height: plot.height });
  });

  build();
  take();
  model.on("change:more", take);
  model.on("change:dark", build);
  const watch = new ResizeObserver(fit);
  watch.observe(el);
  return () => { watch.disconnect(); plots.forEach((plot) => plot.destroy()); };
}

export default { render };
