import { placeholder } from "./placeholder.ts";

/** What the files do not know until somebody exports them. */
export interface GrafanaOptions {
  /** The control plane's address, for Grafana and for people's browsers. */
  readonly controlPlane: string;
  readonly prometheus: string;
  /** Where Grafana finds a MyCloud token with the scopes read, ingest and ingest:register. */
  readonly tokenFile: string;
  /** Where Grafana finds the folder \`dashboards\`. */
  readonly dashboards: string;
  /** Who hears when MyCloud itself is in trouble. */
  readonly email: string;
}

/** The generated files with addresses in place of placeholders. Pure. */
export function tailorFiles(files: ReadonlyMap<string, string>, options: GrafanaOptions): ReadonlyMap<string, string> {
  return new Map(
    Array.from(files, ([name, text]) => [
      name,
      name.endsWith(".json") ? tailorDashboard(text, options) : tailorText(text, options),
    ]),
  );
}

/** The line of the README about variables of the environment: there is nothing left for them to say. */
const filledIn = /^- `MYCLOUD_URL`.*\n/m;

function tailorText(text: string, options: GrafanaOptions): string {
  return text
    .replace(filledIn, "")
    .replaceAll(placeholder.controlPlane, options.controlPlane)
    .replaceAll(placeholder.prometheus, options.prometheus)
    .replaceAll(placeholder.tokenFile, options.tokenFile)
    .replaceAll(placeholder.dashboards, options.dashboards)
    .replaceAll(placeholder.email, options.email);
}

/** The constant that holds the console's address is known by its name. */
function tailorDashboard(text: string, { controlPlane }: GrafanaOptions): string {
  const dashboard: unknown = JSON.parse(text, (_key, value: unknown) =>
    isConsoleVariable(value) ? { ...value, query: controlPlane } : value,
  );
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

function isConsoleVariable(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return Reflect.get(value, "type") === "constant" && Reflect.get(value, "name") === "console";
}
