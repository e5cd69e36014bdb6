// Makes docs/images/overview.png: the console's overview of this machine, watched for a few minutes, with what is wrong handled.
//
//   node_modules/.bin/node scripts/screenshot.ts [MINUTES]
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openPage, startChromium } from "../test/browser/support/index.ts";
import { freePort, repositoryRoot, startInstance } from "../test/support/index.ts";

const minutes = Number(process.argv[2] ?? 4);
const target = join(repositoryRoot, "docs/images/overview.png");
const undo: (() => void | Promise<void>)[] = [];
const cleanup = { after: (action: () => void | Promise<void>) => void undo.unshift(action) };

try {
  // Something to hand mail to, so that the overview does not warn that there is nothing; it takes none.
  const mailPort = await freePort();
  const sink = createServer().listen(mailPort, "127.0.0.1");
  cleanup.after(() => void sink.close());
  const mycloud = await startInstance(cleanup, { env: { MYCLOUD_SMTP_URL: `smtp://127.0.0.1:${mailPort}` } });
  const post = async (path: string, body: unknown) => {
    const answer = await mycloud.api("POST", `/api/v1/${path}`, { body });
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const backup = { host: "db1.example.org", service: "backup" };
  await post("check-results", [
    { host: backup.host, returnCode: 0, output: "PING OK - 0.4 ms" },
    { ...backup, returnCode: 0, output: "BACKUP OK - 41 GB in 12 min | age=3600s;90000;180000" },
  ]);
  await sleep(1_000);
  await post("check-results", [
    {
      ...backup,
      returnCode: 2,
      output: "BACKUP CRITICAL - last one 52 h ago: no space left on store2 | age=187200s;90000;180000",
    },
  ]);
  const query = new URLSearchParams({ filter: JSON.stringify({ name: "backup" }) });
  const { body } = await mycloud.api("GET", `/api/v1/services?${query}`);
  await post("acknowledgements", { serviceIds: [body.data[0].id], comment: "store2 gets a second disk today" });
  // A machine with pending updates is not at fault; it has its evening for them.
  await post("downtimes", {
    selector: { hosts: [hostname()], services: ["updates", "reboot"] },
    startAtMs: Date.now() - 60_000,
    endAtMs: Date.now() + 86_400_000,
    comment: "updates are installed on Sunday evening",
  });

  await sleep(minutes * 60_000);
  const browser = await startChromium(cleanup);
  const { page } = await openPage(browser, mycloud.url, { viewport: { width: 1280, height: 720 } });
  await page.goto("/");
  await page.getByLabel("E-mail").fill("admin@localhost");
  await page.getByLabel("Password").fill(mycloud.adminPassword);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("link", { name: "backup" }).first().waitFor();
  await page.getByText("Live", { exact: true }).waitFor();
  mkdirSync(dirname(target), { recursive: true });
  await page.screenshot({ path: target, animations: "disabled" });
  console.log(target);
} finally {
  for (const action of undo) await action();
}
