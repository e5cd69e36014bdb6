// `npm run test:faults`: a real journald of our own, which rotates and vacuums its files while it is followed, and a shipper that is killed meanwhile.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startRecordingReceiver } from "../../agent/src/log-shipping/testing/recording-receiver.ts";
import { temporaryDirectory, waitFor } from "../support/index.ts";
import { startShipper } from "./log-shipper/index.ts";
import { messageOf, privateJournalHindrance, startPrivateJournal } from "./log-shipper/private-journal.ts";

const hindrance = privateJournalHindrance();

test("10,000 entries of a journald that rotates and vacuums come once and in order, however often the shipper is killed", {
  skip: hindrance,
}, async (t) => {
  const directory = await temporaryDirectory("journal");
  const journal = await startPrivateJournal(t, directory);
  const receiver = await startRecordingReceiver();
  t.after(() => receiver.close());
  const shipper = startShipper(t, {
    logs: join(directory, "none"),
    queueDirectory: join(directory, "queue"),
    destination: { host: "127.0.0.1", port: receiver.port },
    job: { input: { type: "journal", startAt: "beginning" } },
  });
  const received = () => receiver.messages().filter((message) => message.startsWith("entry "));
  const files = () => readdirSync(join(directory, "files"), { recursive: true }).length;
  const step = 1_000;
  for (let from = 0; from < 10_000; from += step) {
    await journal.send(from, from + step);
    journal.rotate();
    if (from % 2_000 === 0) {
      await waitFor(() => Number.isInteger(shipper.pid()), 60_000, "a shipper");
      process.kill(shipper.pid(), "SIGKILL");
    }
    if (from % 3_000 !== 0) continue;
    // What was read may go; what was not is lost by whoever vacuums too soon.
    await waitFor(() => received().length === from + step, 90_000, `${from + step} entries`);
    const before = files();
    journal.vacuum();
    assert.ok(files() < before, "nothing was vacuumed");
  }
  await waitFor(() => received().length >= 10_000, 90_000, "all entries");
  assert.deepEqual(
    received(),
    Array.from({ length: 10_000 }, (_, number) => messageOf(number)),
  );
});
