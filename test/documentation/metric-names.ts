/** A metric as the exposition format announces it: name to type. Pure. */
export function exposedMetrics(exposition: string): Map<string, string> {
  return new Map(
    [...exposition.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = "", type = ""]): [string, string] => [
      name,
      type,
    ]),
  );
}

/** The metrics a page's tables list: `` | `name` | type | `` to a type. Pure. */
export function documentedMetrics(page: string): Map<string, string> {
  return new Map(
    [...page.matchAll(/^\| `([a-z_:0-9]+)`\s*\| (\w+)\s*\|/gm)].map(([, name = "", type = ""]): [string, string] => [
      name,
      type,
    ]),
  );
}
