// Draws the charts. A chart is a figure whose data-chart attribute holds JSON made by the server; the table beneath it
// holds the same numbers for everyone who cannot see the picture.
import * as echarts from "echarts/core";
import { BarChart, HeatmapChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([BarChart, HeatmapChart, LineChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent, CanvasRenderer]);

const css = getComputedStyle(document.documentElement);
const color = (name) => css.getPropertyValue(name).trim();
const tones = {
  positive: color("--positive"), mixed: color("--mixed"), neutral: color("--neutral"), negative: color("--negative"), main: color("--accent"), quiet: color("--line-strong"),
};
const text = { color: color("--ink-soft"), fontFamily: css.fontFamily, fontSize: 12 };
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const number = new Intl.NumberFormat("ja-JP", { maximumFractionDigits: 1 });

// Tooltips are built as elements: text from posts never becomes markup, and no inline style is needed.
function tip(title, rows) {
  const box = document.createElement("div");
  box.className = "tip";
  const head = document.createElement("b");
  head.textContent = title;
  box.append(head);
  for (const [name, value, tone] of rows) {
    const row = document.createElement("div");
    const dot = document.createElement("i");
    if (tone) dot.className = tone;
    const label = document.createElement("span");
    label.textContent = name;
    const v = document.createElement("em");
    v.textContent = value;
    row.append(dot, label, v);
    box.append(row);
  }
  return box;
}

const tooltip = (formatter, trigger) => ({
  trigger, formatter, confine: true, backgroundColor: "#fff", borderColor: color("--line"), padding: 0, textStyle: text, transitionDuration: 0,
  axisPointer: { type: "shadow", shadowStyle: { color: "rgba(20,60,90,.06)" } },
});

function bars(d) {
  const narrow = innerWidth < 640;
  return {
    animation: !still, animationDuration: 250, textStyle: text,
    grid: { left: 4, right: 12, top: d.series.length > 1 ? 34 : 14, bottom: 4, containLabel: true },
    legend: d.series.length > 1 ? { top: 0, left: 0, itemWidth: 12, itemHeight: 12, itemGap: 14, textStyle: text, icon: "roundRect" } : undefined,
    tooltip: tooltip((items) => {
      const i = items[0].dataIndex;
      const rows = d.series.map((s) => [s.name, number.format(s.values[i] ?? 0) + (s.unit ?? d.unit), s.tone]);
      const stacked = d.series.filter((s) => !s.line);
      if (stacked.length > 1) rows.push(["合計", number.format(stacked.reduce((sum, s) => sum + s.values[i], 0)) + d.unit, ""]);
      for (const e of d.events ?? []) if (e.index === i) rows.push(["●", e.text, ""]);
      return tip(d.titles?.[i] ?? d.labels[i], rows);
    }, "axis"),
    xAxis: {
      type: "category", data: d.labels, axisTick: { show: false }, axisLine: { lineStyle: { color: color("--line-strong") } },
      axisLabel: { ...text, hideOverlap: true, formatter: (v, i) => (i === d.marked ? `{now|${v}}` : v), rich: { now: { fontWeight: "bold", color: color("--ink"), fontSize: 12 } } },
    },
    yAxis: { type: "value", minInterval: 1, axisLabel: text, splitLine: { lineStyle: { color: color("--line") } }, splitNumber: narrow ? 3 : 4 },
    series: d.series.map((s, k) => ({
      name: s.name, type: s.line ? "line" : "bar", stack: s.line ? undefined : "all", data: s.values, barMaxWidth: 42, barCategoryGap: "28%", symbol: "none",
      cursor: s.hrefs ? "pointer" : "default", color: tones[s.tone] ?? tones.main, lineStyle: s.line ? { type: "dashed", width: 2 } : undefined,
      emphasis: { focus: "none" },
      markLine: k === 0 && d.events?.length ? {
        silent: true, symbol: ["none", "none"], lineStyle: { color: color("--ink-soft"), type: "dashed" },
        label: { formatter: (p) => p.name, ...text, fontSize: 11, position: "end", rotate: 0, distance: 2 },
        data: d.events.map((e) => ({ xAxis: e.index, name: e.mark ?? "●" })),
      } : undefined,
    })),
  };
}

function heat(d) {
  const most = Math.max(1, ...d.cells.map((c) => c.value));
  return {
    animation: false, textStyle: text,
    grid: { left: 4, right: 8, top: 8, bottom: 40, containLabel: true },
    tooltip: tooltip((p) => {
      const c = d.cells[p.dataIndex];
      return tip(`${d.rows[c.y]}曜 ${d.labels[c.x]}時`, [[d.name, number.format(c.value) + d.unit, ""]]);
    }, "item"),
    xAxis: { type: "category", data: d.labels, axisTick: { show: false }, axisLine: { show: false }, axisLabel: text, splitArea: { show: false } },
    yAxis: { type: "category", data: d.rows, inverse: true, axisTick: { show: false }, axisLine: { show: false }, axisLabel: text },
    visualMap: {
      min: 0, max: most, orient: "horizontal", left: "center", bottom: 0, itemWidth: 12, itemHeight: 90, textStyle: text, text: [`${number.format(most)}${d.unit}`, `0${d.unit}`],
      inRange: { color: ["#f3f7fa", "#bcdcee", "#5fa8d3", "#1b6ca8", "#0b3c5d"] }, calculable: false,
    },
    series: [{ type: "heatmap", data: d.cells.map((c) => [c.x, c.y, c.value]), itemStyle: { borderColor: "#fff", borderWidth: 2, borderRadius: 3 }, emphasis: { itemStyle: { borderColor: color("--ink") } } }],
  };
}

for (const figure of document.querySelectorAll("figure[data-chart]")) {
  const d = JSON.parse(figure.dataset.chart);
  const canvas = figure.querySelector(".canvas");
  canvas.replaceChildren();
  const chart = echarts.init(canvas, null, { renderer: "canvas" });
  chart.setOption(d.kind === "heat" ? heat(d) : bars(d));
  chart.on("click", (p) => {
    const href = d.kind === "heat" ? d.cells[p.dataIndex].href : d.series[p.seriesIndex]?.hrefs?.[p.dataIndex];
    if (href) location.assign(href);
  });
  new ResizeObserver(() => chart.resize()).observe(canvas);
  figure.classList.add("drawn");
}
