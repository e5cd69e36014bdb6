// What people hold against a name server: dig with its options, kdig by TLS, and delv, which believes only what is signed.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, it, type TestContext } from "node:test";
import { trustAnchorOf, writeZones } from "../name-service/zones.ts";
import { requirePeer } from "../peers/peer.ts";
import { makeCertificates } from "../support/certificates.ts";
import { cleanupOfSuite } from "../support/cleanup.ts";
import { startNameServer, type TestNameServer } from "../support/start-name-server.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const secret = Buffer.from("a secret of ours and theirs").toString("base64");
const hmac = (text = secret) => ["-y", `hmac-sha256:transfer:${text}`];

const configuration = (file: string) => ({
  nsid: "ns1",
  cookieSecrets: ["000102030405060708090a0b0c0d0e0f"],
  tsigKeys: [{ name: "transfer", algorithm: "hmac-sha256", secret }],
  zones: [{ name: "example.org", file, allowTransfer: [{ prefixes: ["127.0.0.0/8"], key: "transfer" }] }],
});

function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    // They end with a code of their own where the answer is no; what they say is what counts.
    execFile(program, args, { timeout: 60_000 }, (_error, stdout, stderr) => resolve(stdout + stderr));
  });
}

describe("dig, kdig and delv", () => {
  const cleanup = cleanupOfSuite();
  let server: TestNameServer;
  let tlsPort: string;
  let zones: string;
  let certificate: (file: string) => string;

  before(async () => {
    const directory = await temporaryDirectory("dns-clients");
    zones = join(directory, "zones");
    const written = await writeZones(zones);
    const configurationFile = join(directory, "configuration.json");
    const fileOf = (name: string) => written.find((zone) => zone.name === name)?.file ?? assert.fail(name);
    await writeFile(configurationFile, JSON.stringify(configuration(fileOf("example.org"))));
    certificate = makeCertificates(directory, ["ns1"]);
    const files = ["2.0.192.in-addr.arpa", "nsec.example", "nsec3.example"].flatMap((name) => [
      "--zone-file",
      `${name}=${fileOf(name)}`,
    ]);
    const tls = ["--tls-cert", certificate("ns1.pem"), "--tls-key", certificate("ns1.key")];
    server = await startNameServer(cleanup, {
      args: ["--configuration", configurationFile, ...files, "--tls-listen", "127.0.0.1:0", ...tls],
    });
    tlsPort = /tls 127\.0\.0\.1:(\d+)/.exec(server.process().stderr())?.[1] ?? assert.fail("no port for TLS");
  });

  const dig = (...args: readonly string[]) => run("dig", ["@127.0.0.1", "-p", String(server.port), ...args]);
  const kdig = (...args: readonly string[]) =>
    run("kdig", ["@127.0.0.1", "-p", tlsPort, `+tls-ca=${certificate("ca.pem")}`, ...args]);
  const hasDig = (t: TestContext) => requirePeer(t, "/usr/bin/dig", "bind9-dnsutils");

  it("dig gets what it asks for by each of its options", async (t) => {
    if (!hasDig(t)) return;
    const wanted: readonly (readonly [string, ...RegExp[]])[] = [
      ["+bufsize=4096 web.example.org", /status: NOERROR/, /udp: 1232/, /ANSWER: 2/],
      ["+bufsize=512 +ignore many.example.org", /flags: qr aa tc/, /ANSWER: 0/, /OPT PSEUDOSECTION/],
      ["+ignore toomany.example.org", /flags: qr aa tc/, /udp: 1232/],
      ["toomany.example.org", /Truncated, retrying in TCP mode/, /ANSWER: 95/],
      ["+noedns +ignore toomany.example.org", /flags: qr aa tc/, /ADDITIONAL: 0/],
      ["+noedns web.example.org", /ANSWER: 2/, /ADDITIONAL: 0/],
      ["+nsid web.example.org", /NSID: .*\("ns1"\)/],
      ["+cookie=0102030405060708 web.example.org", /COOKIE: 0102030405060708.{32} \(good\)/],
      ["+header-only +cookie", /status: NOERROR/, /QUERY: 0/, /COOKIE: .{48} \(good\)/],
      ["+header-only +nocookie", /status: FORMERR/],
      ["+tcp web.example.org", /\(TCP\)/, /ANSWER: 2/],
      ["+ednsopt=65001:deadbeef +ednsopt=100 web.example.org", /status: NOERROR/, /ANSWER: 2/],
      ["+ednsflags=0x7fff web.example.org", /EDNS: version: 0, flags:; udp/, /ANSWER: 2/],
      ["+edns=1 +noednsneg web.example.org", /status: BADVERS/, /EDNS: version: 0/, /ANSWER: 0/],
      ["+edns=1 web.example.org", /BADVERS, retrying with EDNS version 0/, /ANSWER: 2/],
      ["+subnet=192.0.2.0/24 web.example.org", /status: NOERROR/, /ANSWER: 2/],
      ["+dnssec +cd +ad +nord www.nsec.example", /flags: qr aa cd;/, /flags: do;/, /RRSIG\tCNAME/, /RRSIG\tA/],
      ["-x 192.0.2.1 +short", /^ns1\.example\.org\.\n$/],
      ["+short mail.example.org", /^192\.0\.2\.25\n$/],
      ["+notcp ANY example.org", /status: NOERROR/, /ANSWER: 1/],
      ["+opcode=status web.example.org", /status: NOTIMP/],
      ["CH TXT version.bind", /status: REFUSED/, /ANSWER: 0/],
      ["nowhere.example", /status: REFUSED/],
    ];
    for (const [line, ...patterns] of wanted) {
      const text = await dig(...line.split(" "));
      for (const pattern of patterns) assert.match(text, pattern, `dig ${line}`);
      assert.doesNotMatch(text, /malformed|extra bytes|mismatch|\(bad\)|\(echoed\)/i, `dig ${line}`);
    }
  });

  it("dig asks several questions by one connection, and fetches a zone by key alone", async (t) => {
    if (!hasDig(t)) return;
    const text = await dig("+tcp", "+keepopen", "web.example.org", "A", "example.org", "MX", "no.example.org", "A");
    assert.deepEqual(
      [...text.matchAll(/status: (\w+)/g)].map(([, status]) => status),
      ["NOERROR", "NOERROR", "NXDOMAIN"],
    );
    const whole = await dig(...hmac(), "example.org", "AXFR");
    assert.match(whole, /XFR size: \d{3} records/);
    assert.doesNotMatch(whole, /verify|WARNING|failed/i);
    assert.match(await dig(...hmac(Buffer.from("another").toString("base64")), "example.org", "AXFR"), /BADSIG/);
    assert.match(await dig("example.org", "AXFR"), /Transfer failed/);
  });

  it("kdig and dig are answered by TLS, to the name in the certificate alone", async (t) => {
    if (!hasDig(t) || !requirePeer(t, "/usr/bin/kdig", "knot-dnsutils")) return;
    const named = ["+tls", "+tls-hostname=ns1.example.org"];
    const text = await kdig(...named, "+keepopen", "web.example.org", "A", "example.org", "MX", "no.example.org", "A");
    assert.match(text, /TLS session \(TLS1\.3\)/);
    assert.deepEqual(
      [...text.matchAll(/status: (\w+)/g)].map(([, status]) => status),
      ["NOERROR", "NOERROR", "NXDOMAIN"],
    );
    assert.match(await kdig("+tls", "+tls-hostname=ns9.example.org", "web.example.org"), /Error in the certificate/);
    assert.match(await kdig(...named, "+padding=128", "+short", "mail.example.org"), /^192\.0\.2\.25$/m);
    assert.match(
      await kdig(...named, ...hmac(), "example.org", "AXFR"),
      /^;; Received \d+ B \(1 messages, \d+ records\)/m,
    );
    assert.match(await kdig(...named, "example.org", "AXFR"), /REFUSED|NOTAUTH/);
    assert.match(await run("dig", ["@127.0.0.1", "-p", tlsPort, "+tls", "web.example.org"]), /\(TLS\)/);
  });

  for (const zone of ["nsec.example", "nsec3.example"]) {
    it(`delv believes what ours answers of ${zone}, which was signed elsewhere: what is there, wildcards, and that nothing is there`, async (t) => {
      if (!requirePeer(t, "/usr/bin/delv", "bind9-dnsutils")) return;
      const anchor = join(zones, `${zone}.anchor`);
      await writeFile(anchor, await trustAnchorOf(zones, zone));
      const trust = ["@127.0.0.1", "-p", String(server.port), "-a", anchor, `+root=${zone}`];
      const delv = (name: string, type: string) =>
        run("delv", [...trust, name === "@" ? zone : `${name}.${zone}`, type]);
      const positive = /^; fully validated\n/;
      const negative = (kind: string) =>
        new RegExp(`^; negative response, fully validated\n[^]*^;; resolution failed: ncache ${kind}$`, "m");
      const wanted: readonly (readonly [string, string, RegExp])[] = [
        ["web", "A", positive],
        ["www", "A", positive],
        ["@", "SOA", positive],
        ["@", "DNSKEY", positive],
        ["x.wild", "A", positive],
        ["x.y.wild", "A", positive],
        ["toWild", "A", positive],
        ["dn", "DNAME", positive],
        ["secure", "DS", positive],
        ["nothere", "A", negative("nxdomain")],
        ["a.ent", "A", negative("nxdomain")],
        ["x.sub.wild", "A", negative("nxdomain")],
        ["web", "MX", negative("nxrrset")],
        ["ent", "A", negative("nxrrset")],
        ["x.wild", "MX", negative("nxrrset")],
        ["sub.wild", "AAAA", negative("nxrrset")],
        ["insecure", "DS", negative("nxrrset")],
        ["@", "CAA", negative("nxrrset")],
      ];
      await Promise.all(
        wanted.map(async ([name, type, pattern]) => assert.match(await delv(name, type), pattern, `${name} ${type}`)),
      );
    });
  }
});
