import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { describe, test } from "node:test";
import fc from "fast-check";
import nodemailer from "nodemailer";
import { boundOutput, MessageContent } from "./message-content.ts";
import { messageFacts } from "./message-facts.ts";
import { renderHtml } from "./render-html.ts";
import { renderMail } from "./render-mail.ts";
import { renderText } from "./render-text.ts";

const at = (minute: number) => Date.UTC(2026, 0, 2, 3, minute);

const problem: MessageContent = {
  type: "PROBLEM",
  hostId: 3,
  hostName: "web1",
  hostDisplayName: "Shop front",
  hostAddress: "192.0.2.1",
  serviceId: 12,
  serviceName: "disk",
  fromState: "OK",
  toState: "CRITICAL",
  attempt: 3,
  maxCheckAttempts: 3,
  output: "DISK CRITICAL - / is 97% full",
  longOutput: 'biggest: /var/log <1 & "2"\n  /srv 12 GB',
  perfdata: "/=97%;80;90;0;100 /srv=13958643712B;;21474836480;0; inodes=U",
  atMs: at(4),
  problemStartedAtMs: at(4),
  lastOkAtMs: at(1),
  lastOkOutput: "DISK OK - / is 79% full",
  contactName: "anna",
  ruleName: "web to anna",
  via: null,
  number: 1,
  problemId: 42,
  businessImpact: 2,
  hostLabels: {},
  hostGroups: [],
  remark: null,
  references: [],
};
const first = "<problem-42.7-0.k3y@example.org>";
const golden: Record<string, MessageContent> = {
  problem,
  "problem-after-downtime": {
    ...problem,
    atMs: at(9),
    remark: "held back until now: in downtime 17 (carla: new disks)",
  },
  recovery: {
    ...problem,
    type: "RECOVERY",
    fromState: "CRITICAL",
    toState: "OK",
    output: "DISK OK",
    longOutput: "",
    perfdata: "/=40%;80;90",
    atMs: at(47),
    references: [first],
  },
  acknowledgement: {
    ...problem,
    type: "ACKNOWLEDGEMENT",
    fromState: "CRITICAL",
    atMs: at(9),
    remark: "carla: cleaning up",
    references: [first],
  },
  "flapping-start": { ...problem, type: "FLAPPINGSTART", problemStartedAtMs: null, perfdata: "", longOutput: "" },
  "host-down": {
    ...problem,
    serviceId: null,
    serviceName: null,
    fromState: "UP",
    toState: "DOWN",
    output: "no answer for 95 s",
    longOutput: "",
    perfdata: "",
    lastOkOutput: null,
  },
};

const isUpdating = process.env.MYCLOUD_UPDATE_GOLDEN === "1";

describe("a message, as golden files", () => {
  for (const [name, content] of Object.entries(golden)) {
    const facts = messageFacts(content, "https://monitor.example.org/");
    for (const [ending, rendered] of [
      ["txt", renderText(facts)],
      ["html", renderHtml(facts)],
    ] as const) {
      test(`${name}.${ending} reads as it did`, async () => {
        const file = new URL(`fixtures/${name}.${ending}`, import.meta.url);
        if (isUpdating) await writeFile(file, rendered);
        assert.equal(rendered, await readFile(file, "utf8"));
      });
    }
  }
});

test("what is known around a problem is told below it, escaped, and nothing of what is not known", () => {
  const content = Object.values(golden)[0];
  assert.ok(content !== undefined);
  const background = [
    { title: "Changed in its configuration before", lines: [] },
    { title: "Its logs around it", lines: ["12:00:00 kernel err: <oops>", "12:00:01 kernel err: again"] },
  ];
  const facts = messageFacts(content, "https://monitor.example.org/", background);
  assert.match(renderText(facts), /Its logs around it:\n12:00:00 kernel err: <oops>\n12:00:01 kernel err: again\n/);
  assert.match(renderHtml(facts), /<p>Its logs around it:<\/p>\n<pre [^>]*>12:00:00 kernel err: &lt;oops&gt;\n/);
  assert.doesNotMatch(renderText(facts) + renderHtml(facts), /Changed in its configuration/);
});

const anyText = fc.string({ unit: "binary", maxLength: 300 });
const anyContent = fc
  .record({
    hostName: anyText,
    serviceName: fc.option(anyText),
    output: anyText,
    longOutput: anyText,
    perfdata: anyText,
    contactName: anyText,
    ruleName: fc.option(anyText),
    remark: fc.option(anyText),
  })
  .map((texts): MessageContent => ({ ...problem, ...texts }));

describe("a message about anything", () => {
  test("the HTML contains no tag, script or address of the text's own", () => {
    fc.assert(
      fc.property(anyContent, (content) => {
        const tags = (one: MessageContent) =>
          new Set(renderHtml(messageFacts(one, "https://monitor.example.org")).match(/<\/?[a-z0-9]+/gi));
        for (const tag of tags({
          ...content,
          output: `${content.output}<script src=//evil>`,
          remark: "<img onerror=x>",
        })) {
          assert.match(tag, /^<\/?(html|head|meta|title|style|body|div|h1|p|pre|ul|li|table|tr|th|td|a)$/);
        }
      }),
    );
  });

  test("no text becomes a header of the mail, and the mail is complete", async () => {
    const transport = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: "unix" });
    await fc.assert(
      fc.asyncProperty(anyContent, async (content) => {
        const mail = {
          address: "anna@example.org",
          subject: "[MyCloud] CRITICAL x",
          messageId: first,
          createdAtMs: at(4),
          content: { ...content, contactName: `${content.contactName}\r\nBcc: eve@example.org` },
        };
        const sent = await transport.sendMail(
          renderMail(mail, { mailFrom: "mycloud@example.org", publicUrl: () => "https://monitor.example.org" }),
        );
        assert.ok(Buffer.isBuffer(sent.message));
        const text = sent.message.toString("utf8");
        const names = text.slice(0, text.indexOf("\n\n")).match(/^[A-Za-z-]+(?=:)/gm) ?? [];
        const expected = [
          "Auto-Submitted",
          "Content-Type",
          "Date",
          "From",
          "List-ID",
          "MIME-Version",
          "Message-ID",
          "Subject",
          "To",
          "X-Auto-Response-Suppress",
          "X-MyCloud-Notification",
        ];
        assert.deepEqual(
          names.map((name) => name.toLowerCase()).sort(),
          expected.map((name) => name.toLowerCase()).sort(),
        );
        assert.deepEqual(sent.envelope.to, ["anna@example.org"]);
      }),
      { numRuns: 50 },
    );
  });

  test("stored content is bounded, parses again, and keeps whole perfdata items", () => {
    const bounded = boundOutput({
      ...problem,
      output: "😀".repeat(5000),
      longOutput: "x".repeat(60_000),
      perfdata: "a=1;2;3 ".repeat(2000),
    });
    assert.ok(JSON.stringify(bounded).length < 13_000);
    assert.deepEqual(MessageContent.parse(JSON.parse(JSON.stringify(bounded))), bounded);
    assert.match(bounded.perfdata, /a=1;2;3$/);
  });
});
