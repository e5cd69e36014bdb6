import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseName } from "../name/index.ts";
import { checkRecordData, formatRecordData, namesInRecordData, recordDataKey } from "./record-data.ts";
import { RecordDataError } from "./record-data-error.ts";
import { parseRecordText } from "./record-text.ts";
import { formatRecordType, parseRecordType, recordTypes } from "./record-type.ts";

const origin = parseName("example.org.");
const codeOf = (type: string) => parseRecordType(type) ?? assert.fail(type);

describe("record data", () => {
  // [type, as written, as it is written back]
  const cases: [type: string, text: string, formatted?: string][] = [
    ["A", "192.0.2.1"],
    ["AAAA", "2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
    ["AAAA", "::"],
    ["AAAA", "2001:0:0:1::", "2001:0:0:1::"],
    ["AAAA", "::ffff:192.0.2.1"],
    ["AAAA", "1:0:0:2:0:0:0:3", "1:0:0:2::3"],
    ["NS", "ns1", "ns1.example.org."],
    ["CNAME", "@", "example.org."],
    ["MX", "10 mail", "10 mail.example.org."],
    ["MX", "0 .", "0 ."],
    [
      "SOA",
      "ns1 hostmaster 2024010101 2h 1h30m 2w 300",
      "ns1.example.org. hostmaster.example.org. 2024010101 7200 5400 1209600 300",
    ],
    ["TXT", 'one "two three" "a;b" \\"q\\"', '"one" "two three" "a;b" "\\"q\\""'],
    ["TXT", '""', '""'],
    ["TXT", '"grün"', '"gr\\195\\188n"'],
    ["TXT", '"\\000\\255"', '"\\000\\255"'],
    ["SRV", "0 5 5060 sip", "0 5 5060 sip.example.org."],
    ["CAA", '0 issue "ca.example.net; policy=ev"', '0 issue "ca.example.net; policy=ev"'],
    ["DS", "60485 5 1 2BB183AF5F22588179A53B0A 98631FAD1A292118", "60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118"],
    ["DS", "1 ECDSAP256SHA256 2 AA", "1 13 2 AA"],
    [
      "TLSA",
      "3 1 1 d2abde240d7cd3ee6b4b28c54df034b97983a1d16e8a410e4561cb106618e971",
      "3 1 1 D2ABDE240D7CD3EE6B4B28C54DF034B97983A1D16E8A410E4561CB106618E971",
    ],
    [
      "SSHFP",
      "4 2 123456789abcdef67890123456789abcdef67890123456789abcdef123456789",
      "4 2 123456789ABCDEF67890123456789ABCDEF67890123456789ABCDEF123456789",
    ],
    ["NAPTR", '100 50 "s" "http+I2L" "" _http._tcp', '100 50 "s" "http+I2L" "" _http._tcp.example.org.'],
    [
      "NAPTR",
      '100 10 "u" "E2U+sip" "!^.*$!sip:info@example.org!" .',
      '100 10 "u" "E2U+sip" "!^.*$!sip:info@example.org!" .',
    ],
    ["DNAME", "other.example.", "other.example."],
    [
      "HTTPS",
      "1 . alpn=h2,h3 ipv4hint=192.0.2.1,192.0.2.2 port=443",
      '1 . alpn="h2,h3" port=443 ipv4hint=192.0.2.1,192.0.2.2',
    ],
    ["SVCB", '16 foo alpn="f\\\\\\\\oo\\\\,bar,h2"', '16 foo.example.org. alpn="f\\\\\\\\oo\\\\,bar,h2"'],
    [
      "SVCB",
      "1 foo mandatory=ipv4hint,alpn alpn=h2 ipv4hint=192.0.2.1 no-default-alpn key667=hello",
      '1 foo.example.org. mandatory=alpn,ipv4hint alpn="h2" no-default-alpn ipv4hint=192.0.2.1 key667="hello"',
    ],
    ["SVCB", '1 foo key667="hello\\210qoo"', '1 foo.example.org. key667="hello\\210qoo"'],
    ["SVCB", "0 alias.example.", "0 alias.example."],
    ["HINFO", "PC Linux", '"PC" "Linux"'],
    ["URI", '10 1 "https://example.org/a"', '10 1 "https://example.org/a"'],
    ["DNSKEY", "256 3 8 AwEAAaetidLz", "256 3 8 AwEAAaetidLz"],
    ["NSEC", "host A MX RRSIG NSEC TYPE1234", "host.example.org. A MX RRSIG NSEC TYPE1234"],
    [
      "NSEC3",
      "1 1 12 aabbccdd 2vptu5timamqttgl4luu9kg21e0aor3s A RRSIG",
      "1 1 12 AABBCCDD 2VPTU5TIMAMQTTGL4LUU9KG21E0AOR3S A RRSIG",
    ],
    ["NSEC3PARAM", "1 0 0 -"],
    [
      "RRSIG",
      "A 8 2 86400 20240101000000 20231201000000 12345 example.org. AAAA",
      "A 8 2 86400 20240101000000 20231201000000 12345 example.org. AAAA",
    ],
    ["EUI48", "00-00-5E-00-53-2A", "00-00-5e-00-53-2a"],
    ["LOC", "52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m"],
    ["LOC", "52 N 4 W 10m", "52 0 0.000 N 4 0 0.000 W 10.00m 1m 10000m 10m"],
    ["LOC", "52 22 S 4 53 w 10.5 3.55 0.05m 90000000m", "52 22 0.000 S 4 53 0.000 W 10.50m 3m 0.05m 90000000m"],
    ["LOC", "0 0 0.001 S 180 W 42849672.95m", "0 0 0.001 S 180 0 0.000 W 42849672.95m 1m 10000m 10m"],
    ["LOC", "\\# 2 0100"],
    ["APL", "1:192.168.32.0/21 !1:192.168.38.0/28 2:2001:db8::/32 1:0.0.0.0/0"],
    ["APL", ""],
    ["APL", "\\# 5 0009080101"],
    ["CERT", "PKIX 1 RSASHA256 AQID", "1 1 8 AQID"],
    ["NID", "10 0014:4FFF:ff20:ee64", "10 14:4fff:ff20:ee64"],
    ["L32", "10 10.1.2.0"],
    ["L64", "10 2001:0DB8:1140:1000", "10 2001:db8:1140:1000"],
    ["LP", "10 l64", "10 l64.example.org."],
    ["RT", "2 relay", "2 relay.example.org."],
    ["TYPE65280", "\\# 4 0A000001"],
    ["TYPE65280", "\\# 0"],
    ["A", "\\# 4 C0000201", "192.0.2.1"],
  ];
  for (const [type, text, formatted = text] of cases) {
    it(`reads ${type} ${text.slice(0, 60)}`, () => {
      const rdata = parseRecordText(codeOf(type), text, origin);
      checkRecordData(codeOf(type), rdata);
      assert.equal(formatRecordData(codeOf(type), rdata), formatted);
      assert.deepEqual(parseRecordText(codeOf(type), formatted), rdata, "what is written is read as the same");
    });
  }

  it("cuts a long text into strings of 255 octets", () => {
    const rdata = parseRecordText(recordTypes.TXT, `"${"k".repeat(300)}"`);
    assert.deepEqual([rdata.length, rdata.charCodeAt(0), rdata.charCodeAt(256)], [302, 255, 45]);
  });

  const refused: [type: string, text: string, message: RegExp][] = [
    ["A", "192.0.2.256", /^A: address is "192\.0\.2\.256"; expected an IPv4 address such as 192\.0\.2\.1$/],
    ["A", "192.000.2.1", /expected an IPv4 address/],
    ["A", "2001:db8::1", /this is for AAAA/],
    ["A", "", /^A has no address: expected an IPv4 address/],
    ["A", "192.0.2.1 192.0.2.2", /"192\.0\.2\.2" is left over/],
    ["AAAA", "192.0.2.1", /this is for A$/],
    ["AAAA", "fe80::1%eth0", /expected an IPv6 address/],
    ["MX", "mail.example.org.", /^MX: preference is "mail\.example\.org\."; expected a number from 0 to 65535$/],
    ["MX", "10 192.0.2.1", /expected a domain name, not an address/],
    ["MX", "70000 mail", /expected a number from 0 to 65535/],
    ["CNAME", "a..b", /CNAME: canonical name is "a\.\.b"; expected a domain name: .*empty label/],
    ["TXT", "", /TXT has no text/],
    ["TXT", '"open', /the record's data has a " without another one/],
    ["CAA", '0 is-sue "x"', /tag is "is-sue"; expected letters and digits/],
    ["DS", "1 8 2 ABC", /digest is "ABC"; expected pairs of hexadecimal digits/],
    ["TLSA", "3 1 1", /TLSA has no association data/],
    ["SOA", "ns1 host 1 2 3 4", /SOA has no minimum/],
    ["SVCB", "1 foo key65536=x", /parameters is "key65536"; expected a key/],
    ["SVCB", "1 foo alpn=h2 alpn=h3", /each key once/],
    ["SVCB", "1 foo mandatory=port", /keys that are there/],
    ["SVCB", "1 foo port=70000", /port is "70000"; expected a port from 0 to 65535/],
    ["LOC", "91 N 4 E 0m", /^LOC: latitude is "91 N"; expected degrees, minutes and seconds up to 90 degrees/],
    ["LOC", "52 60 N 4 E 0m", /latitude is "52 60 N"/],
    ["LOC", "52 22 23 4 53 32 E 0m", /latitude is "52 22 23 4"/],
    ["LOC", "52 N 4 E -100001m", /altitude is "-100001m"; expected metres from -100000 to 42849672.95/],
    ["LOC", "52 N", /LOC has no longitude/],
    ["APL", "1:192.0.2.0/33", /prefixes is "1:192\.0\.2\.0\/33"; expected prefixes such as/],
    ["L64", "10 2001:db8::", /expected four groups/],
    ["TYPE65280", "1.2.3.4", /TYPE65280 has no form of its own here: expected \\#/],
    ["A", "\\# 3 C00002", /ends 1 octets early/],
    ["A", "\\# 4 C00002", /expected 4 octets in hexadecimal/],
  ];
  for (const [type, text, message] of refused) {
    it(`refuses ${type} ${text}`, () => {
      assert.throws(
        () => parseRecordText(codeOf(type), text, origin),
        (error) => error instanceof RecordDataError && message.test(error.message),
      );
    });
  }

  it("formats any octets or throws a RecordDataError, and reads back what it wrote", () => {
    const types = fc.constantFrom(...Object.values(recordTypes), 65_280);
    fc.assert(
      fc.property(types, fc.uint8Array({ maxLength: 80 }), (type, octets) => {
        const rdata = Buffer.from(octets).toString("latin1");
        let text: string;
        try {
          text = formatRecordData(type, rdata);
        } catch (error) {
          assert.ok(error instanceof RecordDataError);
          return;
        }
        // What is not in its one form (an empty type bitmap's padding, say) is read as the same record written differently.
        const again = parseRecordText(type, text);
        assert.equal(formatRecordData(type, again), text);
      }),
      { numRuns: 2_000 },
    );
  });

  it("finds the names that messages may compress", () => {
    const mx = parseRecordText(recordTypes.MX, "10 mail.example.org.");
    assert.deepEqual(namesInRecordData(recordTypes.MX, mx), [
      { at: 2, name: parseName("mail.example.org."), isCompressible: true },
    ]);
    const srv = parseRecordText(recordTypes.SRV, "0 0 1 mail.example.org.");
    assert.equal(namesInRecordData(recordTypes.SRV, srv)[0]?.isCompressible, false);
  });

  it("has one key for data that differs in the case of names only", () => {
    const key = (type: string, text: string) => recordDataKey(codeOf(type), parseRecordText(codeOf(type), text));
    assert.equal(key("MX", "10 Mail.Example.org."), key("MX", "10 mail.example.org."));
    assert.notEqual(key("TXT", "A"), key("TXT", "a"));
  });

  it("knows types by mnemonic and by number", () => {
    assert.equal(parseRecordType("aaaa"), 28);
    assert.equal(parseRecordType("TYPE28"), 28);
    assert.equal(parseRecordType("TYPE65536"), undefined);
    assert.equal(parseRecordType("nonsense"), undefined);
    assert.equal(formatRecordType(65_280), "TYPE65280");
  });
});
