/** A unit as `systemctl show` describes it: its properties by name. */
export type UnitProperties = ReadonlyMap<string, string>;

/** Reads what `systemctl show` prints: `Name=value` lines, an empty line between units. */
export function parseShow(text: string): UnitProperties[] {
  return text
    .split(/\n\n+/)
    .map((block) => {
      const lines = block.split("\n").filter((line) => line.includes("="));
      return new Map(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
    })
    .filter((unit) => unit.has("Id"));
}

/** Reads the unit names that `systemctl list-units --plain --no-legend` prints. */
export function parseUnitNames(text: string): string[] {
  return text.split("\n").flatMap((line) => line.trim().split(/\s+/)[0] || []);
}
