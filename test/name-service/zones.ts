import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ServedZoneFile } from "../peers/name-servers.ts";

const run = promisify(execFile);

/** Addresses in a row, as one RRset. */
function addresses(name: string, prefix: string, count: number): string {
  return Array.from({ length: count }, (_, index) => `${name} A ${prefix}.${index + 1}`).join("\n");
}

/**
 * Zones of everything that is hard to answer rightly: wildcards and what hides them, empty non-terminals, delegations with and without glue and with
 * names hidden below them, DNAME in and out of a zone, chains and circles of CNAMEs, labels of any octets, every type, RRsets that are too long for
 * UDP, a zone and its child on the same server, and reverse zones delegated by RFC 2317.
 */
export const plainZones: Readonly<Record<string, string>> = {
  "example.org": `
$TTL 3600
@ IN SOA ns1 hostmaster 2024010101 7200 3600 1209600 300
@ NS ns1
@ NS ns2.example.net.
@ A 192.0.2.80
@ MX 10 mail
@ MX 20 mail.example.net.
@ TXT "v=spf1 -all"
@ CAA 0 issue "ca.example.net"
ns1 A 192.0.2.1
ns1 AAAA 2001:db8::1
mail A 192.0.2.25
www CNAME web
web A 192.0.2.2
web A 192.0.2.3
web AAAA 2001:db8::2
a.b.c.ent A 192.0.2.4
chain1 CNAME chain2
chain2 CNAME chain3
chain3 CNAME web
loop1 CNAME loop2
loop2 CNAME loop1
self CNAME self
dangling CNAME nowhere
outside CNAME www.outside.example.
cross CNAME www.example.net.
tosub CNAME x.sub
tochild CNAME www.child
towild CNAME x.wild
*.wild A 192.0.2.5
*.wild TXT "wild"
*.wild MX 10 mail
sub.wild A 192.0.2.6
deep.sub2.wild A 192.0.2.7
*.wildc CNAME web
*.wildloop CNAME x.wildloop
a.*.inside A 192.0.2.8
*.*.twice A 192.0.2.9
sub NS ns1.sub
sub NS ns.elsewhere.example.
ns1.sub A 192.0.2.53
ns1.sub AAAA 2001:db8::53
occluded.sub A 192.0.2.99
sub DS 60485 8 2 2BB183AF5F22588179A53B0A98631FAD1A2921182BB183AF5F22588179A53B0A
insecure NS ns.example.net.
sibling NS ns1.sub
dn DNAME target.example.net.
dn A 192.0.2.10
dnin DNAME inner
dnchain DNAME dnin
x.inner A 192.0.2.11
inner A 192.0.2.12
_sip._tcp SRV 0 5 5060 sip
_sip._tcp SRV 1 5 5061 sip.example.net.
sip A 192.0.2.13
big TXT "${"x".repeat(200)}" "${"y".repeat(200)}" "${"z".repeat(200)}"
huge TXT "${"h".repeat(255)}"
${addresses("many", "198.51.100", 30)}
${addresses("toomany", "203.0.113", 95)}
a\\.b A 192.0.2.14
\\000\\255 TXT "octets"
quote\\"d TXT "a \\"quoted\\" \\\\ text"
UPPER A 192.0.2.15
${"l".repeat(63)}.${"m".repeat(63)}.${"n".repeat(63)} A 192.0.2.16
tlsa._tcp TLSA 3 1 1 D2ABDE240D7CD3EE6B4B28C54DF034B97983A1D16E8A410E4561CB106618E971
ssh SSHFP 4 2 123456789ABCDEF67890123456789ABCDEF67890123456789ABCDEF123456789
naptr NAPTR 100 50 "s" "http+I2L" "" _http._tcp
svc SVCB 1 web alpn=h2 port=8443
@ HTTPS 1 . alpn=h2,h3
unk TYPE65280 \\# 4 0A000001
hinfo HINFO "PC" "Linux"
ptr PTR web
empty TXT ""
`,
  "example.net": `
$TTL 600
@ SOA ns2 root.example.net. 7 1 1 1 60
@ NS ns2
@ NS ns1.example.org.
ns2 A 192.0.2.201
ns2 AAAA 2001:db8::201
ns A 192.0.2.202
www A 192.0.2.203
mail A 192.0.2.204
x.target A 192.0.2.205
*.target TXT "t"
target MX 0 .
back CNAME www.example.org.
`,
  "child.example.org": `
$TTL 60
@ SOA ns root 1 1 1 1 1
@ NS ns
ns A 192.0.2.220
www A 192.0.2.221
`,
  "2.0.192.in-addr.arpa": `
$TTL 60
@ SOA ns1.example.org. root.example.org. 1 1 1 1 1
@ NS ns1.example.org.
1 PTR ns1.example.org.
0/25 NS ns1.example.org.
129 CNAME 129.128/26
$ORIGIN 128/26.2.0.192.in-addr.arpa.
129 PTR web.example.org.
`,
};

/** To be signed: wildcards, empty non-terminals, a signed and an unsigned delegation, an alias. */
const zoneToSign = `
$TTL 300
@ SOA ns1 hostmaster 1 7200 3600 1209600 300
@ NS ns1
@ MX 10 mail
ns1 A 192.0.2.1
mail A 192.0.2.25
www CNAME web
web A 192.0.2.2
a.b.ent A 192.0.2.4
*.wild A 192.0.2.5
sub.wild A 192.0.2.6
toWild CNAME x.wild
dn DNAME web
secure NS ns1.secure
ns1.secure A 192.0.2.53
secure DS 60485 8 2 2BB183AF5F22588179A53B0A98631FAD1A2921182BB183AF5F22588179A53B0A
insecure NS ns1.insecure
ns1.insecure A 192.0.2.54
`;

/** Writes the zones, two of them signed by BIND's own programs (by NSEC and by NSEC3), to files below a directory. */
export async function writeZones(directory: string): Promise<readonly ServedZoneFile[]> {
  await mkdir(directory, { recursive: true });
  const written: ServedZoneFile[] = [];
  for (const [name, text] of Object.entries(plainZones)) {
    const file = join(directory, `${name}.zone`);
    await writeFile(file, text);
    written.push({ name, file });
  }
  written.push({ name: "nsec.example", file: await signZone(directory, "nsec.example", []) });
  written.push({ name: "nsec3.example", file: await signZone(directory, "nsec3.example", ["-3", "ab12", "-H", "0"]) });
  return written;
}

/** Signs the zone for a month; answers where it is. */
async function signZone(directory: string, name: string, options: readonly string[]): Promise<string> {
  const keys = join(directory, `${name}.keys`);
  await mkdir(keys);
  const file = join(keys, "zone");
  await writeFile(file, zoneToSign);
  const key = ["-q", "-K", keys, "-a", "ECDSAP256SHA256"];
  await run("dnssec-keygen", [...key, "-f", "KSK", name]);
  await run("dnssec-keygen", [...key, name]);
  const signed = join(directory, `${name}.zone`);
  await run("dnssec-signzone", ["-q", "-S", "-K", keys, "-d", keys, "-o", name, ...options, "-f", signed, file]);
  return signed;
}

/** The key to trust of a signed zone, as `delv` reads it (`trust-anchors`). */
export async function trustAnchorOf(directory: string, name: string): Promise<string> {
  const keys = join(directory, `${name}.keys`);
  for (const file of await readdir(keys)) {
    if (!file.endsWith(".key")) continue;
    const text = await readFile(join(keys, file), "utf8");
    const key = /DNSKEY (257 3 \d+) (.+)/.exec(text);
    if (key !== null) return `trust-anchors { "${name}." static-key ${key[1]} "${key[2]?.replaceAll(" ", "")}"; };\n`;
  }
  throw new Error(`${keys} has no key-signing key`);
}
