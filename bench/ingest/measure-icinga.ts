import { appendFile } from "node:fs/promises";
import { type Cleanup, waitFor } from "../../test/support/index.ts";
import { createBodyCycle } from "./body-cycle.ts";
import { measureRequests } from "./measure-requests.ts";
import { type Measured, unansweredPipe } from "./measured.ts";
import { type Icinga, startIcinga } from "./start-icinga.ts";
import { type BenchResult, type Condition, conditions, resultNumber, singleResultConnections } from "./workload.ts";

const program = "icinga2";

/** Measures Debian's icinga2 through its command pipe, with this many results, and through its REST API, for `seconds` each. */
export async function measureIcinga(cleanup: Cleanup, pipeResults: number, seconds: number): Promise<Measured[]> {
  const icinga = await startIcinga(cleanup);
  const measured: Measured[] = [];
  for (const condition of conditions) measured.push(await measurePipe(icinga, condition, pipeResults));
  for (const condition of conditions) measured.push(...(await measureRest(icinga, condition, seconds)));
  return measured;
}

/** From the first line until a comment made behind the last result is in the log. */
async function measurePipe(icinga: Icinga, condition: Condition, resultCount: number): Promise<Measured> {
  const atSeconds = Math.floor(Date.now() / 1000);
  const lines: string[] = [];
  for (let n = 0; n < resultCount; n++) {
    const { host, service, returnCode, output } = resultNumber(n, condition);
    lines.push(`[${atSeconds}] PROCESS_SERVICE_CHECK_RESULT;${host};${service};${returnCode};${output}\n`);
  }
  // The pipe is first in, first out, and a comment is logged as it is made, though without its text.
  lines.push(`[${atSeconds}] ADD_HOST_COMMENT;bench1;1;bench;done\n`);
  const countComments = async () => (await icinga.readLog()).split("of type 'Comment'").length - 1;
  const commentsBefore = await countComments();
  const startedAt = performance.now();
  await appendFile(icinga.pipe, lines.join(""));
  await waitFor(async () => (await countComments()) > commentsBefore, 120_000, "icinga2 to work off its pipe");
  const resultsPerSecond = resultCount / ((performance.now() - startedAt) / 1000);
  return { program, condition, resultsPerSecond, ...unansweredPipe };
}

/** One object a request, as its API is used by passive checks; a result counts when it was answered 200. */
async function measureRest(icinga: Icinga, condition: Condition, seconds: number): Promise<Measured[]> {
  const measured: Measured[] = [];
  const nextBody = createBodyCycle({ resultsSent: 0 }, condition, 1, ([result]) => result && restAction(result));
  for (const connections of singleResultConnections) {
    const target = icinga.restTarget;
    const pids = icinga.pids();
    const figures = await measureRequests({ target, nextBody, batchSize: 1, connections, seconds, pids });
    const path = `REST, 1 a request, ${connections} at once`;
    measured.push({ program, path, condition, isDurable: false, ...figures });
  }
  return measured;
}

function restAction({ host, service, returnCode, output }: BenchResult) {
  const [text, perfdata] = output.split(" | ");
  return {
    type: "Service",
    service: `${host}!${service}`,
    exit_status: returnCode,
    plugin_output: text,
    performance_data: perfdata,
  };
}
