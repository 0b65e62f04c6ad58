// Charts that grow with the run (uPlot, which stands above this text), and distributions as plain bars.

const DAY = { text: "#333", grid: "rgba(0,0,0,0.07)" }, NIGHT = { text: "#ddd", grid: "rgba(255,255,255,0.09)" };

function render({ model, el }) {
  el.classList.add("gh-charts");
  const plans = model.get("charts");
  let plots = [], data = [], weeks = [], columns = [], run = -1, events = [];

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
        axes: [{ ...axis, size: 26 }, { ...axis, size: 46 }],
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

  // A line of a chart from the measures: a measure, a sum of measures, or the difference of the two worlds.
  const line = (spec) => {
    const world = spec.world || 0;
    const of = (name, k = world) => (columns[k] && columns[k][name]) || [];
    if (spec.difference) { const a = of(spec.difference, 0), b = of(spec.difference, 1); return b.map((v, k) => v - a[k]); }
    const parts = spec.sum.map((name) => of(name));
    const sum = (parts[0] || []).map((_, k) => parts.reduce((s, p) => s + p[k], 0));
    // Where what was internalised is negative, what is left of the unchanged part is what shows.
    return spec.least ? sum.map((v, k) => Math.min(v, v + of(spec.least)[k])) : sum;
  };

  const show = () => plots.forEach((plot, k) => {
    data[k] = [weeks, ...plans[k].series.map(line)].map((column) => column.map((v) => (Number.isFinite(v) ? v : null)));
    plot.setData(data[k]);
  });

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
