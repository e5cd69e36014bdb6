import assert from "node:assert/strict";
import { test } from "node:test";
import { ContactInput } from "@mycloud/protocol/contact";
import { pino } from "pino";
import { updateContact } from "../contact/store.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { createSealer } from "../sealing/index.ts";
import { ChannelError, type ChannelMessage, type ChannelSenders } from "./channels/index.ts";
import { createChannelWorker } from "./send-channel-messages.ts";
import { notificationFixture } from "./testing/notification-fixture.ts";

/** Channels that keep what they get, or fail as `fail` says. */
function recordingSenders() {
  const sent: { type: string; to: string; messages: readonly ChannelMessage[] }[] = [];
  const state: { fail: ((to: string) => ChannelError | null) | null } = { fail: null };
  const recorder = (type: string, batchSize: number) => ({
    batchSize,
    async send(channel: object, messages: readonly ChannelMessage[]) {
      const to = "url" in channel ? String(channel.url) : "";
      const failure = state.fail?.(to) ?? null;
      if (failure !== null) throw failure;
      sent.push({ type, to, messages });
    },
  });
  const senders: ChannelSenders = {
    webhook: recorder("webhook", 1),
    alertmanager: recorder("alertmanager", 100),
    "ws-arbiter": recorder("ws-arbiter", 100),
    nsca: recorder("nsca", 100),
    command: recorder("command", 1),
  };
  return { sent, state, senders };
}

forEachDialect((_dialect, open) => {
  async function fixture(channels: readonly object[]) {
    const made = await notificationFixture(await open(), { servicesPerHost: 3 });
    const { database, queue, changes, now, clock, notifications } = made;
    const sealer = createSealer(new Uint8Array(32));
    const input = ContactInput.parse({ name: "administrator", email: "a@example.org", channels });
    await database.transaction((tx) => updateContact(tx, database.dialect, sealer, 1, input, clock.nowMs));
    notifications.forget();
    const recorder = recordingSenders();
    const worker = createChannelWorker({
      database,
      queue,
      senders: recorder.senders,
      sealer,
      changes,
      publicUrl: () => "https://monitor.example.org",
      holder: "worker",
      logger: pino({ level: "silent" }),
      now,
      random: () => 0,
    });
    const [host] = made.ids;
    assert.ok(host);
    const { signal } = new AbortController();
    return {
      ...made,
      ...recorder,
      host,
      send: () => worker.sendDue(signal),
      repeat: () => worker.repeatAlerts(signal),
    };
  }
  const good = { type: "webhook", url: "https://good.example.org/", secret: "s" };
  const bad = { type: "webhook", url: "https://bad.example.org/" };

  test("a message goes out by every channel, its secrets opened, and is one message of the problem", async () => {
    const { post, host, send, sent, sendAll, server, messages } = await fixture([{ type: "email" }, good]);
    await post(host.hostId, host.serviceIds[0] ?? 0, 2);
    await send();
    await sendAll();
    assert.deepEqual([sent.length, server.sent.length], [1, 1]);
    assert.equal(sent[0]?.messages[0]?.messageId, server.sent[0]?.messageId);
    await post(host.hostId, host.serviceIds[0] ?? 0, 0);
    assert.deepEqual((await messages()).slice(2), ["RECOVERY OK queued", "RECOVERY OK queued"]);
  });

  test("a target that does not answer is left alone for a while and holds up no other", async () => {
    const { post, host, send, sent, state, clock, database } = await fixture([good, bad]);
    let attempts = 0;
    state.fail = (to) => {
      if (!to.includes("bad")) return null;
      attempts++;
      return new ChannelError("connect ECONNREFUSED", "retry", true);
    };
    for (const serviceId of host.serviceIds) await post(host.hostId, serviceId, 2);
    await send();
    assert.deepEqual([sent.length, attempts], [3, 1]);
    await send();
    assert.equal(attempts, 1, "it is not asked again at once");
    state.fail = null;
    clock.nowMs += 60_000;
    await send();
    assert.equal(sent.length, 6);
    const names = sent.filter(({ to }) => to.includes("bad")).map(({ messages: [message] }) => message?.subject);
    assert.deepEqual(names, [...names].sort(), "in the order in which they happened");
    const phases = await database.db.selectFrom("notification").select("phase").distinct().execute();
    assert.deepEqual(
      phases.map(({ phase }) => phase),
      ["sent"],
    );
  });

  test("a refusal is final with the other side's words, and so is a channel that its contact has no more", async () => {
    const { post, host, send, state, database, notifications, clock } = await fixture([bad]);
    state.fail = () => new ChannelError("answered 410: gone", "dead", false);
    await post(host.hostId, host.serviceIds[0] ?? 0, 2);
    await send();
    state.fail = null;
    await post(host.hostId, host.serviceIds[1] ?? 0, 2);
    const none = ContactInput.parse({ name: "administrator", channels: [] });
    const sealer = createSealer(new Uint8Array(32));
    await database.transaction((tx) => updateContact(tx, database.dialect, sealer, 1, none, clock.nowMs));
    notifications.forget();
    await send();
    const rows = await database.db.selectFrom("notification").select(["phase", "last_error"]).orderBy("id").execute();
    assert.deepEqual(
      rows.map(({ phase, last_error }) => [phase, last_error]),
      [
        ["dead", "answered 410: gone"],
        ["dead", "the contact has no such channel any more"],
      ],
    );
  });

  test("an Alertmanager is told again of every problem that is still open, by its last message", async () => {
    const { post, host, send, repeat, sent } = await fixture([{ type: "alertmanager", url: "https://am.example.org" }]);
    const [first = 0, second = 0] = host.serviceIds;
    await post(host.hostId, first, 1);
    await post(host.hostId, first, 2);
    await post(host.hostId, second, 2);
    await post(host.hostId, second, 0);
    await send();
    sent.length = 0;
    await repeat();
    const states = sent.flatMap(({ messages }) =>
      messages.map(({ content }) => ("toState" in content ? content.toState : "")),
    );
    assert.deepEqual(states, ["CRITICAL"]);
  });
});
