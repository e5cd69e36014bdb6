import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { logFacilities, logSeverities } from "../log-record/index.ts";
import {
  createLocalClock,
  formatRfc3164,
  formatRfc5424,
  frameByOctetCount,
  parseSyslog,
  readIsoTime,
  readPriority,
  type SyslogFrame,
  SyslogFrameError,
  SyslogFrameStream,
  type SyslogMessage,
} from "./index.ts";

const utc = createLocalClock("UTC");
const context = { receivedAtMs: Date.UTC(2026, 10, 23, 12, 0, 0), toUtcMs: utc };
const iso = (text: string) => Temporal.Instant.from(text).epochNanoseconds / 1000n;

function parsed(text: string, more: Partial<typeof context> = {}): Partial<SyslogMessage> {
  const { format, fault, ...rest } = parseSyslog(text, { ...context, ...more });
  const said = Object.entries(rest).filter(
    ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
  );
  return { format, ...(fault === null ? {} : { fault }), ...Object.fromEntries(said) };
}

test("messages of RFC 5424 are read, with the RFC's own examples", () => {
  const time = Number(iso("2003-10-11T22:14:15.003Z"));
  assert.deepEqual(
    parsed(
      "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \uFEFF'su root' failed for lonvick on /dev/pts/8",
    ),
    {
      format: "rfc5424",
      facility: "auth",
      severity: "crit",
      timeUs: time,
      hostName: "mymachine.example.com",
      appName: "su",
      msgId: "ID47",
      message: "'su root' failed for lonvick on /dev/pts/8",
    },
  );
  const elements = [
    {
      id: "exampleSDID@32473",
      params: [
        ["iut", "3"],
        ["eventSource", 'App"\\]lication\\x'],
        ["eventID", "1011"],
      ],
    },
    { id: "examplePriority@32473", params: [["class", "high"]] },
  ];
  assert.deepEqual(
    parsed(
      '<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 evntslog 8710 ID47 [exampleSDID@32473 iut="3" eventSource="App\\"\\\\\\]lication\\x" eventID="1011"][examplePriority@32473 class="high"] An application event log entry...\n',
    ),
    {
      format: "rfc5424",
      facility: "local4",
      severity: "notice",
      timeUs: Number(iso("2003-08-24T12:14:15.000003Z")),
      hostName: "192.0.2.1",
      appName: "evntslog",
      procId: "8710",
      msgId: "ID47",
      structuredData: elements,
      message: "An application event log entry...",
    },
  );
  assert.deepEqual(parsed("<0>1 - - - - - -"), { format: "rfc5424", facility: "kern", severity: "emerg", message: "" });
});

test("what is no message of RFC 5424 is kept whole, with the reason and its priority", () => {
  const table: [string, RegExp][] = [
    ["<34>1 2003-10-11T22:14:15.003 h a p m - x", /TIMESTAMP/],
    ["<34>1 2003-02-30T22:14:15Z h a p m - x", /TIMESTAMP/],
    ["<34>1 2003-10-11T24:14:15Z h a p m - x", /TIMESTAMP/],
    ["<34>1 2003-10-11T22:14:15.0123456789Z h a p m - x", /TIMESTAMP/],
    ["<34>1 - h a p m [x", /STRUCTURED-DATA/],
    ['<34>1 - h a p m [x y="1] z', /STRUCTURED-DATA/],
    ["<34>1 - h a p m [x y=1] z", /STRUCTURED-DATA/],
    ['<34>1 - h a p m [x y="1"]z', /follows/],
    ["<34>1 - h a p", /ends before MSGID|ends before PROCID/],
    [`<34>1 - ${"h".repeat(300)} a p m - x`, /HOSTNAME is too long/],
    ["<34>1  h a p m - x", /TIMESTAMP is empty/],
  ];
  for (const [text, fault] of table) {
    const message = parseSyslog(text, context);
    assert.equal(message.format, "raw", text);
    assert.match(message.fault ?? "", fault);
    assert.deepEqual([message.facility, message.severity], ["auth", "crit"]);
    assert.equal(message.message, text.slice(4));
  }
});

test("a priority is 0 to 191 without leading zeros", () => {
  for (const wrong of ["<192>x", "<999>x", "<>x", "<-1>x", "<01>x", "<1 >x", "< 1>x", "<1", "1>x", ""]) {
    assert.equal(readPriority(wrong), null, wrong);
  }
  assert.deepEqual(readPriority("<191>x"), { facility: "local7", severity: "debug", end: 5 });
  assert.deepEqual(readPriority("<0>x"), { facility: "kern", severity: "emerg", end: 3 });
  assert.deepEqual(parsed("<192>x"), { format: "raw", fault: "its PRI is not 0 to 191", message: "<192>x" });
  assert.deepEqual(parsed("hello"), { format: "raw", fault: "it has no PRI", message: "hello" });
});

test("messages of RFC 3164 are read, and what devices make of it", () => {
  const at = (text: string) => Number(iso(text));
  const table: [string, Partial<SyslogMessage>][] = [
    [
      "<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8",
      {
        timeUs: at("2026-10-11T22:14:15Z"),
        hostName: "mymachine",
        appName: "su",
        message: "'su root' failed for lonvick on /dev/pts/8",
      },
    ],
    [
      "<34>Nov  3 02:04:05 web-1.example.org postfix/smtpd[123]: connect from unknown[192.0.2.1]",
      {
        timeUs: at("2026-11-03T02:04:05Z"),
        hostName: "web-1.example.org",
        appName: "postfix/smtpd",
        procId: "123",
        message: "connect from unknown[192.0.2.1]",
      },
    ],
    [
      "<34>Nov 3 02:04:05 h a: one space",
      { timeUs: at("2026-11-03T02:04:05Z"), hostName: "h", appName: "a", message: "one space" },
    ],
    // BusyBox sends no host.
    [
      "<34>Nov 23 02:04:05 crond[12]: job",
      { timeUs: at("2026-11-23T02:04:05Z"), appName: "crond", procId: "12", message: "job" },
    ],
    [
      "<34>Nov 23 02:04:05 kernel: [ 1.5] up",
      { timeUs: at("2026-11-23T02:04:05Z"), appName: "kernel", message: "[ 1.5] up" },
    ],
    // rsyslog's forwarding format.
    [
      "<34>2026-11-23T02:04:05.123456+01:00 h app[1]: x",
      { timeUs: at("2026-11-23T01:04:05.123456Z"), hostName: "h", appName: "app", procId: "1", message: "x" },
    ],
    [
      "<34>2026-11-23 02:04:05 h app: x",
      { timeUs: at("2026-11-23T02:04:05Z"), hostName: "h", appName: "app", message: "x" },
    ],
    // Cisco IOS, with and without sequence numbers, and ASA.
    [
      "<34>29: *Mar  1 18:48:50.483 UTC: %SYS-5-CONFIG_I: Configured from console",
      { timeUs: at("2026-03-01T18:48:50.483Z"), appName: "%SYS-5-CONFIG_I", message: "Configured from console" },
    ],
    [
      "<34>sw1: 29: Mar  1 18:48:50.483: %LINK-3-UPDOWN: Interface up",
      { timeUs: at("2026-03-01T18:48:50.483Z"), hostName: "sw1", appName: "%LINK-3-UPDOWN", message: "Interface up" },
    ],
    [
      "<34>Nov 23 2025 02:04:05 fw1 : %ASA-6-302013: Built connection",
      { timeUs: at("2025-11-23T02:04:05Z"), hostName: "fw1", appName: "%ASA-6-302013", message: "Built connection" },
    ],
    [
      "<34>Nov 23 2025 02:04:05: %ASA-6-302013: Built",
      { timeUs: at("2025-11-23T02:04:05Z"), appName: "%ASA-6-302013", message: "Built" },
    ],
    ["<34>app: no time", { appName: "app", message: "no time" }],
    ["<34>no time, no tag", { message: "no time, no tag" }],
    [
      "<34>Nov 23 02:04:05 h no tag here",
      { timeUs: at("2026-11-23T02:04:05Z"), hostName: "h", message: "no tag here" },
    ],
    ["<34>Nov 31 02:04:05 h a: x", { message: "Nov 31 02:04:05 h a: x" }],
  ];
  for (const [text, expected] of table) {
    assert.deepEqual(parsed(text), { format: "rfc3164", facility: "auth", severity: "crit", ...expected }, text);
  }
  const file = parsed("Nov 23 02:04:05 h a[1]: a line of a file");
  assert.deepEqual([file.format, file.hostName, file.appName, file.facility], ["rfc3164", "h", "a", undefined]);
});

test("a time without a year is the last one that is not past tomorrow", () => {
  const table: [string, string, string][] = [
    ["2027-01-01T00:00:10Z", "Dec 31 23:59:59", "2026-12-31T23:59:59Z"],
    ["2026-12-31T23:59:50Z", "Jan  1 00:00:05", "2027-01-01T00:00:05Z"],
    ["2026-11-23T12:00:00Z", "Nov 23 12:00:05", "2026-11-23T12:00:05Z"],
    ["2026-11-23T12:00:00Z", "Nov 25 12:00:05", "2025-11-25T12:00:05Z"],
    ["2026-11-23T12:00:00Z", "Feb 29 12:00:00", "2024-02-29T12:00:00Z"],
  ];
  for (const [received, written, expected] of table) {
    const { timeUs } = parseSyslog(`<13>${written} h a: x`, { ...context, receivedAtMs: Date.parse(received) });
    assert.equal(timeUs, Number(iso(expected)), `${written} at ${received}`);
  }
});

test("a time without a zone is in the configured one, summer and winter", () => {
  const toUtcMs = createLocalClock("Europe/Berlin");
  assert.equal(parsed("<13>Nov 23 02:04:05 h a: x", { toUtcMs }).timeUs, Number(iso("2026-11-23T01:04:05Z")));
  assert.equal(parsed("<13>Jul 23 02:04:05 h a: x", { toUtcMs }).timeUs, Number(iso("2026-07-23T00:04:05Z")));
  assert.throws(() => createLocalClock("Nowhere/At_All"), RangeError);
});

const printable = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
  maxLength: 30,
});
const headerField = fc.option(printable.filter((text) => text !== "-"));
const sdName = printable.map((text) => text.replace(/[="\]]/g, "a"));
const timeUs = fc.integer({ min: 0, max: 4_000_000_000_000_000 });

test("what is written as RFC 5424 is read as it was", () => {
  const message = fc.record({
    facility: fc.constantFrom(...logFacilities),
    severity: fc.constantFrom(...logSeverities),
    timeUs: fc.option(timeUs),
    hostName: headerField,
    appName: headerField,
    procId: headerField,
    msgId: headerField,
    structuredData: fc.array(
      fc.record({ id: sdName, params: fc.array(fc.tuple(sdName, fc.string({ unit: "grapheme" })), { maxLength: 4 }) }),
      {
        maxLength: 3,
      },
    ),
    message: fc.string({ unit: "grapheme" }).filter((text) => !/[\r\n\0]$/.test(text) && !text.startsWith("\uFEFF")),
  });
  fc.assert(
    fc.property(message, (expected) => {
      const text = formatRfc5424(expected);
      const plain = structuredClone(expected);
      assert.deepEqual(parseSyslog(text, context), { format: "rfc5424", fault: null, ...plain }, text);
    }),
    { numRuns: 300 },
  );
});

test("what is written as RFC 3164 is read as it was, but for what it has no place for", () => {
  const text = formatRfc3164({
    facility: "local0",
    severity: "info",
    timeUs: Number(iso("2026-11-03T07:08:09.5Z")),
    hostName: "web 1",
    appName: "my:app",
    procId: "12",
    msgId: "x",
    structuredData: [],
    message: "hello",
  });
  assert.equal(text, "<134>Nov  3 07:08:09 web_1 my_app[12]: hello");
});

test("no text makes the parser throw or lose what was written", () => {
  const noise = fc.oneof(
    fc.string({ unit: "binary" }),
    fc
      .tuple(
        fc.constantFrom(
          "<13>",
          "<34>1 ",
          "<34>1 - - - - - ",
          "<13>Nov 23 ",
          "<13>1: *",
          "<13>2026-11-23T",
          "<13>Nov 23 02:04:05 ",
        ),
        fc.string(),
      )
      .map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(noise, (text) => {
      const message = parseSyslog(text, context);
      if (message.format === "raw") assert.ok(text.includes(message.message));
      if (message.timeUs !== null) assert.ok(Number.isSafeInteger(message.timeUs));
    }),
    { numRuns: 1_000 },
  );
  fc.assert(fc.property(fc.string(), (text) => void readIsoTime(text, utc)));
});

function frames(pieces: readonly Uint8Array[], maximumBytes = 1_000): string[] {
  const stream = new SyslogFrameStream(maximumBytes);
  const read: string[] = [];
  const take = (frame: SyslogFrame | null) => {
    if (frame === null) return false;
    read.push(Buffer.from(frame.bytes).toString() + (frame.isCut ? "|cut" : ""));
    return true;
  };
  for (const piece of pieces) {
    stream.push(piece);
    while (take(stream.next()));
  }
  take(stream.end());
  assert.equal(stream.heldBytes, 0);
  return read;
}

function cutInto(text: string, bytes: number): Uint8Array[] {
  const all = Buffer.from(text);
  return Array.from({ length: Math.ceil(all.length / bytes) }, (_, index) =>
    all.subarray(index * bytes, (index + 1) * bytes),
  );
}

test("framing is found for each message, however the stream is cut", () => {
  const table: [string, string[]][] = [
    ["<1>a\n<2>b\r\n<3>c\0<4>d", ["<1>a", "<2>b\r", "<3>c", "<4>d"]],
    ["4 <1>a5 <2>b\n4 <3>c", ["<1>a", "<2>b\n", "<3>c"]],
    ["4 <1>a<2>b\n4 <3>c\n<4>d\n", ["<1>a", "<2>b", "<3>c", "<4>d"]],
    ["2026-11-23 a line\n5 apples\n", ["2026-11-23 a line", "5 apples"]],
    ["9 <1>ä€", ["<1>ä€|cut"]],
    ["", []],
    ["\n\n\0", []],
  ];
  for (const [text, expected] of table) {
    for (const bytes of [1, 2, 3, 7, 100])
      assert.deepEqual(frames(cutInto(text, bytes)), expected, `${text} by ${bytes}`);
  }
});

test("what is too long is cut there and its rest thrown away as it comes", () => {
  const long = "x".repeat(50_000);
  const text = `<1>${long}\n<2>b\n50003 <3>${long}<4>d\n`;
  for (const bytes of [13, 999, 70_000]) {
    const read = frames(cutInto(text, bytes), 20);
    assert.deepEqual(read, [`<1>${"x".repeat(17)}|cut`, "<2>b", `<3>${"x".repeat(17)}|cut`, "<4>d"], String(bytes));
  }
  assert.throws(() => frames([Buffer.from("999999999 <1>")]), SyslogFrameError);
});

test("messages that were framed either way come out as they went in", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 40 }).map((line) => `<13>${line.replace(/[\n\r\0]/g, "")}`);
  fc.assert(
    fc.property(fc.array(fc.tuple(text, fc.boolean())), fc.integer({ min: 1, max: 30 }), (messages, bytes) => {
      const sent = messages.map(([message, isCounted]) => (isCounted ? frameByOctetCount(message) : `${message}\n`));
      assert.deepEqual(
        frames(cutInto(sent.join(""), bytes)),
        messages.map(([message]) => message),
      );
    }),
    { numRuns: 200 },
  );
});
