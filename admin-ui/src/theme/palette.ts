/** How a state is coloured; shape and text say the same, so colour is never alone. */
export type Tone = "ok" | "warning" | "critical" | "unknown" | "stale" | "pending";

/** The colours of one mode. Text colours hold WCAG AA (4.5:1) on every surface; a test measures them. */
export interface Palette {
  readonly background: string;
  readonly surface: string;
  readonly raised: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly text: string;
  readonly textQuiet: string;
  readonly accent: string;
  readonly accentText: string;
  readonly focus: string;
  /** Text and icon of a state, on any surface or on its own tint. */
  readonly tone: Readonly<Record<Tone, string>>;
  /** Quiet background of a state's chip. */
  readonly tint: Readonly<Record<Tone, string>>;
  /** Filled shapes: history strip, bars. */
  readonly fill: Readonly<Record<Tone, string>>;
  /** Text on a solid critical chip. */
  readonly onCritical: string;
}

/** Paper, ink and petrol; states from a colour-blind safe set that also differs in lightness. */
export const lightPalette: Palette = {
  background: "#f4f5f2",
  surface: "#ffffff",
  raised: "#fafbf9",
  line: "#e1e4de",
  lineStrong: "#c3c9c1",
  text: "#1b2422",
  textQuiet: "#56625e",
  accent: "#0c6170",
  accentText: "#ffffff",
  focus: "#0c6170",
  tone: {
    ok: "#0f6f54",
    warning: "#865300",
    critical: "#b4231a",
    unknown: "#6b3fa6",
    stale: "#47607a",
    pending: "#5d6764",
  },
  tint: {
    ok: "#e3f2ec",
    warning: "#fcf0d4",
    critical: "#fce7e3",
    unknown: "#f0e9fa",
    stale: "#e8edf2",
    pending: "#eef0ed",
  },
  fill: {
    ok: "#3fa583",
    warning: "#eab02f",
    critical: "#cf3a2b",
    unknown: "#8e66c6",
    stale: "#a9b7c4",
    pending: "#d3d8d3",
  },
  onCritical: "#ffffff",
};

/** Deep water at night; the same hues, lifted. */
export const darkPalette: Palette = {
  background: "#10161a",
  surface: "#172026",
  raised: "#1c272e",
  line: "#27343c",
  lineStrong: "#3d4d57",
  text: "#e4eaea",
  textQuiet: "#9fb0b3",
  accent: "#62c4d2",
  accentText: "#06262c",
  focus: "#7fd6e2",
  tone: {
    ok: "#57c9a2",
    warning: "#efbc4e",
    critical: "#ff8b7a",
    unknown: "#c0a4f2",
    stale: "#9db4c9",
    pending: "#a3afae",
  },
  tint: {
    ok: "#16332c",
    warning: "#382d14",
    critical: "#43201d",
    unknown: "#2d2542",
    stale: "#22303c",
    pending: "#242f34",
  },
  fill: {
    ok: "#2f9474",
    warning: "#d8a02c",
    critical: "#e25546",
    unknown: "#8f6fce",
    stale: "#506373",
    pending: "#34434b",
  },
  onCritical: "#1f0603",
};
