import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { readNscaPacket, writeGreeting } from "@mycloud/checks/nsca";
import { ContactChannel } from "@mycloud/protocol/contact";
import { createAddressGuard } from "../../outgoing-request/index.ts";
import { MessageContent } from "../mail/message-content.ts";
import { factsOf } from "../mail/render-mail.ts";
import { testContent } from "../test-message.ts";
import { alertsOf } from "./alertmanager.ts";
import { ChannelError, type ChannelMessage } from "./channel.ts";
import { macroEnvironment, nagiosMacros, replaceMacros } from "./nagios-macros.ts";
import { createChannelSenders, sendBy } from "./registry.ts";
import { signatureOf } from "./webhook.ts";

const at = Date.UTC(2026, 0, 2, 3, 4, 5);
const content = MessageContent.parse({
  ...testContent("anna", "x", at),
  type: "PROBLEM",
  hostId: 1,
  hostName: "web1",
  hostDisplayName: "Shop front",
  hostAddress: "192.0.2.1",
  serviceId: 2,
  serviceName: "disk",
  fromState: "OK",
  toState: "CRITICAL",
  output: "97% full",
  perfdata: "used=97%;80;90",
  problemStartedAtMs: at - 60_000,
  problemId: 42,
  ruleName: "web",
  via: "escalation 1",
  number: 3,
  hostLabels: { "rack.unit": "7" },
  hostGroups: ["web", "linux"],
  remark: null,
});
function messageWith(over: Partial<MessageContent> = {}): ChannelMessage {
  const own = { ...content, ...over };
  return {
    id: 1,
    messageId: "<problem-42.1-0.k@example.org>",
    subject: "[MyCloud] CRITICAL web1/disk: 97% full",
    createdAtMs: at,
    content: own,
    facts: factsOf(own, "https://monitor.example.org"),
    contact: {
      name: "anna",
      email: "anna@example.org",
      alias: "Anna Example",
      pager: "+49 30 1",
      variables: { ADDRESS1: "@anna", TEAM: "web" },
    },
  };
}

let directory = "";
before(async () => {
  directory = await mkdtemp(join(tmpdir(), "mycloud-commands-"));
});
after(() => rm(directory, { recursive: true }));
const { signal } = new AbortController();
const senders = () =>
  createChannelSenders({
    guard: createAddressGuard(["127.0.0.1"]),
    directory,
    findFacts: async () => ({ hostState: "UP", hostVariables: { RACK: "7" }, serviceVariables: { RUNBOOK: "/x" } }),
    now: () => at,
  });

/** Receives one request and answers it with `status`. */
async function receive(status: number, send: (url: string) => Promise<void>) {
  const seen: { request: IncomingMessage; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      seen.push({ request, body });
      response.writeHead(status, { location: "http://127.0.0.1:1/" }).end("words of the server");
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  try {
    await send(`http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`);
  } finally {
    server.close();
  }
  return seen;
}

describe("the webhook channel", () => {
  test("posts a document that its signature and timestamp vouch for", async () => {
    const [seen] = await receive(204, (url) =>
      sendBy(senders(), { type: "webhook", url: `${url}/hook`, secret: "s3cret" }, [messageWith()], signal),
    );
    const timestamp = String(seen?.request.headers["x-mycloud-timestamp"]);
    assert.equal(timestamp, String(at / 1000));
    assert.equal(
      seen?.request.headers["x-mycloud-signature"],
      `sha256=${signatureOf("s3cret", timestamp, seen?.body ?? "")}`,
    );
    const document = JSON.parse(seen?.body ?? "");
    assert.deepEqual(
      [document.type, document.host.name, document.service, document.state, document.number, document.problem.id],
      ["PROBLEM", "web1", "disk", "CRITICAL", 3, 42],
    );
  });

  for (const [status, outcome] of [
    [302, "dead"],
    [400, "dead"],
    [410, "dead"],
    [429, "retry"],
    [503, "retry"],
  ] as const) {
    test(`${status} means ${outcome}, with the other side's words`, async () => {
      await receive(status, (url) =>
        assert.rejects(
          sendBy(senders(), { type: "webhook", url, secret: null }, [messageWith()], signal),
          (error: unknown) =>
            error instanceof ChannelError &&
            error.outcome === outcome &&
            error.message === `answered ${status}: words of the server`,
        ),
      );
    });
  }

  test("an address inside the network is not asked, and the message waits for the configuration", async () => {
    const channel = { type: "webhook" as const, url: "http://169.254.169.254/latest/", secret: null };
    await assert.rejects(
      sendBy(senders(), channel, [messageWith()], signal),
      (error: unknown) => error instanceof ChannelError && error.outcome === "retry" && !error.isTarget,
    );
  });
});

describe("the ws-arbiter channel", () => {
  test("submits states as a form, keys repeated in order, with a login", async () => {
    const channel = { type: "ws-arbiter" as const, url: "", username: "us", password: "pw" };
    const [seen] = await receive(200, (url) =>
      sendBy(
        senders(),
        { ...channel, url: `${url}/` },
        [messageWith(), messageWith({ serviceName: null, toState: "DOWN" })],
        signal,
      ),
    );
    assert.equal(seen?.request.url, "/push_check_result");
    assert.equal(seen?.request.headers.authorization, `Basic ${Buffer.from("us:pw").toString("base64")}`);
    const form = new URLSearchParams(seen?.body);
    assert.deepEqual(form.getAll("return_code"), ["2", "1"]);
    assert.deepEqual(form.getAll("service_description"), ["disk", ""]);
    assert.equal(form.getAll("output")[0], "97% full|used=97%;80;90");
  });
});

describe("the nsca channel", () => {
  test("submits states to an nsca daemon, and retries when there is none", async () => {
    const received: Buffer[] = [];
    const daemon = createTcpServer({ allowHalfOpen: true }, (socket) => {
      socket.write(writeGreeting({ iv: Buffer.alloc(128), timestampSeconds: 1 }));
      socket.on("data", (bytes) => received.push(Buffer.from(bytes)));
      socket.on("end", () => socket.end());
    });
    await new Promise<void>((listening) => daemon.listen(0, "127.0.0.1", listening));
    const address = daemon.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const channel = { type: "nsca" as const, host: "127.0.0.1", port, method: 0 as const, password: null };
    await sendBy(senders(), ContactChannel.parse(channel) as typeof channel, [messageWith()], signal);
    daemon.close();
    const packet = readNscaPacket(Buffer.concat(received));
    assert.ok(typeof packet !== "string", String(packet));
    assert.deepEqual(
      [packet.host, packet.service, packet.returnCode, packet.output],
      ["web1", "disk", 2, "97% full|used=97%;80;90"],
    );
    await assert.rejects(
      sendBy(senders(), channel, [messageWith()], signal),
      (error: unknown) => error instanceof ChannelError && error.outcome === "retry" && error.isTarget,
    );
  });
});

describe("alerts for Alertmanager", () => {
  test("a problem fires in its severity and ends the others; a recovery ends all", () => {
    const firing = (over: Partial<MessageContent>) =>
      alertsOf(messageWith(over), at)
        .filter(({ endsAt }) => Date.parse(endsAt) > at)
        .map(({ labels }) => labels.severity);
    assert.deepEqual(firing({}), ["critical"]);
    assert.deepEqual(firing({ toState: "WARNING" }), ["warning"]);
    assert.deepEqual(firing({ toState: "STALE" }), ["unknown"]);
    assert.deepEqual(firing({ type: "RECOVERY", toState: "OK" }), []);
    assert.equal(alertsOf(messageWith({ type: "ACKNOWLEDGEMENT" }), at).length, 0);
    assert.deepEqual(alertsOf(messageWith(), at)[0]?.labels, {
      rack_unit: "7",
      alertname: "disk",
      host: "web1",
      service: "disk",
      severity: "critical",
    });
  });
});

describe("Nagios' macros", () => {
  test("name everything that notification commands ask for", () => {
    const facts = { hostState: "UP", hostVariables: { RACK: "7" }, serviceVariables: { RUNBOOK: "/x" } };
    const macros = nagiosMacros(messageWith(), facts, at);
    const expected: Record<string, string> = {
      NOTIFICATIONTYPE: "PROBLEM",
      NOTIFICATIONNUMBER: "3",
      NOTIFICATIONISESCALATED: "1",
      HOSTNAME: "web1",
      HOSTALIAS: "Shop front",
      HOSTADDRESS: "192.0.2.1",
      HOSTSTATE: "UP",
      HOSTGROUPNAMES: "web,linux",
      SERVICEDESC: "disk",
      SERVICESTATE: "CRITICAL",
      SERVICESTATEID: "2",
      LASTSERVICESTATE: "OK",
      SERVICEOUTPUT: "97% full",
      SERVICEPERFDATA: "used=97%;80;90",
      SERVICEDURATIONSEC: "60",
      SERVICEPROBLEMID: "42",
      CONTACTNAME: "anna",
      CONTACTEMAIL: "anna@example.org",
      CONTACTPAGER: "+49 30 1",
      CONTACTADDRESS1: "@anna",
      _CONTACTTEAM: "web",
      _HOSTRACK: "7",
      _SERVICERUNBOOK: "/x",
      TIMET: String(at / 1000),
    };
    for (const [name, value] of Object.entries(expected)) assert.equal(macros[name], value, name);
    assert.equal(replaceMacros("$HOSTNAME$/$SERVICEDESC$ costs $$5 $NOSUCH$", macros), "web1/disk costs $5 ");
  });

  test("an acknowledgement names its author and words", () => {
    const acknowledgement = messageWith({ type: "ACKNOWLEDGEMENT", remark: "carla: new disk: ordered" });
    const macros = nagiosMacros(acknowledgement, { hostState: "UP", hostVariables: {}, serviceVariables: {} }, at);
    assert.deepEqual([macros.NOTIFICATIONAUTHOR, macros.NOTIFICATIONCOMMENT], ["carla", "new disk: ordered"]);
  });

  test("no value can end an environment variable early", () => {
    assert.deepEqual(macroEnvironment({ SERVICEOUTPUT: "a\0b" }), { NAGIOS_SERVICEOUTPUT: "ab" });
  });
});

describe("the command channel", () => {
  const program = async (name: string, script: string, mode = 0o755) => {
    await writeFile(join(directory, name), `#!/bin/bash\n${script}\n`);
    await chmod(join(directory, name), mode);
  };
  const run = (name: string, over: { arguments?: string[]; timeoutSeconds?: number } = {}) =>
    sendBy(
      senders(),
      { type: "command", program: name, arguments: [], timeoutSeconds: 20, ...over },
      [messageWith({ output: "$(touch /tmp/x); `id`" })],
      signal,
    );
  const rejectsWith = (outcome: string, words: RegExp) => (error: unknown) =>
    error instanceof ChannelError && error.outcome === outcome && words.test(error.message);

  test("runs a program of the directory with macros in environment and arguments, and the message on its input", async () => {
    const out = join(directory, "out");
    await program(
      "tell",
      `{ echo "$NAGIOS_HOSTNAME $NAGIOS_SERVICEOUTPUT"; printf '<%s>' "$@"; echo; cat; env; } >${out}`,
    );
    process.env.MYCLOUD_TEST_SECRET = "hunter2";
    await run("tell", { arguments: ["$SERVICESTATE$ now", "$SERVICEOUTPUT$"] });
    const text = await readFile(out, "utf8");
    assert.match(
      text,
      /^web1 \$\(touch \/tmp\/x\); `id`\n<CRITICAL now><\$\(touch \/tmp\/x\); `id`>\nCRITICAL: web1\/disk\n/,
    );
    assert.ok(!text.includes("hunter2"), "the control plane's own environment stays its own");
  });

  test("what is not in the directory, or open to others' writing, is not run", async () => {
    await assert.rejects(run("missing"), rejectsWith("retry", /there is no program .*missing/));
    await assert.rejects(run("..") /* no file name */, rejectsWith("dead", /no name of a file/));
    await program("open", "exit 0", 0o777);
    await assert.rejects(run("open"), rejectsWith("retry", /may be changed by others \(mode 777\)/));
    await program("plain", "exit 0", 0o644);
    await assert.rejects(run("plain"), rejectsWith("retry", /there is no program/));
  });

  test("a failure is final with the program's words, but exit code 75 asks for another attempt", async () => {
    await program("fails", "echo no modem >&2; exit 3");
    await assert.rejects(run("fails"), rejectsWith("dead", /^fails: exit code 3: no modem$/));
    await program("later", "exit 75");
    await assert.rejects(run("later"), rejectsWith("retry", /exit code 75/));
  });

  test("a program that takes too long is killed with everything it started", async () => {
    const pidFile = join(directory, "pid");
    await program("hangs", `sleep 300 & echo $! >${pidFile}; wait`);
    await assert.rejects(run("hangs", { timeoutSeconds: 1 }), rejectsWith("dead", /was killed after 1 s/));
    const pid = Number(await readFile(pidFile, "utf8"));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const state = await readFile(`/proc/${pid}/stat`, "utf8").then(
      (stat) => stat.split(" ")[2],
      () => "gone",
    );
    assert.ok(state === "gone" || state === "Z", `the sleeping child is ${state}`);
  });

  test("a program that floods its output is read to the end and remembered in part", async () => {
    await program("floods", "head -c 3000000 /dev/zero | tr '\\0' a; exit 1");
    await assert.rejects(
      run("floods"),
      (error: unknown) => error instanceof ChannelError && error.message.length <= 500,
    );
  });
});
