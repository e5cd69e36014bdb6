import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { InputError } from "../error/index.ts";
import { parsePropfind } from "./parse-propfind.ts";
import { xmlText } from "./xml-text.ts";

const declared = '<?xml version="1.0" encoding="utf-8"?>\n';

describe("the body of a PROPFIND", () => {
  it("asks for all, for names, or for some, as clients write it", () => {
    const cases: readonly [string, unknown][] = [
      ["", { kind: "all" }],
      ["  \n", { kind: "all" }],
      [`${declared}<D:propfind xmlns:D="DAV:"><D:allprop/></D:propfind>`, { kind: "all" }],
      [
        '<propfind xmlns="DAV:"><allprop></allprop><include><supported-live-property-set/></include></propfind>',
        { kind: "all" },
      ],
      ["<d:propfind xmlns:d='DAV:'><!-- all - of them --><d:propname/></d:propfind>", { kind: "names" }],
      [
        `\ufeff${declared}<d:propfind  xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns?a=1&amp;b=2"><d:prop>
          <d:getcontentlength /><oc:checksums/><plain/></d:prop></d:propfind>\n`,
        {
          kind: "some",
          names: [
            { namespace: "DAV:", name: "getcontentlength" },
            { namespace: "http://owncloud.org/ns?a=1&b=2", name: "checksums" },
            { namespace: "", name: "plain" },
          ],
        },
      ],
      [
        '<propfind xmlns="DAV:"><prop xmlns:R="u"><R:a><b/></R:a></prop></propfind>',
        { kind: "some", names: [{ namespace: "u", name: "a" }] },
      ],
    ];
    for (const [body, expected] of cases) assert.deepEqual(parsePropfind(body), expected, body);
  });

  it("with an entity, a document type, or what is no such XML, is refused", () => {
    for (const body of [
      '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><propfind xmlns="DAV:"><prop><a>&e;</a></prop></propfind>',
      '<propfind xmlns="DAV:&e;"><allprop/></propfind>',
      '<propfind xmlns="DAV:"><![CDATA[x]]></propfind>',
      '<propfind xmlns="DAV:">',
      '<propfind xmlns="DAV:"></prop>',
      "<propfind><allprop/></propfind>",
      '<x:propfind xmlns="DAV:"/>',
      '<propfind xmlns="DAV:"/><propfind xmlns="DAV:"/>',
      '<lockinfo xmlns="DAV:"/>',
      "{}",
      "<",
      '<propfind xmlns="DAV:"',
      '<propfind xmlns="DAV:" a=b/>',
      `<propfind xmlns="DAV:"><prop>${"<a/>".repeat(201)}</prop></propfind>`,
      '<propfind xmlns="DAV:">'.repeat(20),
      `<?${"x".repeat(60_000)}`,
      `<!--${"-".repeat(60_000)}`,
      `<propfind ${" ".repeat(60_000)}`,
    ]) {
      assert.throws(() => parsePropfind(body), InputError, body.slice(0, 60));
    }
  });

  it("of any kind is either understood or refused, at once", () => {
    const piece = fc.constantFrom(
      "<",
      ">",
      "/",
      "<?",
      "?>",
      "<!--",
      "-->",
      "&",
      '"',
      "a",
      ":",
      " ",
      "=",
      "propfind",
      'xmlns="DAV:"',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        try {
          parsePropfind(pieces.join(""));
        } catch (error) {
          assert.ok(error instanceof InputError, String(error));
        }
      }),
    );
  });
});

it("text for XML loses nothing and breaks nothing out of its place", () => {
  assert.equal(xmlText(`<a href="x">&'`), "&lt;a href=&quot;x&quot;&gt;&amp;&apos;");
  assert.equal(xmlText("a\u0000b\u0001\n\uffff\ud800é"), "a\\x00b\\x01\\x0a\\xef\\xbf\\xbf\ufffdé");
});
