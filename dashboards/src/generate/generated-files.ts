import { buildDashboard } from "../dashboard/index.ts";
import { allDashboards } from "../dashboards/index.ts";
import { provisioningFiles } from "../provisioning/index.ts";

/** Everything that Grafana gets, by its path below dashboards/generated. Pure. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const dashboards = allDashboards.map(
    (dashboard) => [`dashboards/${dashboard.uid}.json`, formatJson(buildDashboard(dashboard))] as const,
  );
  return new Map([...provisioningFiles(), ...dashboards]);
}

/** Keys keep the SDK's order, which is the same each time. */
function formatJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
