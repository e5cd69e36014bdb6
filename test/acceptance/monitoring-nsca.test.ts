import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { nscaMethods } from "../../checks/src/nsca/index.ts";
import { SEND_NSCA_PROGRAM, sendNsca } from "../peers/nsca.ts";
import { requirePeer } from "../peers/peer.ts";
import { freePort, startServer, temporaryDirectory, waitFor } from "../support/index.ts";

const password = "correct horse";

describe("send_nsca speaks to the control plane", () => {
  for (const method of nscaMethods) {
    test(`with method ${method}`, async (t) => {
      if (!requirePeer(t, SEND_NSCA_PROGRAM, "nsca-client")) return;
      // Asked for together, so that they are not the same.
      const [http, port] = await Promise.all([freePort(), freePort()]);
      const passwordFile = join(await temporaryDirectory("nsca"), "password");
      await writeFile(passwordFile, `${password}\n`);
      const server = await startServer(t, {
        port: http,
        env: {
          MYCLOUD_NSCA: `127.0.0.1:${port}`,
          MYCLOUD_NSCA_METHOD: String(method),
          MYCLOUD_NSCA_PASSWORD_FILE: passwordFile,
          MYCLOUD_NSCA_SENDERS: "127.0.0.1=web*,db1",
          MYCLOUD_PASSIVE_REGISTER: "on",
        },
      });
      const resultsOf = async (hostName: string): Promise<unknown[][]> => {
        const filter = encodeURIComponent(JSON.stringify({ hostName }));
        const { body } = await server.api("GET", `/api/v1/check-results?filter=${filter}&sort=id`);
        return body.data.map((result: Record<string, unknown>) => [
          result.serviceName,
          result.state,
          result.output,
          result.longOutput,
          result.perfdata,
        ]);
      };
      const sent = await sendNsca(port, { method, password }, [
        "web1\tdisk\t2\tDISK CRITICAL - full | used=99%;80;90",
        "web1\tdisk\t0\tDISK OK\nfür alle\n/home 5 %",
        "mail\tqueue\t0\tsomebody else's",
        "web1\t1\tno answer",
      ]);
      assert.equal(sent.code, 0, sent.output);
      await waitFor(async () => (await resultsOf("web1")).length === 3, 10_000, "the results");
      assert.deepEqual(await resultsOf("web1"), [
        ["disk", "CRITICAL", "DISK CRITICAL - full", "", "used=99%;80;90"],
        ["disk", "OK", "DISK OK", "für alle\n/home 5 %", ""],
        [null, "DOWN", "no answer", "", ""],
      ]);
      assert.deepEqual(await resultsOf("mail"), [], "an address speaks for its own hosts only");
      if (method !== 0) await sendNsca(port, { method, password: "another" }, ["web1\tdisk\t1\tforged"]);
      const metrics = await waitFor(
        async () => {
          const text = await (await fetch(`${server.url}/metrics`)).text();
          return method === 0 || text.includes('mycloud_nsca_results_total{outcome="unreadable"} 1') ? text : undefined;
        },
        10_000,
        "the metrics",
      );
      assert.match(metrics, /mycloud_nsca_results_total\{outcome="denied"\} 1/);
      assert.equal((await resultsOf("web1")).length, 3);
    });
  }
});
