import { startIcingaLivestatus } from "../../test/peers/icinga-livestatus.ts";
import { askLivestatus } from "../../test/peers/livestatus-client.ts";
import { type Cleanup, descendantsOf, waitFor } from "../../test/support/index.ts";
import { residentMiB } from "../ingest/process-cost.ts";
import type { LivestatusProgram } from "./measure-queries.ts";
import { resultsOf, type Size } from "./watched.ts";

/** Starts an icinga2 that has heard of every service once. */
export async function prepareIcinga(cleanup: Cleanup, size: Size): Promise<LivestatusProgram> {
  const icinga = await startIcingaLivestatus(
    cleanup,
    `
object HostGroup "even" { }
for (host in range(1, ${size.hosts + 1})) {
  object Host "bench" + Json.encode(host) use (host) {
    check_command = "dummy"
    enable_active_checks = false
    max_check_attempts = 1
    if (host % 2 == 0) { groups = [ "even" ] }
  }
}
for (service in range(1, ${size.servicesPerHost + 1})) {
  apply Service "service" + Json.encode(service) {
    check_command = "dummy"
    enable_active_checks = false
    max_check_attempts = 1
    assign where true
  }
}`,
  );
  const commands = [...resultsOf(size)].map(
    ({ host, service, returnCode, output }) =>
      `PROCESS_SERVICE_CHECK_RESULT;${host};${service};${returnCode};${output}`,
  );
  for (let host = 1; host <= size.hosts; host++) commands.push(`PROCESS_HOST_CHECK_RESULT;bench${host};0;up`);
  await icinga.submit(commands);
  const pending = "GET services\nFilter: has_been_checked = 0\nStats: state >= 0";
  const isDone = async () => (await askLivestatus(icinga.port, pending)).trim() === "0";
  await waitFor(isDone, 60_000, "icinga2 to take all results");
  return { port: icinga.port, residentMiB: () => residentMiB([icinga.pid, ...descendantsOf(icinga.pid)]) };
}
