import assert from "node:assert/strict";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { AgentCommandOutcome, AgentCommandRequest } from "@mycloud/protocol/agent";
import { testDirectory } from "../agent/testing/test-directory.ts";
import { createLogger } from "../logger/index.ts";
import { type AgentPolicy, defaultPolicy } from "../policy/index.ts";
import { createBegunCommands } from "./begun-commands.ts";
import { createCommandExecutor } from "./command-executor.ts";
import { eventHandlerWords, runEventHandler } from "./run-event-handler.ts";

const never = new AbortController().signal;
const clock = () => performance.now();
const request = {
  kind: "event-handler",
  eventHandler: "restart nginx",
  command: "restart",
  arguments: ["CRITICAL", "$(id); `id` 'x'"],
  macros: { HOSTNAME: "web1", SERVICESTATE: "CRITICAL", "BAD=NAME": "x", NUL: "a\0b" },
  timeoutSeconds: 5,
} satisfies AgentCommandRequest;

function script(body: string): string {
  const path = join(testDirectory(), "handler");
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

function run(program: string, more: Partial<typeof request> = {}, signal = never): Promise<AgentCommandOutcome> {
  return runEventHandler([program, "fixed", ...request.arguments], { ...request, ...more }, clock, signal);
}

test("a handler gets its fixed arguments first, the others as they are, and Nagios' macros", async () => {
  const outcome = await run(script('printf "<%s>" "$@"; echo; env | grep ^NAGIOS_ | sort; echo oops >&2'));
  assert.equal(outcome.phase, "done");
  assert.deepEqual(outcome.result?.output.split("\n"), [
    "<fixed><CRITICAL><$(id); `id` 'x'>",
    "NAGIOS_HOSTNAME=web1",
    "NAGIOS_NUL=ab",
    "NAGIOS_SERVICESTATE=CRITICAL",
    "",
    "oops",
  ]);
});

test("a handler that fails, is missing, takes too long or prints without end is told as what it is", async () => {
  const failed = await run(script("echo no; exit 3"));
  assert.deepEqual([failed.phase, failed.message, failed.result?.returnCode], ["failed", "it ended with 3", 3]);
  const missing = await run("/nonexistent/handler");
  assert.match(missing.message ?? "", /cannot be started: .*ENOENT/);
  const marker = join(testDirectory(), "late");
  const slow = await run(script(`(sleep 2; touch ${marker}) & sleep 30`), { timeoutSeconds: 1 });
  assert.match(slow.message ?? "", /ended after 1 s: it took too long/);
  const loud = await run(script("yes"), { timeoutSeconds: 20 });
  assert.match(loud.message ?? "", /printed without end/);
  assert.ok((loud.result?.output.length ?? 0) <= 16 * 1024);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  assert.throws(() => readFileSync(marker), "what it left behind was ended with it");
});

test("only what the policy names is run", () => {
  const policy = { eventHandlers: { restart: ["/usr/bin/systemctl", "restart"] } };
  assert.deepEqual(eventHandlerWords(policy, { command: "restart", arguments: ["nginx"] }), [
    "/usr/bin/systemctl",
    "restart",
    "nginx",
  ]);
  for (const command of ["reboot", "constructor", "__proto__", "/bin/sh"]) {
    assert.equal(eventHandlerWords(policy, { command, arguments: [] }), undefined, command);
  }
});

/** An executor with a policy, which remembers in `path` what it has begun. */
function executor(policy: AgentPolicy, path: string) {
  const ran: string[] = [];
  const outcomes: AgentCommandOutcome[] = [];
  let told: () => void = () => undefined;
  const commands = createCommandExecutor({
    loadPolicy: async () => ({ policy, fault: undefined }),
    checkNow: async () => 0,
    testRun: async () => assert.fail("no test run was asked for"),
    runEventHandler: async (words) => {
      ran.push(words.join(" "));
      return { phase: "done", message: null, result: null };
    },
    begunCommands: createBegunCommands(path),
    discover: async () => ({ kind: "unreachable", message: "gone" }),
    acknowledge: async (_id, outcome) => {
      outcomes.push(outcome);
      told();
      return { kind: "ok", value: undefined };
    },
    pause: async () => undefined,
    logger: createLogger({ level: "error", format: "text", write: () => undefined, now: Date.now }),
    signal: never,
  });
  return {
    ran,
    async give(id: number, asked: AgentCommandRequest): Promise<AgentCommandOutcome | undefined> {
      const answered = new Promise<void>((resolve) => {
        told = resolve;
      });
      commands.accept({ id, request: asked });
      await answered;
      // Only when the executor is through with a command is one of the same id another delivery.
      await new Promise(setImmediate);
      return outcomes.at(-1);
    },
  };
}

const allowing: AgentPolicy = { ...defaultPolicy, eventHandlers: { restart: ["/bin/true"] } };

test("a handler that the policy does not name, or a kind that it does not allow, is refused with the reason", async () => {
  const path = join(testDirectory(), "begun.json");
  const unnamed = await executor(defaultPolicy, path).give(1, request);
  assert.deepEqual(unnamed, {
    phase: "refused",
    message: `this host's policy names no event handler "restart"`,
    result: null,
  });
  const closed = await executor({ ...allowing, allow: ["check-now"] }, path).give(1, request);
  assert.equal(closed?.message, "this host's policy does not allow event-handler");
  const discovery = await executor({ ...allowing, allow: ["check-now"] }, path).give(2, { kind: "discover" });
  assert.equal(discovery?.message, "this host's policy does not allow discover");
});

test("a handler runs once, also when its command comes again, after a restart too", async () => {
  const path = join(testDirectory(), "begun.json");
  const first = executor(allowing, path);
  assert.equal((await first.give(7, request))?.phase, "done");
  assert.equal((await first.give(7, request))?.phase, "done");
  assert.deepEqual(first.ran, ["/bin/true CRITICAL $(id); `id` 'x'"]);
  const restarted = executor(allowing, path);
  const again = await restarted.give(7, request);
  assert.equal(again?.phase, "failed");
  assert.match(again?.message ?? "", /not run again/);
  assert.deepEqual(restarted.ran, []);
  assert.equal((await restarted.give(8, request))?.phase, "done");
});

test("handlers of one service run one after the other, those of another beside them", async () => {
  const order: string[] = [];
  const waiting: (() => void)[] = [];
  const commands = createCommandExecutor({
    loadPolicy: async () => ({ policy: allowing, fault: undefined }),
    checkNow: async () => 0,
    testRun: async () => assert.fail("no test run was asked for"),
    runEventHandler: async (_words, { macros }) => {
      order.push(macros.SERVICESTATE ?? "");
      await new Promise<void>((resolve) => waiting.push(resolve));
      return { phase: "done", message: null, result: null };
    },
    begunCommands: { begin: async () => true },
    discover: async () => ({ kind: "unreachable", message: "gone" }),
    acknowledge: async () => ({ kind: "ok", value: undefined }),
    pause: async () => undefined,
    logger: createLogger({ level: "error", format: "text", write: () => undefined, now: Date.now }),
    signal: never,
  });
  const asked = (state: string, service: string) => ({
    ...request,
    macros: { HOSTNAME: "web1", SERVICEDESC: service, SERVICESTATE: state },
  });
  commands.accept({ id: 1, request: asked("first", "http") });
  commands.accept({ id: 2, request: asked("second", "http") });
  commands.accept({ id: 3, request: asked("other", "ssh") });
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(order, ["first", "other"]);
  for (const end of waiting.splice(0)) end();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(order, ["first", "other", "second"]);
  for (const end of waiting) end();
});

test("a discovery that cannot be reported has failed", async () => {
  const path = join(testDirectory(), "begun.json");
  assert.deepEqual(await executor(allowing, path).give(1, { kind: "discover" }), {
    phase: "failed",
    message: "gone",
    result: null,
  });
});
