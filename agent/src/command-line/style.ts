import { styleText } from "node:util";
import type { Terminal } from "./terminal.ts";

export type Style = "bold" | "dim" | "red" | "yellow" | "green" | "magenta" | "cyan";

/** Colours text, or returns it as it is. */
export type Paint = (style: Style, text: string) => string;

/** Colours on a terminal only, and never when NO_COLOR is set (no-color.org). */
export function paintFor(terminal: Terminal): Paint {
  const { NO_COLOR, TERM } = terminal.environment;
  const isColoured = terminal.stdout.isTTY === true && !NO_COLOR && TERM !== "dumb";
  return (style, text) => (isColoured ? styleText(style, text, { validateStream: false }) : text);
}

const stateStyles: Readonly<Record<string, Style>> = {
  OK: "green",
  UP: "green",
  WARNING: "yellow",
  CRITICAL: "red",
  DOWN: "red",
  UNKNOWN: "magenta",
  UNREACHABLE: "magenta",
  STALE: "cyan",
  PENDING: "dim",
};

/** A state's word in its colour; the word itself always says it. */
export function paintState(paint: Paint, state: string): string {
  const style = stateStyles[state];
  return style === undefined ? state : paint(style, state);
}
