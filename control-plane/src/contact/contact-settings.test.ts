import assert from "node:assert/strict";
import { test } from "node:test";
import { ContactInput } from "@mycloud/protocol/contact";
import { createSealer } from "../sealing/index.ts";
import { openChannel, readContactSettings, sealContactSettings } from "./contact-settings.ts";

const sealer = createSealer(new Uint8Array(32));
const webhook = (url: string, secret: string | null) => ({ type: "webhook", url, secret });
const contactWith = (...channels: unknown[]) => ContactInput.parse({ name: "ops", channels });

test("a contact's secrets are stored sealed and open again", () => {
  const json = sealContactSettings(sealer, contactWith(webhook("https://a.example.org/", "hunter2")), null);
  assert.ok(!json.includes("hunter2"));
  const [channel] = readContactSettings(json).channels;
  assert.ok(channel);
  assert.deepEqual(openChannel(sealer, channel), webhook("https://a.example.org/", "hunter2"));
});

test("******** keeps the secret of the channel with the same target, wherever it stands in the list", () => {
  const before = readContactSettings(
    sealContactSettings(
      sealer,
      contactWith(webhook("https://a.example.org/", "for a"), webhook("https://b.example.org/", "for b")),
      null,
    ),
  );
  const after = readContactSettings(
    sealContactSettings(sealer, contactWith({ type: "email" }, webhook("https://b.example.org/", "********")), before),
  );
  const [, channel] = after.channels;
  assert.ok(channel);
  assert.deepEqual(openChannel(sealer, channel), webhook("https://b.example.org/", "for b"));
});

test("******** for a channel that has no secret yet is refused", () => {
  const before = readContactSettings(sealContactSettings(sealer, contactWith({ type: "email" }), null));
  assert.throws(
    () => sealContactSettings(sealer, contactWith(webhook("https://a.example.org/", "********")), before),
    /channels\.0\.secret is "\*{8}", which keeps a stored secret; there is none yet/,
  );
});
