import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startNagios } from "../../test/peers/nagios.ts";
import type { NagiosObject } from "../../test/peers/nagios-config.ts";
import { type Measured, unansweredPipe } from "./measured.ts";
import { conditions, hostCount, resultNumber, servicesPerHost } from "./workload.ts";

/** Measures Debian's nagios4 through its command pipe: from the first line to the log line of a marker behind the last result. */
export async function measureNagios(resultCount: number): Promise<Measured[]> {
  const directory = await mkdtemp(join(tmpdir(), "nagios-bench-"));
  const log = join(directory, "nagios.log");
  const objects: NagiosObject[] = [];
  for (let host = 1; host <= hostCount; host++) {
    objects.push({ kind: "host", name: `bench${host}`, maxCheckAttempts: 1 });
    for (let service = 1; service <= servicesPerHost; service++) {
      objects.push({ kind: "service", host: `bench${host}`, name: `service${service}`, maxCheckAttempts: 1 });
    }
  }
  const nagios = await startNagios(objects, { log_file: log, status_update_interval: 10, enable_flap_detection: 0 });
  const measured: Measured[] = [];
  let marker = 0;
  try {
    for (const condition of conditions) {
      const commands: string[] = [];
      for (let n = 0; n < resultCount; n++) {
        const { host, service, returnCode, output } = resultNumber(n, condition);
        commands.push(`PROCESS_SERVICE_CHECK_RESULT;${host};${service};${returnCode};${output}`);
      }
      marker += 1;
      commands.push(`PROCESS_HOST_CHECK_RESULT;settle-marker;${marker % 2};bench ${marker} done`);
      const startedAt = performance.now();
      await nagios.submit(commands);
      while (!(await readFile(log, "utf8")).includes(`bench ${marker} done`)) {
        if (performance.now() - startedAt > 120_000) throw new Error("nagios4 did not work off its pipe");
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      measured.push({
        program: "nagios4",
        condition,
        resultsPerSecond: resultCount / ((performance.now() - startedAt) / 1000),
        ...unansweredPipe,
      });
    }
  } finally {
    await nagios.stop();
    await rm(directory, { recursive: true, force: true });
  }
  return measured;
}
