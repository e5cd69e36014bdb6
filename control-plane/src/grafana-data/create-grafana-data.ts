import type { LogStore } from "../log-store/index.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import type { Core, Part } from "../part.ts";
import type { ProblemRootsReader } from "../problem/index.ts";
import { createGrafanaSource } from "./grafana-source.ts";
import { createPlainRoutes } from "./plain-routes.ts";
import { createSimpleJsonRoutes } from "./simple-json-routes.ts";

/** Wires what Grafana may ask for in. */
export function createGrafanaData(
  { database, publicUrl, now }: Core,
  others: {
    readonly definitions: DefinitionCache;
    readonly store: LogStore;
    readonly roots: Pick<ProblemRootsReader, "read">;
  },
): Part {
  const source = createGrafanaSource({ database, publicUrl, now, ...others });
  const dependencies = { database, publicUrl, now, source, definitions: others.definitions, roots: others.roots };
  return {
    name: "grafana-data",
    routes: [...createSimpleJsonRoutes(dependencies), ...createPlainRoutes(dependencies)],
  };
}
