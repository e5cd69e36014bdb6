import "uplot/dist/uPlot.min.css";
import { useTheme } from "@mui/material/styles";
import type { PerfdataSeries } from "@mycloud/protocol/perfdata";
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import { darkPalette, lightPalette, type Palette } from "../theme/palette.ts";
import { formatAbsolute } from "../time/duration.ts";
import { chartColumns, edgesBeyond, type ValueRange, valueRange } from "./chart-data.ts";
import { formatTicks, formatValue } from "./format-value.ts";
import { type AlertZone, alertZones, rangeText, toldEdges, zoneEdges } from "./threshold.ts";
import { timeTicks } from "./time-ticks.ts";

interface PerfdataChartProps {
  readonly series: PerfdataSeries;
  readonly gapSeconds: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

const heightPx = 170;

/** One perfdata label over time: mean as a line, minimum to maximum as a band, thresholds as tinted zones with their edges. */
export function PerfdataChart({ series, gapSeconds, fromMs, untilMs }: PerfdataChartProps) {
  const holder = useRef<HTMLDivElement>(null);
  const palette = useTheme().palette.mode === "dark" ? darkPalette : lightPalette;

  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    const zones = [
      { range: series.warn, tint: palette.fill.warning, line: palette.tone.warning, name: "warn" },
      { range: series.crit, tint: palette.fill.critical, line: palette.tone.critical, name: "crit" },
    ].map((each) => ({ ...each, zones: alertZones(each.range), told: toldEdges(each.range) }));
    const axis = axisOf(series);
    const chart = new uPlot(
      {
        width: element.clientWidth,
        height: heightPx,
        padding: [8, 10, 0, 0],
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
        legend: { show: false },
        scales: { x: { range: [fromMs / 1000, untilMs / 1000] }, y: { range: [axis.from, axis.to] } },
        axes: [
          {
            ...axisOptions(palette),
            size: 30,
            values: (_, ticks, __, ___, stepSeconds) => timeTicks(ticks, stepSeconds),
          },
          {
            ...axisOptions(palette),
            size: 68,
            ...stepsOf(series.unit),
            values: (_, ticks) => formatTicks(ticks, series.unit),
          },
        ],
        series: [
          {},
          { stroke: "transparent", points: { show: false } },
          { stroke: palette.accent, width: 1.6, points: { size: 4 } },
          { stroke: "transparent", points: { show: false } },
        ],
        bands: [{ series: [3, 1], fill: `${palette.accent}38` }],
        hooks: {
          drawClear: [(self) => drawZones(self, zones)],
          drawAxes: [(self) => drawEdges(self, zones)],
          draw: [(self) => nameEdges(self, zones, { axis, unit: series.unit, halo: palette.surface })],
        },
        plugins: [tooltip(series.unit)],
      },
      chartColumns(series, gapSeconds),
      element,
    );
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: heightPx }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [series, gapSeconds, fromMs, untilMs, palette]);

  const latest = series.mean.at(-1);
  const write = (value: number) => formatValue(value, series.unit);
  const axis = axisOf(series);
  const thresholds = [
    { name: "warn", tone: "tone-warning", range: series.warn },
    { name: "crit", tone: "tone-critical", range: series.crit },
  ];
  return (
    <div className="chart">
      <div className="chart-head">
        <h3>{series.label}</h3>
        <span>{latest === undefined ? "no data in this time" : formatValue(latest, series.unit)}</span>
        {thresholds.map(({ name, tone, range }) => {
          const text = rangeText(range, write);
          return text === null ? null : (
            <span key={name}>
              <span className={tone}>
                {name} {text}
              </span>
              <span className="quiet">{placeText(toldEdges(range), axis)}</span>
            </span>
          );
        })}
      </div>
      <div ref={holder} role="img" aria-label={chartText(series, latest)} />
    </div>
  );
}

function axisOf(series: PerfdataSeries): ValueRange {
  return valueRange(series, [...alertZones(series.warn), ...alertZones(series.crit)]);
}

/** Says where thresholds are that the chart does not reach: nobody should look for a line that is not there. */
function placeText(edges: readonly number[], axis: ValueRange): string {
  const { above, below } = edgesBeyond(edges, axis);
  const places = [...(above.length > 0 ? ["above"] : []), ...(below.length > 0 ? ["below"] : [])];
  return places.length === 0 ? "" : ` (${places.join(" and ")} the chart)`;
}

function chartText(series: PerfdataSeries, latest: number | undefined): string {
  if (latest === undefined) return `${series.label}: no data`;
  const lowest = formatValue(Math.min(...series.minimum), series.unit);
  const highest = formatValue(Math.max(...series.maximum), series.unit);
  return `${series.label}: now ${formatValue(latest, series.unit)}, between ${lowest} and ${highest}`;
}

function axisOptions(palette: Palette): uPlot.Axis {
  return {
    stroke: palette.textQuiet,
    font: "11px system-ui, sans-serif",
    grid: { stroke: palette.line, width: 1 },
    ticks: { stroke: palette.line, width: 1, size: 4 },
  };
}

interface DrawnZones {
  readonly zones: readonly AlertZone[];
  /** The edges worth naming where the chart does not reach them. */
  readonly told: readonly number[];
  readonly tint: string;
  readonly line: string;
  readonly name: string;
}

/** Steps of a byte axis: powers of two, so that its ticks are round. */
const binarySteps = Array.from({ length: 60 }, (_, power) => 2 ** power);

/** Steps of an axis of time, in seconds: decimal below a minute and above days, else what minutes, hours and days are counted by. */
const timeSteps = [
  ...Array.from({ length: 8 }, (_, at) => [1, 2, 5].map((step) => step * 10 ** (at - 6))).flat(),
  ...[60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 21_600, 43_200],
  ...Array.from({ length: 6 }, (_, power) => [1, 2, 5].map((step) => step * 86_400 * 10 ** power)).flat(),
];

/** Between which values an axis may have its ticks; uPlot's own decimal ones where nothing is said. */
function stepsOf(unit: string): { incrs?: number[] } {
  if (unit === "B") return { incrs: binarySteps };
  return unit === "s" ? { incrs: timeSteps } : {};
}

/** Where a value lies on the canvas, kept inside the plot. */
function pixelOf(self: uPlot, value: number): number {
  const { top, height } = self.bbox;
  if (value === Infinity) return top;
  if (value === -Infinity) return top + height;
  return Math.min(top + height, Math.max(top, self.valToPos(value, "y", true)));
}

function drawZones(self: uPlot, all: readonly DrawnZones[]): void {
  const { ctx, bbox } = self;
  ctx.save();
  for (const { zones, tint } of all) {
    ctx.fillStyle = `${tint}26`;
    for (const zone of zones) {
      const top = pixelOf(self, zone.to);
      ctx.fillRect(bbox.left, top, bbox.width, pixelOf(self, zone.from) - top);
    }
  }
  ctx.restore();
}

function drawEdges(self: uPlot, all: readonly DrawnZones[]): void {
  const { ctx, bbox } = self;
  const ratio = uPlot.pxRatio;
  ctx.save();
  ctx.setLineDash([5 * ratio, 4 * ratio]);
  ctx.lineWidth = ratio;
  for (const { zones, line } of all) {
    ctx.strokeStyle = line;
    for (const edge of zoneEdges(zones)) {
      const y = self.valToPos(edge, "y", true);
      if (!isInside(self, y)) continue;
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
    }
  }
  ctx.restore();
}

/** An edge on the frame itself is the "below zero" of a plain threshold: not worth a line. */
function isInside({ bbox }: uPlot, y: number): boolean {
  return y > bbox.top && y < bbox.top + bbox.height - 1;
}

interface Naming {
  readonly axis: ValueRange;
  readonly unit: string;
  /** What is behind the letters, so that no line runs through them. */
  readonly halo: string;
}

/** Names thresholds, over everything that is drawn. */
function nameEdges(self: uPlot, all: readonly DrawnZones[], { axis, unit, halo }: Naming): void {
  const { ctx, bbox } = self;
  const ratio = uPlot.pxRatio;
  const [top, bottom] = [bbox.top + 11 * ratio, bbox.top + bbox.height - 5 * ratio];
  ctx.save();
  ctx.font = `${10.5 * ratio}px system-ui, sans-serif`;
  ctx.lineWidth = 3 * ratio;
  ctx.lineJoin = "round";
  ctx.strokeStyle = halo;
  for (const { zones, told, line, name } of all) {
    ctx.fillStyle = line;
    // Warning on the left, critical on the right: the two are often too close to stand above one another.
    ctx.textAlign = name === "warn" ? "left" : "right";
    const textAt = name === "warn" ? bbox.left + 4 * ratio : bbox.left + bbox.width - 4 * ratio;
    const write = (text: string, y: number) => {
      ctx.strokeText(text, textAt, y);
      ctx.fillText(text, textAt, y);
    };
    for (const edge of zoneEdges(zones)) {
      const y = self.valToPos(edge, "y", true);
      if (!isInside(self, y)) continue;
      // Below its line where there is no room above.
      write(`${name} ${formatValue(edge, unit)}`, y - 14 * ratio < bbox.top ? y + 12 * ratio : y - 4 * ratio);
    }
    const { above, below } = edgesBeyond(told, axis);
    const named = (edges: readonly number[]) => edges.map((edge) => formatValue(edge, unit)).join(", ");
    if (above.length > 0) write(`↑ ${name} ${named(above)}`, top);
    if (below.length > 0) write(`↓ ${name} ${named(below)}`, bottom);
  }
  ctx.restore();
}

/** Shows time and values under the pointer. */
function tooltip(unit: string): uPlot.Plugin {
  const box = document.createElement("div");
  box.className = "chart-tip";
  return {
    hooks: {
      init: (self) => {
        self.over.append(box);
      },
      setCursor: (self) => {
        const { idx, left = 0 } = self.cursor;
        const at = idx == null ? undefined : self.data[0][idx];
        const mean = idx == null ? undefined : self.data[2]?.[idx];
        box.hidden = at === undefined || mean == null || left < 0;
        if (at === undefined || mean == null || idx == null) return;
        const low = self.data[1]?.[idx];
        const high = self.data[3]?.[idx];
        const spread =
          low != null && high != null && low !== high
            ? ` (${formatValue(low, unit)} – ${formatValue(high, unit)})`
            : "";
        box.textContent = `${formatAbsolute(at * 1000).slice(0, 19)}  ${formatValue(mean, unit)}${spread}`;
        box.style.left = left > self.over.clientWidth / 2 ? "4px" : "auto";
        box.style.right = left > self.over.clientWidth / 2 ? "auto" : "4px";
      },
    },
  };
}
